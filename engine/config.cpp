#include "engine/config.h"

#include <algorithm>

#include "engine/config_source.h"

namespace vitrine {

const std::string& LocalText::in(const std::string& language, const std::string& fallback) const {
    static const std::string nothing;
    for (const auto& wanted : {language, fallback, std::string("en")})
        if (const auto it = by_language.find(wanted); it != by_language.end()) return it->second;
    return by_language.empty() ? nothing : by_language.begin()->second;
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
    if (scheme == "rtsp" || scheme == "rtsps" || scheme == "srt") return config::redacted_url(rest);
    return rest.empty() ? scheme : scheme + ":" + rest;
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
const ProductConfig* ShowConfig::product(const std::string& id) const { return by_id(products, id); }

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
