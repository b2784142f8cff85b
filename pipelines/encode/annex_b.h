#pragma once
// NAL units of an Annex B byte stream (ITU-T H.264 Annex B), without copying.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace vitrine {

enum NalType : int { nal_slice = 1, nal_idr = 5, nal_sei = 6, nal_sps = 7, nal_pps = 8, nal_aud = 9 };

/// One NAL unit. `start` is where its start code begins (the leading zero of a 4-byte one included); `body` begins with the NAL
/// header and ends before the next start code, without trailing zeros.
struct Nal {
    std::size_t start = 0;
    std::span<const std::uint8_t> body;
    int type() const { return body.empty() ? -1 : body[0] & 0x1f; }
    bool is_slice() const { return type() >= nal_slice && type() <= nal_idr; }
};

/// Walks a byte stream from front to back; bytes before the first start code are skipped.
class NalReader {
  public:
    explicit NalReader(std::span<const std::uint8_t> stream) : stream_(stream), next_(find(0)) {}
    std::optional<Nal> next();

  private:
    struct Code {
        std::size_t start, body;
    };
    std::optional<Code> find(std::size_t from) const;

    std::span<const std::uint8_t> stream_;
    std::optional<Code> next_;
};

}  // namespace vitrine
