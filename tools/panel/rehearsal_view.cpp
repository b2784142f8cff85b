#include "tools/panel/rehearsal_view.h"

#include <algorithm>

#include "tools/panel/said.h"

namespace vitrine::panel {
namespace {

using nlohmann::json;

std::vector<std::string> lines_of(const json& from, const char* language) {
    std::vector<std::string> out;
    const auto found = from.find(language);
    if (found == from.end() || !found->is_array()) return out;
    for (const json& each : *found)
        if (each.is_string()) out.push_back(each.get<std::string>());
    return out;
}

}  // namespace

std::size_t RehearsalView::done() const {
    return static_cast<std::size_t>(std::count_if(steps.begin(), steps.end(), [](const Step& step) { return step.done; }));
}

const RehearsalView::Step* RehearsalView::next() const {
    const auto found = std::find_if(steps.begin(), steps.end(), [](const Step& step) { return !step.done; });
    return found == steps.end() ? nullptr : &*found;
}

std::optional<RehearsalView> read_rehearsal(const json& said) {
    if (!said.is_object() || !said.contains("steps") || !said["steps"].is_array()) return std::nullopt;
    RehearsalView view;
    for (const json& each : said["steps"]) {
        if (!each.is_object()) continue;
        RehearsalView::Step step;
        step.id = each.value("id", json()).is_string() ? each["id"].get<std::string>() : "";
        step.done = each.value("done", json()) == true;
        step.text = texts_of(each, "text");
        step.how = texts_of(each, "how");
        if (!step.text.by_language.empty()) view.steps.push_back(std::move(step));
    }
    view.over = said.value("over", json()) == true;
    if (const auto outcome = said.find("outcome"); outcome != said.end() && outcome->is_object())
        if (const auto lines = outcome->find("sentences"); lines != outcome->end() && lines->is_object()) {
            view.result_en = lines_of(*lines, "en");
            view.result_zh = lines_of(*lines, "zh");
        }
    return view;
}

}  // namespace vitrine::panel
