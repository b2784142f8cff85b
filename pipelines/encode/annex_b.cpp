#include "pipelines/encode/annex_b.h"

namespace vitrine {

std::optional<NalReader::Code> NalReader::find(std::size_t from) const {
    // A start code is 00 00 01; looking at every third byte first skips most of a coded slice.
    for (std::size_t i = from + 2; i < stream_.size();) {
        const std::uint8_t byte = stream_[i];
        if (byte > 1) {
            i += 3;
        } else if (byte == 1) {
            if (stream_[i - 1] == 0 && stream_[i - 2] == 0) {
                const std::size_t start = i >= from + 3 && stream_[i - 3] == 0 ? i - 3 : i - 2;
                return Code{start, i + 1};
            }
            i += 3;
        } else {
            ++i;
        }
    }
    return std::nullopt;
}

std::optional<Nal> NalReader::next() {
    if (!next_) return std::nullopt;
    const Code code = *next_;
    next_ = find(code.body);
    std::size_t end = next_ ? next_->start : stream_.size();
    while (end > code.body && stream_[end - 1] == 0) --end;
    return Nal{code.start, stream_.subspan(code.body, end - code.body)};
}

}  // namespace vitrine
