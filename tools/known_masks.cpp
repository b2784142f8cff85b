#include "tools/known_masks.h"

#include <algorithm>

#include "engine/config_source.h"
#include "engine/new_show/answers.h"
#include "engine/source_url.h"
#include "overlays/show_stage.h"
#include "tools/announcement.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

enum class Likeness { other, same_device, same };

/// What names the device, and the stream of it.
struct Named {
    std::string device, stream;
};

Named named(const SourceSpec& source) {
    std::error_code error;
    if (source.scheme == "file" || source.scheme == "v4l2") {
        const fs::path real = fs::weakly_canonical(source.rest, error);
        return {source.scheme + ":" + (error ? source.rest : real.string()), ""};
    }
    if (source.scheme == "sim") return {"sim:" + source.rest.substr(0, source.rest.find('?')), ""};
    const std::string location = split_url(source.rest).location;
    const std::string rest = location.substr(std::min(location.find("://") + 3, location.size()));
    const auto end = std::min(rest.find_first_of("/?#"), rest.size());
    std::string host = rest.substr(0, end), stream = rest.substr(end);
    for (char& c : host) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    // Each port of an SRT relay is another sender; a camera may serve its streams at several.
    if (const auto colon = host.rfind(':');
        source.scheme != "srt" && colon != std::string::npos && host.find(']', colon) == std::string::npos) {
        stream = host.substr(colon) + stream;
        host.resize(colon);
    }
    if (source.scheme != "srt" && !stream.starts_with(':')) stream = (source.scheme == "rtsps" ? ":322" : ":554") + stream;
    return {host, stream};
}

Likeness likeness(const SourceSpec& a, const SourceSpec& b) {
    const Named one = named(a), other = named(b);
    if (one.device != other.device) return Likeness::other;
    return one.stream == other.stream ? Likeness::same : Likeness::same_device;
}

}  // namespace

KnownMasks::KnownMasks(std::vector<fs::path> shows) {
    std::error_code error;
    if (fs::exists("show.toml", error)) shows.emplace_back(fs::current_path(error));
    for (const Announcement& running : all_announced())
        if (fs::exists(running.folder / "show.toml", error)) shows.push_back(running.folder);
    std::sort(shows.begin(), shows.end());
    shows.erase(std::unique(shows.begin(), shows.end()), shows.end());
    for (const fs::path& folder : shows) {
        auto loaded = load_show(folder);
        if (!loaded.show)
            unread_ = true;
        else
            for (CameraConfig& camera : loaded.show->cameras)
                if (!camera.masks.empty()) cameras_.push_back(std::move(camera));
    }
}

tl::expected<VideoFramePtr, std::string> KnownMasks::masked(const VideoFramePtr& picture, const std::string& address,
                                                            const fs::path& base) const {
    if (unread_) return tl::unexpected<std::string>("trial.masks_unread");
    const auto written = new_show::camera_source(address, base);
    const auto source = written ? config::parse_camera_source(*written, config::ShowFolder(base)) : config::Judged<SourceSpec>();
    if (!written || !source) return tl::unexpected<std::string>("trial.masks_unread");
    std::vector<PrivacyMask> masks;
    for (const CameraConfig& camera : cameras_) {
        const Likeness like = likeness(camera.source, *source);
        if (like == Likeness::same_device) return tl::unexpected<std::string>("trial.masks_of_another_stream");
        if (like == Likeness::same) masks.insert(masks.end(), camera.masks.begin(), camera.masks.end());
    }
    if (masks.empty()) return picture;
    const auto copy = std::make_shared<VideoFrame>(picture->width(), picture->height());
    const ConstI420View from = picture->view();
    const I420View to = copy->view();
    for (int y = 0; y < to.height; ++y) std::copy_n(from.y + y * from.stride_y, to.width, to.y + y * to.stride_y);
    for (int y = 0; y < to.height / 2; ++y) {
        std::copy_n(from.u + y * from.stride_uv, to.width / 2, to.u + y * to.stride_uv);
        std::copy_n(from.v + y * from.stride_uv, to.width / 2, to.v + y * to.stride_uv);
    }
    const auto stage = make_show_stage(std::make_shared<const ShowConfig>());
    if (!stage->mask(to, masks)) return tl::unexpected<std::string>("trial.masks_failed");
    return copy;
}

}  // namespace vitrine
