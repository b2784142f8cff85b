#include "pipelines/capture/codec_names.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace vitrine {

std::string codec_name(std::string_view caps) {
    const std::string_view type = caps.substr(0, caps.find_first_of(", ;"));
    std::string name(type);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto is = [&](std::initializer_list<std::string_view> names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    const auto version = [&](std::string_view key) { return caps.find(key) != std::string_view::npos; };
    if (is({"video/x-h264", "h264"})) return "H.264";
    if (is({"video/x-h265", "h265"})) return "H.265";
    if (is({"image/jpeg", "jpeg"})) return "Motion JPEG";
    if (is({"video/x-vp8", "vp8"})) return "VP8";
    if (is({"video/x-vp9", "vp9"})) return "VP9";
    if (is({"video/x-av1", "av1"})) return "AV1";
    if (is({"video/mpeg", "mp4v-es", "mpv"}))
        return version("mpegversion=(int)4") || name == "mp4v-es" ? "MPEG-4" : version("systemstream=(boolean)true") ? "" : "MPEG-2";
    if (is({"audio/mpeg"})) return version("mpegversion=(int)1") ? "MP3" : "AAC";
    if (is({"mpeg4-generic", "mp4a-latm"})) return "AAC";
    if (is({"mpa"})) return "MP3";
    if (is({"audio/x-opus", "opus"})) return "Opus";
    if (is({"audio/x-vorbis"})) return "Vorbis";
    if (is({"audio/x-alaw", "audio/x-mulaw", "pcma", "pcmu"})) return "G.711";
    if (is({"g726-32", "g726-16", "audio/x-adpcm"})) return "G.726";
    if (is({"audio/x-flac"})) return "FLAC";
    return {};
}

}  // namespace vitrine
