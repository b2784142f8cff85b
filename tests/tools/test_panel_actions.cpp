// The table of actions in tools/panel/README.md against the panel: every control of every page is pressed, every key, in every state of a
// show. What is not listed, or asks otherwise than listed, fails; so does a line that nothing does.

#include <fstream>
#include <map>
#include <regex>

#include "tests/tools/real_show_bench.h"

using namespace vitrine;
using namespace vitrine::panel;

namespace {

struct Line {
    std::string does, back, asks;
    bool met = false, asked = false, sent = false;
};

/// By control or key; the words before and after them tell apart what one control does in two states.
std::map<std::string, std::vector<Line>> table() {
    std::ifstream in(std::filesystem::path(VITRINE_SOURCE_DIR) / "tools/panel/README.md");
    std::map<std::string, std::vector<Line>> lines;
    std::string line;
    bool inside = false;
    while (std::getline(in, line)) {
        if (line.starts_with("| control, key |")) inside = true;
        if (!inside || !line.starts_with("| `")) {
            if (inside && line.empty()) break;
            continue;
        }
        std::vector<std::string> cells;
        std::size_t at = 2;
        for (std::size_t end; (end = line.find(" |", at)) != std::string::npos; at = end + 3) cells.push_back(line.substr(at, end - at));
        REQUIRE(cells.size() == 4);
        static const std::regex name("`([^`]+)`");
        for (std::sregex_iterator each(cells[0].begin(), cells[0].end(), name), last; each != last; ++each)
            lines[(*each)[1]].push_back({cells[1], cells[2], cells[3]});
    }
    return lines;
}

/// What a control is listed as: without what it is about.
std::string listed_as(const std::string& id) {
    const auto first = id.find(':'), last = id.rfind(':');
    if (id.starts_with("change:") && first != last) {
        const std::string what = id.substr(last + 1);
        return what == "accept" || what == "decline" || what == "counter" ? "change." + what : "change.counter";
    }
    if (id.starts_with("offer:")) return "";  // fields: nothing is sent from them
    if (id.starts_with("chapter:")) return "chapter_of_guide";
    if (id.starts_with("fade:")) return "fade_time";
    return id.substr(0, first);
}

}  // namespace

