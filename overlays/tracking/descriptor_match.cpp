#include "overlays/tracking/descriptor_match.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "overlays/tracking/descriptor_match.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace vitrine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

void count_bits(const std::uint32_t* HWY_RESTRICT from, const std::uint32_t* HWY_RESTRICT words, std::size_t stride,
                std::uint16_t* HWY_RESTRICT out) {
    const hn::ScalableTag<std::uint32_t> d;
    const hn::Rebind<std::uint16_t, decltype(d)> d16;
    for (std::size_t i = 0; i < stride; i += hn::Lanes(d)) {
        auto sum = hn::Zero(d);
        for (std::size_t w = 0; w < 8; ++w)
            sum = hn::Add(sum, hn::PopulationCount(hn::Xor(hn::Set(d, from[w]), hn::LoadU(d, words + w * stride + i))));
        hn::StoreU(hn::DemoteTo(d16, hn::BitCast(hn::RebindToSigned<decltype(d)>(), sum)), d16, out + i);
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace vitrine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine {

HWY_EXPORT(count_bits);

void DescriptorTable::assign(const std::vector<Descriptor>& all) {
    constexpr std::size_t lanes = 64;  // of the widest registers there are
    count_ = all.size();
    stride_ = (count_ + lanes - 1) / lanes * lanes;
    words_.assign(8 * stride_, 0);
    for (std::size_t i = 0; i < count_; ++i)
        for (std::size_t w = 0; w < 8; ++w) words_[w * stride_ + i] = all[i][w];
}

void DescriptorTable::distances(const Descriptor& from, std::vector<std::uint16_t>& out) const {
    out.resize(stride_);
    if (stride_ > 0) HWY_DYNAMIC_DISPATCH(count_bits)(from.data(), words_.data(), stride_, out.data());
    out.resize(count_);
}

}  // namespace vitrine
#endif
