#pragma once
// How far one binary descriptor is from each of many, in bits. SIMD chosen at run time.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vitrine {

using Descriptor = std::array<std::uint32_t, 8>;  ///< 256 bits

/// Many descriptors, word by word, so that neighbouring lanes hold neighbouring descriptors.
class DescriptorTable {
  public:
    void assign(const std::vector<Descriptor>& all);
    std::size_t size() const { return count_; }
    /// Reentrant. `out` is resized to size(): 0 … 256 each.
    void distances(const Descriptor& from, std::vector<std::uint16_t>& out) const;

  private:
    std::size_t count_ = 0, stride_ = 0;
    std::vector<std::uint32_t> words_;  ///< 8 rows of stride_
};

}  // namespace vitrine
