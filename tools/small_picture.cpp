#include "tools/small_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "engine/printable.h"
#include "engine/private_files.h"
#include "overlays/reading/picture_reader.h"
#include "pipelines/source_trial.h"

namespace vitrine {
namespace {

/// BT.709 at studio range, the colours of the program; transparent parts on white.
std::unique_ptr<const VideoFrame> frame_of(const Picture& picture) {
    const int step = std::max(1, picture.width / (2 * small_width));
    auto frame = std::make_unique<VideoFrame>(std::max(2, picture.width / step), std::max(2, picture.height / step));
    const I420View to = frame->view();
    const auto rgb = [&](int x, int y) {
        const std::size_t at =
            4 * (static_cast<std::size_t>(std::min(y * step, picture.height - 1)) * picture.width + std::min(x * step, picture.width - 1));
        const double alpha = picture.rgba[at + 3] / 255.0;
        std::array<double, 3> out{};
        for (std::size_t i = 0; i < 3; ++i) out[i] = picture.rgba[at + i] * alpha + 255 * (1 - alpha);
        return out;
    };
    const auto byte = [](double value) { return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L)); };
    for (int y = 0; y < to.height; y += 2)
        for (int x = 0; x < to.width; x += 2) {
            std::array<double, 3> mean{};
            for (const auto& [dx, dy] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}}) {
                const auto [r, g, b] = rgb(x + dx, y + dy);
                to.y[(y + dy) * to.stride_y + x + dx] = byte(16 + 219.0 / 255 * (0.2126 * r + 0.7152 * g + 0.0722 * b));
                mean[0] += r / 4, mean[1] += g / 4, mean[2] += b / 4;
            }
            const double luma = 0.2126 * mean[0] + 0.7152 * mean[1] + 0.0722 * mean[2];
            to.u[y / 2 * to.stride_uv + x / 2] = byte(128 + 224.0 / 255 * (mean[2] - luma) / 1.8556);
            to.v[y / 2 * to.stride_uv + x / 2] = byte(128 + 224.0 / 255 * (mean[0] - luma) / 1.5748);
        }
    return frame;
}

}  // namespace

Result<void> write_small_picture(const ConstI420View& picture, const std::filesystem::path& file) {
    auto jpeg = small_jpeg(picture, small_width);
    if (!jpeg) return tl::unexpected(jpeg.error());
    if (!write_private_file(file, *jpeg)) return fail("The picture " + printable(file.string()) + " could not be written.");
    return {};
}

Result<void> write_small_picture(const std::filesystem::path& picture, const std::filesystem::path& file) {
    const auto read = read_picture(picture);
    if (!read) return tl::unexpected(read.error());
    return write_small_picture(frame_of(*read)->view(), file);
}

}  // namespace vitrine
