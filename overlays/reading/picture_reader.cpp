#include "overlays/reading/picture_reader.h"

namespace vitrine {

Result<Picture> read_picture(const std::filesystem::path& file, const PictureLimits& limits, ReaderUsage* usage) {
    ReaderJob job{{"picture", std::to_string(limits.side), std::to_string(limits.pixels)},
                  limits.file_bytes,
                  limits.child_bytes,
                  limits.deadline,
                  "an image"};
    Picture picture;
    const auto take = [&](WireReader& in) {
        picture.width = in.number<std::int32_t>();
        picture.height = in.number<std::int32_t>();
        if (picture.width < 1 || picture.height < 1 || picture.width > limits.side || picture.height > limits.side) return false;
        const std::uint64_t bytes =
            std::uint64_t{4} * static_cast<std::uint64_t>(picture.width) * static_cast<std::uint64_t>(picture.height);
        if (bytes > limits.pixels * 4) return false;
        picture.rgba = in.array<std::uint8_t>(bytes);
        return picture.rgba.size() == bytes;
    };
    if (auto read = run_reader(file, job, take, usage); !read) return tl::unexpected(read.error());
    return picture;
}

}  // namespace vitrine
