#include "engine/config.h"

#include <algorithm>
#include <cmath>

#include "engine/config_source.h"
#include "engine/source_url.h"

namespace vitrine {

const std::string& LocalText::in(const std::string& language, const std::string& fallback) const {
    static const std::string nothing;
    for (const auto& wanted : {language, fallback, std::string("en")})
        if (const auto it = by_language.find(wanted); it != by_language.end()) return it->second;
    return by_language.empty() ? nothing : by_language.begin()->second;
}

std::string_view to_string(MaskFill fill) {
    static constexpr std::string_view names[] = {"solid", "mosaic", "blur"};
    return names[static_cast<std::size_t>(fill)];
}

std::optional<MaskFill> mask_fill_named(std::string_view name) {
    for (const MaskFill fill : {MaskFill::solid, MaskFill::mosaic, MaskFill::blur})
        if (to_string(fill) == name) return fill;
    return std::nullopt;
}

std::string Problem::text() const {
    std::string out = file;
    if (line > 0) out += (out.empty() ? "line " : ":") + std::to_string(line);
    if (!out.empty()) out += ": ";
    if (!key.empty()) out += key + ": ";
    out += what;
    if (!hint.empty()) out += " – " + hint;
    return out;
}

std::string SourceSpec::text() const {
    if (scheme == "rtsp" || scheme == "rtsps" || scheme == "srt") return shown_address(rest);
    return rest.empty() ? scheme : scheme + ":" + rest;
}

double DimensionConfig::length_mm() const { return std::hypot(to_mm[0] - from_mm[0], to_mm[1] - from_mm[1], to_mm[2] - from_mm[2]); }

std::array<std::array<double, 3>, 2> DimensionConfig::line_mm() const {
    const double dx = to_mm[0] - from_mm[0], dy = to_mm[1] - from_mm[1], run = std::hypot(dx, dy);
    const bool upright = run < 1e-9 * length_mm() || run == 0;
    const double x = upright ? offset_mm : offset_mm * dy / run, y = upright ? 0 : -offset_mm * dx / run;
    return {{{from_mm[0] + x, from_mm[1] + y, from_mm[2]}, {to_mm[0] + x, to_mm[1] + y, to_mm[2]}}};
}

int DimensionConfig::decimals() const {
    const auto needed = [](double value, int most) {
        double unit = 1;
        int n = 0;
        for (; n < most && std::abs(value * unit - std::round(value * unit)) > 1e-6 * unit; ++n) unit *= 10;
        return n;
    };
    return tolerance_mm ? needed(*tolerance_mm, 3) : needed(std::round(length_mm() * 10) / 10, 1);
}

namespace {

template <class T>
const T* by_id(const std::vector<T>& all, const std::string& id) {
    const auto it = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.id == id; });
    return it == all.end() ? nullptr : &*it;
}

}  // namespace

const CameraConfig* ShowConfig::camera(const std::string& id) const { return by_id(cameras, id); }
const SceneConfig* ShowConfig::scene(const std::string& id) const { return by_id(scenes, id); }
const SpeakerConfig* ShowConfig::speaker(const std::string& id) const { return by_id(speakers, id); }
const ProductConfig* ShowConfig::product(const std::string& id) const { return by_id(products, id); }

std::vector<const CameraConfig*> uncalibrated_cameras(const ShowConfig& show) {
    std::vector<const CameraConfig*> out;
    if (std::none_of(show.products.begin(), show.products.end(), [](const ProductConfig& p) { return p.target.has_value(); })) return out;
    for (const CameraConfig& camera : show.cameras)
        if (!camera.calibration && camera.source.scheme != "sim") out.push_back(&camera);
    return out;
}

std::vector<Problem> judge_listen(const ShowConfig& show) {
    std::vector<Problem> problems;
    if (show.listen_port < 0 || show.listen_port > 65535)
        problems.push_back({"", 0, "--port", "is " + std::to_string(show.listen_port), "0 to 65535; 0 picks a free one"});
    auto address = config::parse_address(show.listen_address);
    if (!address) {
        problems.push_back({"", 0, "--listen", address.error().what, address.error().hint});
    } else if (auto open = config::judge_open_address(*address, show.tls.has_value(), show.behind_proxy); !open) {
        problems.push_back({"", 0, "--listen", open.error().what, open.error().hint});
    }
    return problems;
}

}  // namespace vitrine
