#include "tools/panel/show_view.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/desk/money.h"
#include "tools/panel/said.h"

namespace vitrine::panel {
namespace {

using nlohmann::json;

const json& at(const json& object, const char* key) {
    static const json nothing;
    if (!object.is_object()) return nothing;
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

std::string text(const json& object, const char* key) {
    const json& value = at(object, key);
    return value.is_string() ? value.get<std::string>() : std::string();
}

double number(const json& object, const char* key, double fallback = 0) {
    const json& value = at(object, key);
    return value.is_number() ? value.get<double>() : fallback;
}

std::uint64_t count(const json& object, const char* key) {
    const json& value = at(object, key);
    return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

bool flag(const json& object, const char* key, bool fallback) {
    const json& value = at(object, key);
    return value.is_boolean() ? value.get<bool>() : fallback;
}

std::string local(const json& texts, const std::string& language, const std::string& first) {
    if (!texts.is_object()) return {};
    for (const std::string& wanted : {language, first, std::string("en")})
        if (std::string found = text(texts, wanted.c_str()); !found.empty()) return found;
    for (const auto& any : texts)
        if (any.is_string()) return any.get<std::string>();
    return {};
}

SessionState session_named(const std::string& name) {
    for (const SessionState state : {SessionState::ready, SessionState::live, SessionState::paused, SessionState::ended})
        if (to_string(state) == name) return state;
    return SessionState::idle;
}

std::string lowest_price(const json& tiers) {
    double lowest = 0;
    std::string currency;
    for (const json& tier : tiers) {
        if (!text(tier, "group").empty()) continue;
        const double unit = number(tier, "unit", -1);
        if (unit < 0 || (!currency.empty() && unit >= lowest)) continue;
        lowest = unit;
        currency = text(tier, "currency");
    }
    if (currency.empty()) return {};
    return desk::plain_price(lowest, currency) + " " + currency;
}

std::array<double, 3> triple(const json& from) {
    std::array<double, 3> result{};
    for (std::size_t i = 0; i < 3 && from.is_array() && i < from.size(); ++i)
        if (from[i].is_number()) result[i] = from[i].get<double>();
    return result;
}

std::string length_name(const json& dimension, const std::string& language, const std::string& first) {
    char words[48];
    std::snprintf(words, sizeof words, "%.*f mm", std::clamp(static_cast<int>(number(dimension, "decimals")), 0, 3),
                  number(dimension, "length_mm"));
    const std::string name = local(at(dimension, "text"), language, first);
    return name.empty() ? words : name + " · " + words;
}

ModelItem read_model(const json& from) {
    ModelItem model;
    model.shown = flag(from, "shown", false);
    model.x_ray = flag(from, "x_ray", false);
    model.variant = text(from, "variant");
    model.explode = number(from, "explode");
    if (at(from, "usable").is_boolean()) model.usable = flag(from, "usable", true);
    if (at(from, "section").is_number()) model.section = number(from, "section");
    for (const json& name : at(from, "variants"))
        if (name.is_string()) model.variants.push_back(name.get<std::string>());
    return model;
}

ProductItem read_product(const json& from, const json& snapshot, const std::set<std::string>& hidden, const std::string& language,
                         const std::string& first) {
    ProductItem product;
    product.id = text(from, "id");
    product.name = local(at(from, "name"), language, first);
    product.chapter_name = local(at(from, "name"), first, first);
    product.price = lowest_price(at(from, "prices"));
    product.description = local(at(from, "description"), language, first);
    product.width_mm = number(from, "width_mm");
    product.height_mm = number(from, "height_mm");
    product.specs = static_cast<int>(at(from, "specs").size());
    product.badges = static_cast<int>(at(from, "badges").size());
    if (product.name.empty()) product.name = product.id;
    for (const json& tier : at(from, "prices"))
        product.prices.push_back(
            {static_cast<int>(number(tier, "min", 1)), number(tier, "unit"), text(tier, "currency"), text(tier, "group")});
    std::sort(product.prices.begin(), product.prices.end(),
              [](const PriceItem& a, const PriceItem& b) { return std::tie(a.group, a.min) < std::tie(b.group, b.min); });
    for (const json& callout : at(from, "callouts")) {
        CalloutItem item;
        item.id = text(callout, "id");
        item.text = local(at(callout, "text"), language, first);
        item.at_mm = triple(at(callout, "at"));
        item.spec = text(callout, "spec");
        if (const json& texts = at(callout, "text"); texts.is_object())
            for (const auto& [each, words] : texts.items())
                if (words.is_string()) item.texts.by_language[each] = words.get<std::string>();
        item.visible = !hidden.contains(item.id);
        if (item.text.empty()) item.text = item.id;
        product.callouts.push_back(std::move(item));
    }
    for (const json& dimension : at(from, "dimensions")) {
        CalloutItem item;
        item.id = text(dimension, "id");
        item.text = length_name(dimension, language, first);
        item.dimension = true;
        item.visible = !hidden.contains(item.id);
        product.callouts.push_back(std::move(item));
    }
    if (const json& model = at(at(snapshot, "models"), product.id.c_str()); model.is_object()) product.model = read_model(model);
    return product;
}

std::vector<PrivacyMask> read_masks(const json& from) {
    std::vector<PrivacyMask> masks;
    for (const json& each : from) {
        PrivacyMask mask;
        const std::string fill = text(each, "fill");
        mask.fill = fill == "blur" ? MaskFill::blur : fill == "mosaic" ? MaskFill::mosaic : MaskFill::solid;
        for (const json& corner : at(each, "polygon"))
            if (corner.is_array() && corner.size() >= 2 && corner[0].is_number() && corner[1].is_number())
                mask.polygon.push_back({corner[0].get<float>(), corner[1].get<float>()});
        masks.push_back(std::move(mask));
    }
    return masks;
}

RundownItem read_stop(const json& from, const std::string& language, const std::string& first) {
    RundownItem stop{text(from, "product"), number(from, "minutes"), {}};
    const json& points = at(from, "points");
    for (const std::string& wanted : {language, first, std::string("en")}) {
        const json& in = points.is_array() ? points : at(points, wanted.c_str());
        for (const json& point : in)
            if (point.is_string()) stop.points.push_back(point.get<std::string>());
        if (!stop.points.empty()) break;
    }
    return stop;
}

void read_document(const json& show, const json& snapshot, const std::set<std::string>& hidden, const std::string& language,
                   ShowView& view) {
    const json& languages = at(show, "languages");
    const std::string first =
        languages.is_array() && !languages.empty() && languages[0].is_string() ? languages[0].get<std::string>() : "en";
    view.title = local(at(show, "title"), language, first);
    view.buyer_url = text(show, "buyer_url");
    view.preview_memory = text(show, "preview");
    view.program_width = std::max(1, static_cast<int>(number(at(show, "program"), "width", 16)));
    view.program_height = std::max(1, static_cast<int>(number(at(show, "program"), "height", 9)));
    for (const json& scene : at(show, "scenes")) {
        SceneItem item{text(scene, "id"),
                       local(at(scene, "name"), language, first),
                       text(scene, "layout"),
                       local(at(scene, "name"), first, first),
                       {}};
        if (item.name.empty()) item.name = item.id;
        for (const json& camera : at(scene, "cameras"))
            if (camera.is_string()) item.cameras.push_back(camera.get<std::string>());
        view.scenes.push_back(std::move(item));
    }
    for (const json& camera : at(show, "cameras")) {
        CameraItem item;
        item.id = text(camera, "id");
        item.name = local(at(camera, "name"), language, first);
        if (item.name.empty()) item.name = item.id;
        item.kind = text(camera, "kind");
        view.cameras.push_back(std::move(item));
    }
    for (const json& product : at(show, "products")) view.products.push_back(read_product(product, snapshot, hidden, language, first));
    view.starts_at_us = static_cast<std::int64_t>(number(show, "starts_at_us", 0));
    for (const json& each : at(show, "templates"))
        if (TemplateItem item{text(each, "id"), texts_of(each, "text")}; !item.id.empty() && !item.text.by_language.empty())
            view.templates.push_back(std::move(item));
    for (const json& speaker : at(show, "speakers")) {
        view.speakers.push_back({text(speaker, "id"), local(at(speaker, "name"), language, first)});
        if (view.speakers.back().name.empty()) view.speakers.back().name = view.speakers.back().id;
    }
    for (const json& stop : at(show, "rundown")) view.rundown.push_back(read_stop(stop, language, first));
    // A show without a rundown goes through its products in their order.
    if (view.rundown.empty())
        for (const ProductItem& product : view.products) view.rundown.push_back({product.id, 0, {}});
    for (const json& each : languages)
        if (each.is_string()) view.languages.push_back(each.get<std::string>());
}

void read_snapshot(const json& snapshot, ShowView& view) {
    view.version = count(snapshot, "version");
    view.session = session_named(text(snapshot, "session"));
    view.live_s = number(snapshot, "live_s");
    view.scene = text(snapshot, "scene");
    view.pinned = text(snapshot, "pinned");
    view.card = flag(snapshot, "card", true);
    view.muted = flag(snapshot, "muted", false);
    view.badges = flag(snapshot, "badges", true);
    view.specs = flag(snapshot, "specs", false);
    view.ticker = flag(snapshot, "ticker", false);
    view.safe = flag(snapshot, "safe", false);
    view.speaker = text(snapshot, "lower_third");
    view.rundown_at = static_cast<int>(number(snapshot, "rundown_at", -1));
    view.pinned_s = number(snapshot, "pinned_s");
    const json& sounds = at(snapshot, "sounds");
    if (sounds.is_object())
        for (const auto& [id, sound] : sounds.items())
            view.sounds.push_back({id, flag(sound, "muted", false), number(sound, "gain_db"), number(sound, "peak_db", -100)});
    const json& recording = at(snapshot, "recording");
    view.recording = {flag(recording, "on", false), text(recording, "folder"), text(recording, "problem"),
                      number(recording, "seconds"), count(recording, "bytes"), number(recording, "minutes_left", -1)};
    view.buyers = static_cast<int>(number(snapshot, "buyers"));
    view.audio_peak_db = number(snapshot, "audio_peak_db", -100);
    for (CameraItem& camera : view.cameras) {
        const json& status = at(at(snapshot, "cameras"), camera.id.c_str());
        camera.state = text(status, "state");
        camera.detail = text(status, "detail");
        camera.fps = number(status, "fps");
        camera.width = static_cast<int>(number(status, "width"));
        camera.height = static_cast<int>(number(status, "height"));
        camera.dropped = count(status, "dropped");
        camera.reconnects = count(status, "reconnects");
        camera.masks = read_masks(at(status, "masks"));
    }
    for (const json& output : at(snapshot, "outputs"))
        view.outputs.push_back({text(output, "kind"), text(output, "name"), text(output, "state"), count(output, "frames"),
                                count(output, "dropped"), count(output, "bytes"), number(output, "bitrate_kbps")});
    for (const json& chapter : at(snapshot, "chapters"))
        view.chapters.push_back({static_cast<int>(number(chapter, "number")), text(chapter, "title"), number(chapter, "at_s")});
    view.log = count(snapshot, "log");
}

template <class Items>
auto* find(const Items& items, const std::string& id) {
    const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.id == id; });
    return found == items.end() ? nullptr : &*found;
}

void gather(const json& value, std::string& into) {
    if (value.is_string()) {
        into += value.get_ref<const std::string&>();
    } else if (value.is_structured()) {
        for (const json& part : value) gather(part, into);
    }
}

}  // namespace

const PriceItem* ProductItem::tier(std::int64_t quantity) const {
    const PriceItem* best = nullptr;
    for (const PriceItem& each : prices)
        if (each.group.empty() && (!best || each.min <= quantity)) best = &each;
    return best;
}

const SceneItem* ShowView::find_scene(const std::string& id) const { return find(scenes, id); }
const CameraItem* ShowView::find_camera(const std::string& id) const { return find(cameras, id); }
const ProductItem* ShowView::find_product(const std::string& id) const { return find(products, id); }

ShowView read_show(const json* show, const json* snapshot, const std::string& language) {
    ShowView view;
    std::set<std::string> hidden;
    if (snapshot)
        for (const json& id : at(*snapshot, "hidden_callouts"))
            if (id.is_string()) hidden.insert(id.get<std::string>());
    static const json nothing;
    if (show) read_document(*show, snapshot ? *snapshot : nothing, hidden, language, view);
    if (snapshot) read_snapshot(*snapshot, view);
    return view;
}

void forget_standing(ShowView& view) {
    for (CameraItem& camera : view.cameras) {
        camera.state.clear(), camera.detail.clear();
        camera.fps = 0, camera.width = camera.height = 0;
    }
    view.buyers = -1;
    view.outputs.clear();
    view.audio_peak_db = -100;
    for (SoundItem& sound : view.sounds) sound.peak_db = -100;
    view.recording.running_s = 0, view.recording.bytes = 0, view.recording.minutes_left = -1;
    view.recording.problem.clear();
}

std::vector<LogItem> read_log(const json& body) {
    std::vector<LogItem> lines;
    for (const json& each : at(body, "lines")) {
        LogItem line;
        line.number = count(each, "number");
        line.at_us = static_cast<std::int64_t>(number(each, "at_us"));
        line.key = text(each, "key");
        line.text = texts_of(each, "text");
        line.by = texts_of(each, "by");
        if (!line.text.by_language.empty()) lines.push_back(std::move(line));
    }
    return lines;
}

std::string all_texts(const json& document) {
    std::string texts;
    gather(document, texts);
    return texts;
}

}  // namespace vitrine::panel
