#include "tools/panel/show_view.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

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
        const double unit = number(tier, "unit", -1);
        if (unit < 0 || (!currency.empty() && unit >= lowest)) continue;
        lowest = unit;
        currency = text(tier, "currency");
    }
    if (currency.empty()) return {};
    char words[48];
    std::snprintf(words, sizeof words, "%.2f", lowest);
    return words + (" " + currency);
}

ProductItem read_product(const json& from, const std::set<std::string>& hidden, const std::string& language, const std::string& first) {
    ProductItem product{text(from, "id"),
                        local(at(from, "name"), language, first),
                        local(at(from, "name"), first, first),
                        lowest_price(at(from, "prices")),
                        {}};
    if (product.name.empty()) product.name = product.id;
    for (const json& callout : at(from, "callouts")) {
        CalloutItem item{text(callout, "id"), local(at(callout, "text"), language, first), true};
        item.visible = !hidden.contains(item.id);
        if (item.text.empty()) item.text = item.id;
        product.callouts.push_back(std::move(item));
    }
    return product;
}

void read_document(const json& show, const std::set<std::string>& hidden, const std::string& language, ShowView& view) {
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
        view.cameras.push_back(std::move(item));
    }
    for (const json& product : at(show, "products")) view.products.push_back(read_product(product, hidden, language, first));
}

void read_snapshot(const json& snapshot, ShowView& view) {
    view.version = count(snapshot, "version");
    view.session = session_named(text(snapshot, "session"));
    view.live_s = number(snapshot, "live_s");
    view.scene = text(snapshot, "scene");
    view.pinned = text(snapshot, "pinned");
    view.card = flag(snapshot, "card", true);
    view.muted = flag(snapshot, "muted", false);
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
    }
    for (const json& output : at(snapshot, "outputs"))
        view.outputs.push_back({text(output, "kind"), text(output, "name"), text(output, "state"), count(output, "frames"),
                                count(output, "dropped"), count(output, "bytes"), number(output, "bitrate_kbps")});
    for (const json& chapter : at(snapshot, "chapters"))
        view.chapters.push_back({static_cast<int>(number(chapter, "number")), text(chapter, "title"), number(chapter, "at_s")});
    for (const json& notice : at(snapshot, "notices"))
        if (notice.is_string()) view.notices.push_back(notice.get<std::string>());
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

const SceneItem* ShowView::find_scene(const std::string& id) const { return find(scenes, id); }
const CameraItem* ShowView::find_camera(const std::string& id) const { return find(cameras, id); }
const ProductItem* ShowView::find_product(const std::string& id) const { return find(products, id); }

ShowView read_show(const json* show, const json* snapshot, const std::string& language) {
    ShowView view;
    std::set<std::string> hidden;
    if (snapshot)
        for (const json& id : at(*snapshot, "hidden_callouts"))
            if (id.is_string()) hidden.insert(id.get<std::string>());
    if (show) read_document(*show, hidden, language, view);
    if (snapshot) read_snapshot(*snapshot, view);
    return view;
}

std::string all_texts(const json& document) {
    std::string texts;
    gather(document, texts);
    return texts;
}

}  // namespace vitrine::panel