TEST_CASE("every action of the panel stands in its README, with what takes it back and whether it asks") {
    auto lines = table();
    REQUIRE(lines.size() > 60);
    for (const auto& [name, all] : lines)
        for (const Line& line : all) {
            INFO(name);
            CHECK_FALSE(line.back.empty());
            CHECK_FALSE(line.asks.empty());
        }
    std::set<std::string> unlisted, wrong;
    ShowBench bench("en", 1900, 1500);
    const auto meet = [&](const std::string& name, const Commands& done, const std::string& where) {
        const bool sends =
            !done.to_show.empty() || !done.to_desk.empty() ||
            std::any_of(done.acts.begin(), done.acts.end(), [](const Act& a) { return std::holds_alternative<CloseShow>(a); });
        const bool asks = std::any_of(done.acts.begin(), done.acts.end(), [](const Act& a) { return std::holds_alternative<AskAgain>(a); });
        if (done.to_show.empty() && done.to_desk.empty() && done.acts.empty()) return;
        const auto found = lines.find(name);
        if (found == lines.end()) {
            unlisted.insert(name + " (" + where + ")");
            return;
        }
        for (Line& line : found->second) {
            line.met = true;
            line.asked = line.asked || asks;
            line.sent = line.sent || sends;
        }
        // Listed as never asking, or as always asking.
        const bool always = std::all_of(found->second.begin(), found->second.end(), [](const Line& l) { return l.asks == "yes"; });
        const bool never = std::all_of(found->second.begin(), found->second.end(), [](const Line& l) { return l.asks == "no"; });
        if (always && sends) wrong.insert(name + " does not ask (" + where + ")");
        if (never && asks) wrong.insert(name + " asks (" + where + ")");
    };
    const auto all_controls = [&](const std::string& where) {
        bench.point_at({-100, -100});
        bench.asked = {};
        bench.wait(0.6);
        const std::vector<Drawn> drawn = bench.drawn;
        for (const Drawn& d : drawn) {
            if (!d.control || !d.enabled || d.clipped || d.id == "mask_canvas") continue;
            bench.state.ui.asked.clear();
            bench.point_at({d.area.x + d.area.w / 2, d.area.y + d.area.h / 2});
            bench.frame();
            bench.asked = {};
            bench.hold(true);
            bench.hold(false);
            bench.frame();
            Commands done = std::exchange(bench.asked, {});
            bench.kit.hand.end_frame(true, true);
            if (const std::string name = listed_as(d.id); !name.empty()) meet(name, done, where);
            // A field: its Enter.
            if (bench.kit.hand.in_field()) {
                bench.asked = {};
                bench.tap(ImGuiKey_Enter);
                done = std::exchange(bench.asked, {});
                std::erase_if(done.acts, [](const Act& a) { return std::holds_alternative<Keep>(a); });
                if (!listed_as(d.id).empty()) meet(listed_as(d.id), done, where + ", Enter");
                bench.tap(ImGuiKey_Escape);
                bench.asked = {};
            }
        }
    };
    for (const SessionState state :
         {SessionState::idle, SessionState::ready, SessionState::live, SessionState::paused, SessionState::ended}) {
        const std::string session(to_string(state));
        bench.state.show.session = state;
        bench.state.ui.saved_masks.clear();
        for (const bool safe : {false, true}) {
            bench.state.show.safe = safe;
            for (int page = 0; page < page_count; ++page) {
                bench.state.ui.page = static_cast<Page>(page);
                const bool buyers = bench.state.ui.page == Page::buyers;
                if (safe && page != 0) continue;
                for (const char* tab : {"questions", "quotes", "points", "people", "invites", "orders", "poll"}) {
                    if (!buyers && std::string_view(tab) != "questions") continue;
                    auto& kept = bench.state.ui.kept;
                    kept.clear();
                    kept["buyers.tab"] = tab;
                    for (const desk::Message& message : bench.state.desk.messages) kept["answer:" + message.id] = "Yes.";
                    for (const desk::Point& point : bench.state.desk.points) kept["point_answer:" + point.id] = "Yes.";
                    for (const desk::Quote& quote : bench.state.desk.quotes) {
                        kept["offer:" + quote.id + ":price"] = "10.50";
                        for (const desk::SpecChange& change : quote.changes) kept["change:" + quote.id + ":" + change.id] = "RAL 9011";
                    }
                    for (const auto& [id, person] : bench.state.desk.people) kept["word:" + id] = "Hello.";
                    kept["invite.name"] = "Jan";
                    kept["invite.link"] = "http://127.0.0.1/j/x#y";
                    kept["order.number"] = "1", kept["order.quantity"] = "5";
                    kept["poll.question"] = "Which?", kept["poll.option0"] = "a", kept["poll.option1"] = "b";
                    kept["start_time"] = "14:30";
                    const ProductItem& product = bench.state.show.products.front();
                    kept["products.callout"] = product.callouts.front().id;
                    kept["callout_text:" + product.callouts.front().id] = "Words";
                    kept["callout_new:" + product.id] = "Words";
                    for (ProductItem& each : bench.state.show.products)
                        if (each.model) each.model->shown = true;
                    bench.state.ui.masks.reset();
                    const std::string where = session + " " + std::string(to_string(bench.state.ui.page)) + " " + tab;
                    all_controls(where);
                    if (bench.state.ui.page == Page::masks)
                        for (const bool draft : {false, true}) {
                            MaskEdit edit;
                            edit.camera = bench.state.show.cameras.front().id;
                            edit.masks = bench.state.show.cameras.front().masks;
                            edit.known = {edit.masks};
                            edit.mask = 0, edit.corner = 0;
                            edit.masks[0].polygon.push_back({0.2f, 0.5f});
                            if (draft) edit.masks.push_back(edit.masks[0]), edit.draft = true, edit.mask = 1;
                            bench.state.ui.masks = edit;
                            all_controls(where + (draft ? ", draft" : ", chosen"));
                            bench.state.ui.masks.reset();
                        }
                }
            }
            // Keys.
            const auto key = [&](char pressed, const std::string& name) {
                Commands done;
                bench.state.ui.asked.clear();
                bench.state.ui.key = 0;
                take_key(bench.state, pressed, done);
                std::erase_if(done.acts, [](const Act& a) { return std::holds_alternative<KeyTaken>(a); });
                meet(name, done, session + ", key");
            };
            bench.point_at({-100, -100});
            bench.kit.hand.end_frame(true, true);
            ImGui::GetIO().NavVisible = false;
            bench.wait(0.2);
            for (char letter = 'A'; letter <= 'Z'; ++letter) key(letter, std::string(1, letter));
            for (char digit = '1'; digit <= '9'; ++digit) key(digit, std::string(1, digit));
            key('\n', "Enter"), key(' ', "Space"), key('?', "?"), key(undo_key, "Ctrl+Z"), key(redo_key, "Ctrl+Y");
            apply(OpenOverlay{Overlay::keys}, bench.state);
            key('\x1b', "Esc");
            apply(OpenOverlay{}, bench.state);
        }
    }
    for (const Overlay overlay : {Overlay::keys, Overlay::preflight}) {
        bench.state.ui.overlay = overlay;
        all_controls("overlay");
    }
    bench.state.show.session = SessionState::ready;
    bench.state.ui.overlay = Overlay::preflight;
    all_controls("ready, overlay");
    bench.state.ui.overlay = Overlay::none;
    bench.state.show.session = SessionState::live;
    bench.state.ui.page = Page::buyers;
    bench.state.ui.kept["buyers.tab"] = "quotes";
    for (desk::Quote& quote : bench.state.desk.quotes) {
        for (desk::SpecChange& change : quote.changes) change.state = desk::ChangeState::accepted;
        quote.state = desk::QuoteState::requested;
    }
    all_controls("changes decided");
    for (desk::Quote& quote : bench.state.desk.quotes) quote.state = desk::QuoteState::accepted;
    all_controls("accepted");
    bench.state.ui.page = Page::help;
    bench.state.guide = {{"One", {}}, {"Two", {}}};
    all_controls("guide");
    bench.state.show.session = SessionState::ready;
    bench.state.show.starts_at_us = 1'795'665'659'000'000;
    bench.state.ui.page = Page::settings;
    all_controls("beginning said");
    bench.state.ui.page = Page::show;
    bench.state.ui.done = bench.state.ui.undone = {{"undo.start_set", "", StartThing{}, StartThing{}, 0, 0}};
    all_controls("undo");

    for (const std::string& each : unlisted) UNSCOPED_INFO("not listed: " << each);
    CHECK(unlisted.empty());
    for (const std::string& each : wrong) UNSCOPED_INFO(each);
    CHECK(wrong.empty());
    // Moved and drawn on pictures: the walk and test_panel_views do that.
    const std::set<std::string> by_dragging{"program_picture", "mask_canvas"};
    for (const auto& [name, all] : lines)
        for (const Line& line : all) {
            INFO(name);
            if (name.size() == 1 && name[0] > '3' && name[0] <= '9') continue;  // the show has fewer scenes
            CHECK((line.met || by_dragging.contains(name)));
            if (line.asks == "yes") CHECK(line.asked);
        }
}
