#include "pipelines/deliver/web/json_views.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace vitrine::web {

namespace {

using Json = nlohmann::ordered_json;

Json texts(const LocalText& text) {
    Json result = Json::object();
    for (const auto& [language, words] : text.by_language) result[language] = words;
    return result;
}

Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

double seconds(Nanoseconds ns) { return static_cast<double>(ns) / 1e9; }

std::string_view layout_name(Layout layout) {
    switch (layout) {
        case Layout::pip:
            return "pip";
        case Layout::side_by_side:
            return "side-by-side";
        case Layout::grid:
            return "grid";
        default:
            return "full";
    }
}

std::string_view chat_mode(ChatMode mode) {
    static constexpr std::string_view names[] = {"open", "moderated", "off"};
    return names[static_cast<std::size_t>(mode)];
}

std::string ice_url(std::string url) {
    if (const auto slashes = url.find("://"); slashes != std::string::npos) url.erase(slashes + 1, 2);
    return url;
}

Json point(const std::array<double, 3>& mm) { return Json::array({finite(mm[0]), finite(mm[1]), finite(mm[2])}); }

/// Each kind has the members it needs and no others.
Json badge_view(const ProductConfig& product, const BadgeConfig& badge) {
    static constexpr const char* kinds[] = {"certificate", "energy", "carbon"};
    Json view{{"id", badge.id},
              {"kind", kinds[static_cast<std::size_t>(badge.kind)]},
              {"label", badge.label ? texts(*badge.label) : Json(nullptr)},
              {"scheme", badge.scheme}};
    if (badge.kind == BadgeKind::certificate) {
        view["text"] = badge.text;
        view["image"] = badge.image ? Json("/media/" + product.id + "/" + badge.id) : Json(nullptr);
    }
    if (badge.kind == BadgeKind::energy) view["grade"] = std::string(1, badge.grade);
    if (badge.kind == BadgeKind::carbon) {
        view["value"] = finite(badge.value);
        view["unit"] = badge.unit;
    }
    return view;
}

/// Where the model is fetched and how it lies in the target's frame; null for a product whose model is not in `models`.
Json model_view(const ProductConfig& product, const ModelSizes& models) {
    const auto found = models.find(product.id);
    if (found == models.end()) return nullptr;
    return {{"url", "/api/models/" + product.id},
            {"bytes", found->second},
            {"at", point(product.model_at_mm)},
            {"turn", point(product.model_turn_deg)},
            {"scale", finite(product.model_scale)}};
}

Json models_view(const Snapshot& snapshot) {
    Json models = Json::object();
    for (const auto& [product, state] : snapshot.models) {
        const auto facts = snapshot.model_facts.find(product);
        const bool known = facts != snapshot.model_facts.end();
        models[product] = {{"shown", state.shown},
                           {"variant", state.variant},
                           {"explode", finite(state.explode)},
                           {"x_ray", state.x_ray},
                           {"section", state.section ? finite(*state.section) : Json(nullptr)},
                           {"variants", known ? Json(facts->second.variants) : Json::array()},
                           {"usable", known ? Json(facts->second.problem.empty()) : Json(nullptr)}};
    }
    return models;
}

/// How the product is packed; null when nothing is said.
Json packing_view(const ProductConfig& product) {
    if (!product.packing) return nullptr;
    const PackingConfig& packing = *product.packing;
    return {{"pieces", packing.pieces},
            {"carton_mm", point(packing.carton_mm)},
            {"gross_kg", finite(packing.gross_kg)},
            {"net_kg", finite(packing.net_kg)},
            {"note", packing.note ? texts(*packing.note) : Json(nullptr)}};
}

Json product_view(const ProductConfig& product, const ModelSizes& models, const std::optional<std::string>& group) {
    Json specs = Json::array(), callouts = Json::array(), dimensions = Json::array(), badges = Json::array(), prices = Json::array();
    for (const Spec& spec : product.specs)
        specs.push_back({{"key", spec.key}, {"label", texts(spec.label)}, {"value", spec.value}, {"unit", spec.unit}});
    for (const CalloutConfig& callout : product.callouts)
        callouts.push_back({{"id", callout.id}, {"at", point(callout.at_mm)}, {"text", texts(callout.text)}, {"spec", callout.spec}});
    for (const DimensionConfig& dimension : product.dimensions) {
        const auto line = dimension.line_mm();
        dimensions.push_back({{"id", dimension.id},
                              {"from", point(dimension.from_mm)},
                              {"to", point(dimension.to_mm)},
                              {"line_from", point(line[0])},
                              {"line_to", point(line[1])},
                              {"length_mm", finite(dimension.length_mm())},
                              {"decimals", dimension.decimals()},
                              {"tolerance_mm", dimension.tolerance_mm ? finite(*dimension.tolerance_mm) : Json(nullptr)},
                              {"text", dimension.text ? texts(*dimension.text) : Json(nullptr)}});
    }
    for (const BadgeConfig& badge : product.badges) badges.push_back(badge_view(product, badge));
    const bool own = group && !group->empty() &&
                     std::any_of(product.prices.begin(), product.prices.end(), [&](const PriceTier& tier) { return tier.group == *group; });
    for (const PriceTier& tier : product.prices) {
        if (group && tier.group != (own ? *group : std::string())) continue;
        Json price{{"min", tier.min}, {"unit", finite(tier.unit)}, {"currency", tier.currency}};
        if (!group) price["group"] = tier.group;
        prices.push_back(std::move(price));
    }
    return {{"id", product.id},
            {"name", texts(product.name)},
            {"description", product.description ? texts(*product.description) : Json(nullptr)},
            {"image", product.image ? Json("/media/" + product.id) : Json(nullptr)},
            {"model", model_view(product, models)},
            {"width_mm", finite(product.target ? product.target->width_mm : 0)},
            {"height_mm", finite(product.target ? product.target->height_mm : 0)},
            {"lead_time", product.lead_time ? texts(*product.lead_time) : Json(nullptr)},
            {"hs_code", product.hs_code},
            {"incoterm", product.incoterm},
            {"specs", std::move(specs)},
            {"callouts", std::move(callouts)},
            {"dimensions", std::move(dimensions)},
            {"badges", std::move(badges)},
            {"prices", std::move(prices)},
            {"moq_negotiable", product.moq_negotiable},
            {"certificates", product.certificates},
            {"packing", packing_view(product)}};
}

Json masks_view(const std::vector<PrivacyMask>& masks) {
    Json view = Json::array();
    for (const PrivacyMask& mask : masks) view.push_back({{"polygon", mask.polygon}, {"fill", to_string(mask.fill)}});
    return view;
}

/// A line is a point.
Json points_view(const LocalText& points) {
    Json view = Json::object();
    for (const auto& [language, words] : points.by_language) {
        Json lines = Json::array();
        for (std::size_t at = 0; at < words.size();) {
            const std::size_t end = std::min(words.find('\n', at), words.size());
            if (end > at) lines.push_back(words.substr(at, end - at));
            at = end + 1;
        }
        view[language] = std::move(lines);
    }
    return view;
}

Json rundown_view(const ShowConfig& show) {
    Json view = Json::array();
    for (const RundownEntry& stop : show.rundown)
        view.push_back({{"product", stop.product},
                        {"minutes", finite(stop.minutes)},
                        {"points", stop.points ? points_view(*stop.points) : Json::object()}});
    return view;
}

/// What the presenter and their helpers work with.
void add_staff_parts(Json& document, const ShowConfig& show) {
    Json scenes = Json::array(), templates = Json::array();
    for (const SceneConfig& scene : show.scenes)
        scenes.push_back(
            {{"id", scene.id}, {"name", texts(scene.name)}, {"layout", layout_name(scene.layout)}, {"cameras", scene.cameras}});
    for (const TemplateConfig& one : show.templates) templates.push_back({{"id", one.id}, {"text", texts(one.text)}});
    document["scenes"] = std::move(scenes);
    document["templates"] = std::move(templates);
}

/// `group`: whose prices; nothing: every tier, each with its group.
Json show_view(const ShowConfig& show, const ModelSizes& models, const std::optional<std::string>& group, std::uint64_t edition) {
    Json cameras = Json::array(), speakers = Json::array(), products = Json::array(), ice = Json::array();
    for (const CameraConfig& camera : show.cameras) cameras.push_back({{"id", camera.id}, {"name", texts(camera.name)}});
    for (const ProductConfig& product : show.products) products.push_back(product_view(product, models, group));
    for (const SpeakerConfig& speaker : show.speakers)
        speakers.push_back({{"id", speaker.id},
                            {"name", texts(speaker.name)},
                            {"role", speaker.role ? texts(*speaker.role) : Json(nullptr)},
                            {"language", speaker.language}});
    for (const std::string& server : show.stun_servers) ice.push_back({{"urls", ice_url(server)}});
    return {
        {"edition", edition},
        {"title", texts(show.title)},
        {"factory", texts(show.brand.factory)},
        {"languages", show.languages},
        {"accent", show.brand.accent},
        {"program", {{"width", show.program.width}, {"height", show.program.height}, {"fps", show.program.fps}}},
        {"ice_servers", std::move(ice)},
        {"cameras", std::move(cameras)},
        {"speakers", std::move(speakers)},
        {"products", std::move(products)},
        {"chat", chat_mode(show.desk.chat)},
        {"starts_at_us", show.starts_at_us > 0 ? Json(show.starts_at_us) : Json(nullptr)},
        {"rates", show.rates ? Json{{"date", show.rates->date}, {"base", show.rates->base}, {"rates", show.rates->rates}} : Json(nullptr)}};
}

/// Deepest nesting of brackets outside strings.
int depth_of(std::string_view text) {
    int depth = 0, deepest = 0;
    bool quoted = false, escaped = false;
    for (const char c : text) {
        if (quoted) {
            if (escaped)
                escaped = false;
            else if (c == '\\')
                escaped = true;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            deepest = std::max(deepest, ++depth);
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return deepest;
}

}  // namespace

std::string write_json(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string show_document(const ShowConfig& show, const ModelSizes& models, std::uint64_t edition) {
    return write_json(show_view(show, models, std::string(), edition));
}

std::string buyer_show_document(const ShowConfig& show, const ModelSizes& models, const DocumentReader& reader) {
    Json document = show_view(show, models, reader.group, reader.edition);
    document["translation"] = reader.translates;
    document["replay"] = Json::parse(reader.replay);
    if (reader.staff) add_staff_parts(document, show);
    return write_json(document);
}

std::string control_show_document(const ShowConfig& show, const ModelSizes& models, const std::string& preview_name,
                                  const std::string& buyer_url, std::uint64_t edition) {
    Json document = show_view(show, models, std::nullopt, edition);
    add_staff_parts(document, show);
    document["rundown"] = rundown_view(show);
    for (std::size_t i = 0; i < show.cameras.size(); ++i) document["cameras"][i]["kind"] = show.cameras[i].source.scheme;
    document["preview"] = preview_name;
    document["buyer_url"] = buyer_url;
    return write_json(document);
}

namespace {

/// What people are told of being recorded. "on" also while the disk is full: it begins again by itself at any moment.
const char* recording_word(const Snapshot& snapshot) {
    if (snapshot.recording.since > 0) return "on";
    if (!snapshot.recording.wanted || snapshot.session == SessionState::ended) return "off";
    return snapshot.session == SessionState::live || snapshot.session == SessionState::paused ? "on" : "planned";
}

}  // namespace

BuyerSnapshot buyer_snapshot(const Snapshot& snapshot, std::int64_t utc_us) {
    Json what;
    what["type"] = "snapshot";
    what["session"] = to_string(snapshot.session);
    what["safe"] = snapshot.safe;
    what["edition"] = snapshot.edition;
    what["scene"] = snapshot.scene;
    what["pinned"] = snapshot.pinned;
    what["card"] = snapshot.card_visible;
    what["badges"] = snapshot.badges_visible;
    what["specs"] = snapshot.specs_visible;
    what["lower_third"] = snapshot.speaker;
    what["chapter"] = snapshot.chapters.empty() ? 0 : snapshot.chapters.back().number;
    what["chapter_title"] = snapshot.chapters.empty() ? std::string() : snapshot.chapters.back().title;
    what["hidden_callouts"] = snapshot.hidden_callouts;
    what["models"] = models_view(snapshot);
    Json cameras = Json::array();
    for (const auto& [id, status] : snapshot.cameras) cameras.push_back({{"id", id}, {"state", to_string(status.state)}});
    what["cameras"] = std::move(cameras);
    what["ticker"] = snapshot.ticker;
    what["recording"] = recording_word(snapshot);
    what["viewers"] = snapshot.buyers;
    BuyerSnapshot result;
    result.what = write_json(what);
    what["version"] = snapshot.version;
    what["time_us"] = utc_us;
    result.text = write_json(what);
    return result;
}

std::string control_snapshot(const Snapshot& snapshot, Nanoseconds now) {
    Json view;
    view["version"] = snapshot.version;
    view["session"] = to_string(snapshot.session);
    view["safe"] = snapshot.safe;
    view["edition"] = snapshot.edition;
    view["live_s"] = seconds(snapshot.on_air_for(now));
    view["scene"] = snapshot.scene;
    view["transition"] = {{"from", snapshot.transition.from}, {"duration_ms", snapshot.transition.duration / 1'000'000}};
    view["pinned"] = snapshot.pinned;
    view["pinned_s"] =
        snapshot.pinned_since > 0
            ? seconds(std::max(snapshot.pinned_since, snapshot.ended_at > 0 ? snapshot.ended_at : now) - snapshot.pinned_since)
            : 0.0;
    view["rundown_at"] = snapshot.rundown_at;
    view["card"] = snapshot.card_visible;
    view["badges"] = snapshot.badges_visible;
    view["specs"] = snapshot.specs_visible;
    view["lower_third"] = snapshot.speaker;
    view["muted"] = snapshot.muted;
    view["ticker"] = snapshot.ticker;
    view["hidden_callouts"] = snapshot.hidden_callouts;
    view["models"] = models_view(snapshot);
    Json chapters = Json::array();
    for (const Chapter& chapter : snapshot.chapters) {
        const double at = chapter.at > 0 && snapshot.live_since > 0 ? seconds(chapter.at - snapshot.live_since) : 0.0;
        chapters.push_back({{"number", chapter.number}, {"title", chapter.title}, {"at_s", at}});
    }
    view["chapters"] = std::move(chapters);
    Json cameras = Json::object();
    for (const auto& [id, status] : snapshot.cameras) {
        const CameraConfig* camera = snapshot.show ? snapshot.show->camera(id) : nullptr;
        cameras[id] = {
            {"state", to_string(status.state)}, {"detail", status.detail}, {"fps", finite(status.fps)}, {"width", status.width},
            {"height", status.height},          {"frames", status.frames}, {"dropped", status.dropped}, {"reconnects", status.reconnects}};
        cameras[id]["masks"] = camera ? masks_view(camera->masks) : Json::array();
    }
    view["cameras"] = std::move(cameras);
    Json outputs = Json::array();
    for (const OutputStatus& output : snapshot.outputs)
        outputs.push_back({{"kind", output.kind},
                           {"name", output.name},
                           {"state", output.state},
                           {"frames", output.frames},
                           {"dropped", output.dropped},
                           {"bytes", output.bytes},
                           {"bitrate_kbps", finite(output.bitrate_kbps)}});
    view["outputs"] = std::move(outputs);
    view["buyers"] = snapshot.buyers;
    view["audio_peak_db"] = finite(snapshot.audio_peak_db);
    Json sounds = Json::object();
    for (const auto& [source, status] : snapshot.sounds)
        sounds[source] = {{"muted", status.muted}, {"gain_db", finite(status.gain_db)}, {"peak_db", finite(status.peak_db)}};
    view["sounds"] = std::move(sounds);
    const RecordingStatus& recording = snapshot.recording;
    view["recording"] = {{"on", recording.wanted},
                         {"writing", recording.since > 0},
                         {"seconds", recording.since > 0 ? seconds(now - recording.since) : 0.0},
                         {"bytes", recording.bytes},
                         {"minutes_left", recording.minutes_left >= 0 ? finite(recording.minutes_left) : Json(nullptr)},
                         {"folder", recording.folder},
                         {"problem", recording.problem}};
    view["notices"] = snapshot.notices;
    view["log"] = snapshot.log->empty() ? 0 : snapshot.log->back().number;
    return write_json(view);
}

std::string control_log(const Snapshot& snapshot) {
    Json lines = Json::array();
    for (const LogLine& line : *snapshot.log) {
        Json text, by;
        for (const char* language : {"en", "zh"}) {
            if (line.key.empty() && std::string_view(language) != "en") continue;  // what came as a sentence is English
            text[language] = words_of(line, *snapshot.show, language);
            by[language] = words_of(line.by, language);
        }
        lines.push_back({{"number", line.number}, {"at_us", line.at_us}, {"key", line.key}, {"text", text}});
        if (line.by.kind != Doer::Kind::show) lines.back()["by"] = by;
    }
    return write_json({{"lines", std::move(lines)}});
}

std::string preflight_document(const Snapshot& snapshot, const PreflightFacts& facts) {
    Json findings = Json::array();
    Finding::Level worst = Finding::Level::ok;
    for (const Finding& finding : preflight(snapshot, facts)) {
        const auto both = [&](const std::string& key) {
            return Json{{"en", sentence(key, finding.args, "en")}, {"zh", sentence(key, finding.args, "zh")}};
        };
        worst = std::max(worst, finding.level);
        findings.push_back({{"id", finding.id},
                            {"level", to_string(finding.level)},
                            {"text", both(finding.text)},
                            {"fix", finding.fix.empty() ? Json(nullptr) : both(finding.fix)},
                            {"key", finding.text},
                            {"fix_key", finding.fix},
                            {"args", finding.args}});
    }
    return write_json({{"worst", to_string(worst)}, {"findings", std::move(findings)}});
}

std::optional<nlohmann::json> parse_object(std::string_view text) {
    if (depth_of(text) > 16) return std::nullopt;
    nlohmann::json value = nlohmann::json::parse(text, nullptr, false);
    if (!value.is_object()) return std::nullopt;
    return value;
}

std::optional<std::string> text_of(const nlohmann::json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

std::string base64(const std::uint8_t* bytes, std::size_t size) {
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((size + 2) / 3 * 4);
    for (std::size_t i = 0; i < size; i += 3) {
        const std::size_t left = size - i;
        const std::uint32_t word =
            (std::uint32_t{bytes[i]} << 16) | (left > 1 ? std::uint32_t{bytes[i + 1]} << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
        out.push_back(digits[word >> 18 & 63]);
        out.push_back(digits[word >> 12 & 63]);
        out.push_back(left > 1 ? digits[word >> 6 & 63] : '=');
        out.push_back(left > 2 ? digits[word & 63] : '=');
    }
    return out;
}

}  // namespace vitrine::web
