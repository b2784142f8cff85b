#include "pipelines/capture/stillness.h"

#include <algorithm>
#include <cstring>

namespace vitrine {
namespace {

constexpr std::uint64_t multiplier = 0x9E3779B97F4A7C15ull;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * multiplier;
    return hash ^ (hash >> 29);
}

std::uint64_t sparse_hash(const ConstI420View& p) {
    std::uint64_t hash = multiplier;
    for (int row = 0; row < p.height; row += 8) {
        const std::uint8_t* line = p.y + static_cast<std::ptrdiff_t>(row) * p.stride_y;
        for (int column = 0; column < p.width; column += 8) hash = mixed(hash, line[column]);
    }
    return hash;
}

std::uint64_t whole_hash(const ConstI420View& p) {
    std::uint64_t lanes[4] = {1, 2, 3, 4};
    for (int row = 0; row < p.height; ++row) {
        const std::uint8_t* line = p.y + static_cast<std::ptrdiff_t>(row) * p.stride_y;
        int column = 0;
        for (; column + 32 <= p.width; column += 32) {
            std::uint64_t words[4];
            std::memcpy(words, line + column, sizeof words);
            for (int lane = 0; lane < 4; ++lane) lanes[lane] = mixed(lanes[lane], words[lane]);
        }
        for (; column < p.width; ++column) lanes[0] = mixed(lanes[0], line[column]);
    }
    return mixed(mixed(mixed(lanes[0], lanes[1]), lanes[2]), lanes[3]);
}

}  // namespace

bool RepeatDetector::repeats(const ConstI420View& picture) {
    const std::uint64_t sparse = sparse_hash(picture);
    const bool comparable = known_ && picture.width == width_ && picture.height == height_;
    const bool sparse_same = comparable && sparse == sparse_;
    known_ = true;
    sparse_ = sparse;
    width_ = picture.width;
    height_ = picture.height;
    if (!sparse_same) {
        whole_known_ = false;
        return false;
    }
    const std::uint64_t whole = whole_hash(picture);
    const bool same = !whole_known_ || whole == whole_;  // the first of a run is known by its fingerprint only
    whole_known_ = true;
    whole_ = whole;
    return same;
}

void Stillness::see(Nanoseconds now, bool repeated) {
    moves_ = repeated ? 0 : moves_ + 1;
    if (frozen_ && moves_ >= moves_to_thaw) {
        frozen_ = false;
        seen_.clear();
    }
    seen_.push_back({now, repeated});
    while (seen_.size() > judged && now - seen_.front().at > kept_for) seen_.pop_front();
    if (frozen_ || seen_.size() < fewest) return;  // what a frozen source does says nothing about how restless it is
    const std::size_t count = std::min(seen_.size(), judged);
    const auto repeats =
        std::count_if(seen_.end() - static_cast<std::ptrdiff_t>(count), seen_.end(), [](const Seen& s) { return s.repeated; });
    if (static_cast<std::size_t>(repeats) * 10 > count) return;
    was_restless_ = true;
    restless_at_ = now;
}

void Stillness::reconnected() {
    seen_.clear();
    moves_ = 0;
}

bool Stillness::frozen(Nanoseconds now, Nanoseconds limit) {
    if (frozen_ || !was_restless_ || now - restless_at_ > limit + restless_for || moves_ >= moves_to_thaw) return frozen_;
    if (seen_.empty() || seen_.front().at > now - limit) return false;  // not watched for so long yet
    std::size_t pictures = 0, repeats = 0;
    for (auto seen = seen_.rbegin(); seen != seen_.rend() && seen->at > now - limit; ++seen) {
        ++pictures;
        repeats += seen->repeated;
    }
    frozen_ = repeats > 3 && repeats * 5 >= pictures * 4;
    if (frozen_) moves_ = 0;
    return frozen_;
}

}  // namespace vitrine
