#include "tools/panel/new_show.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "engine/new_show/names.h"
#include "tools/panel/panel_state.h"
#include "tools/panel/said.h"

namespace vitrine::panel {
namespace {

using nlohmann::json;

std::string text_of(const json& from, const char* key) {
    const auto found = from.is_object() ? from.find(key) : from.end();
    return found == from.end() || !found->is_string() ? "" : found->get<std::string>();
}

const json& list_of(const json& from, const char* key) {
    static const json none = json::array();
    const auto found = from.is_object() ? from.find(key) : from.end();
    return found == from.end() || !found->is_array() ? none : *found;
}

}  // namespace

Trial read_trial(const json& said) {
    Trial trial;
    trial.works = said.is_object() && said.value("works", json()) == true;
    trial.text = texts_of(said, "text");
    trial.fix = texts_of(said, "fix");
    trial.thumbnail = text_of(said, "thumbnail");
    return trial;
}

void read_probe(const json& said, NewShow& into) {
    into.probing = false;
    into.probed = true;
    into.cameras.clear();
    into.microphones.clear();
    for (const json& device : list_of(said, "devices")) {
        const std::string source = text_of(device, "source");
        if (source.empty()) continue;
        const bool camera = text_of(device, "kind") == "camera";
        (camera ? into.cameras : into.microphones).push_back({text_of(device, "name"), source});
        if (camera && device.contains("trial")) into.trials[source] = read_trial(device["trial"]);
    }
}

void read_products(const json& said, NewShow& into) {
    into.looking = false;
    into.products.clear();
    into.left_out.clear();
    for (const json& product : list_of(said, "products"))
        into.products.push_back({text_of(product, "id"), text_of(product, "name"), text_of(product, "thumbnail")});
    for (const json& sentence : list_of(said, "left_out"))
        if (sentence.is_string()) into.left_out.push_back(sentence.get<std::string>());
}

void read_made(const std::string& said, NewShow& into) {
    into.making = false;
    into.problems.clear();
    into.made.clear();
    std::istringstream lines(said);
    for (std::string line; std::getline(lines, line);) {
        const json object = json::parse(line, nullptr, false);
        if (const std::string problem = text_of(object, "problem"); !problem.empty()) into.problems.push_back(problem);
        if (const std::string folder = text_of(object, "folder"); !folder.empty()) into.made = folder;
    }
}

std::vector<std::string> lines_of(const std::string& kept) {
    std::vector<std::string> out;
    std::istringstream lines(kept);
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) out.push_back(line);
    return out;
}

std::string with_line_turned(const std::string& kept, const std::string& line) {
    std::vector<std::string> lines = lines_of(kept);
    if (std::erase(lines, line) == 0) lines.push_back(line);
    std::string out;
    for (const std::string& each : lines) out += (out.empty() ? "" : "\n") + each;
    return out;
}

json new_show_answers(const PanelState& state) {
    json answers{{"name", state.kept("new.name")}, {"comments", state.ui.language}};
    const auto languages = lines_of(state.kept("new.languages"));
    if (!languages.empty()) answers["languages"] = languages;
    json cameras = json::array();
    for (const std::string& source : lines_of(state.kept("new.cameras"))) {
        json camera{{"source", source}};
        if (const std::string& name = state.kept("new.camera_name:" + source); !name.empty()) camera["name"] = name;
        cameras.push_back(std::move(camera));
    }
    answers["cameras"] = std::move(cameras);
    const auto take = [&](const char* key, const std::string& kept) {
        if (!kept.empty()) answers[key] = kept;
    };
    take("microphone", state.kept("new.microphone"));
    take("factory", state.kept("new.factory"));
    take("accent", state.kept("new.accent"));
    take("logo", state.kept("new.logo"));
    take("currency", state.kept("new.currency"));
    take("products", state.new_show.looked_at);
    json prices = json::object();
    for (const FoundPicture& product : state.new_show.products)
        if (const std::string& tiers = state.kept("new.price:" + product.id); !tiers.empty()) prices[product.id] = tiers;
    if (!prices.empty()) answers["prices"] = std::move(prices);
    return answers;
}

std::string why_no_next(const PanelState& state, int page) {
    if (page == 0 && state.kept("new.name").empty()) return state.say("new.why.name");
    if (page == 0 && lines_of(state.kept("new.languages")).empty()) return state.say("new.why.language");
    if (page == 1 && lines_of(state.kept("new.cameras")).empty()) return state.say("new.why.camera");
    if (page == 2 && state.new_show.looking) return state.say("new.why.looking");
    return {};
}

std::string usual_folder(const PanelState& state) {
    const char* home = std::getenv("HOME");
    std::string name = new_show::id_of(state.kept("new.name"));
    if (name.empty()) name = "show";
    const std::filesystem::path base(home && *home ? home : ".");
    std::error_code error;
    std::filesystem::path folder = base / name;
    for (int n = 2; n < 100 && std::filesystem::exists(folder, error); ++n) folder = base / (name + "-" + std::to_string(n));
    return folder.string();
}

}  // namespace vitrine::panel
