#pragma once
// The part of CBOR (RFC 8949) that scene frames need, for input that is not trusted: definite lengths only, nothing allocated before
// it is known to be there, nesting bounded. The first mistake makes the reader `bad` for good; every later call then returns a
// zero or empty value, so that callers may check once at the end. All reentrant.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vitrine::cbor {

class Writer {
  public:
    void unsigned_integer(std::uint64_t value) { head(0, value); }
    void integer(std::int64_t value);
    void text(std::string_view value);
    void array(std::size_t count) { head(4, count); }
    void map(std::size_t count) { head(5, count); }
    void float32(float value);
    /// The shortest of integer, float32 and float64 that holds exactly this value.
    void number(double value);
    void raw(const std::vector<std::uint8_t>& items) { bytes_.insert(bytes_.end(), items.begin(), items.end()); }
    const std::vector<std::uint8_t>& bytes() const { return bytes_; }
    std::vector<std::uint8_t> take() { return std::move(bytes_); }

  private:
    void head(unsigned major, std::uint64_t value);
    void big_endian(std::uint64_t value, int bytes);

    std::vector<std::uint8_t> bytes_;
};

/// How many bytes the head of an item with this count or value takes.
std::size_t head_size(std::uint64_t value);

class Reader {
  public:
    /// Containers and tags that may be open at once.
    static constexpr int deepest = 8;

    explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

    std::uint64_t unsigned_integer();
    std::int64_t integer();
    /// An integer or a finite float of any width.
    double number();
    std::string text();
    std::variant<double, std::string> number_or_text();
    /// A map's key: a whole number or a text.
    std::variant<std::int64_t, std::string> key();
    /// Opens an array or a map of at most `most` elements or pairs and gives their number; the caller reads them and then calls leave().
    std::size_t enter_array(std::size_t most);
    std::size_t enter_map(std::size_t most);
    void leave() { --depth_; }
    /// Passes over one item of any kind.
    void skip();

    bool at_end() const { return rest_.empty(); }
    bool bad() const { return !problem_.empty(); }
    void refuse(std::string_view why);
    const std::string& problem() const { return problem_; }
    /// Bytes read so far.
    std::size_t position() const { return position_; }

  private:
    struct Head {
        unsigned major = 0;
        unsigned info = 0;
        std::uint64_t value = 0;
    };
    Head head();
    unsigned peek_major() const { return rest_.empty() ? 8 : rest_.front() >> 5; }
    double float_of(const Head& head);
    std::string_view string_of(const Head& head);
    std::size_t enter(unsigned major, std::size_t most);
    bool deeper();

    std::span<const std::uint8_t> rest_;
    std::size_t position_ = 0;
    int depth_ = 0;
    std::string problem_;
};

}  // namespace vitrine::cbor
