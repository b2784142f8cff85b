#include "engine/rehearsal/guide.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/messages.h"
#include "engine/preflight.h"

namespace vitrine::rehearsal {

std::string_view to_string(StepId id) {
    static constexpr std::array<std::string_view, 8> names{"go_live", "pin", "answer", "counter", "chapter", "safe", "back", "end"};
    return names[static_cast<std::size_t>(id)];
}

Guide::Guide(const ShowConfig& show) {
    for (const StepId id :
         {StepId::go_live, StepId::pin, StepId::answer, StepId::counter, StepId::chapter, StepId::safe, StepId::back, StepId::end})
        if (!show.products.empty() || (id != StepId::pin && id != StepId::counter)) steps_.push_back({id, false});
}

void Guide::tick(StepId id, bool done) {
    if (!done) return;
    for (Step& step : steps_)
        if (step.id == id && !step.done) step.done = changed_ = true;
}

bool Guide::see(const Snapshot& snapshot) {
    changed_ = false;
    const bool live = snapshot.session == SessionState::live;
    if (!live_) pinned_ = snapshot.pinned;  // what the show itself pins at its start is nobody's step
    const bool pinned_anew = !snapshot.pinned.empty() && snapshot.pinned != pinned_;
    pinned_ = snapshot.pinned;
    live_ = live_ || live;
    tick(StepId::go_live, live);
    if (!live_ || over_) return changed_;
    const desk::DeskView& desk = *snapshot.desk;
    tick(StepId::pin, pinned_anew);
    tick(StepId::answer, std::any_of(desk.messages.begin(), desk.messages.end(), [](const desk::Message& message) {
             return message.kind == desk::MessageKind::question && message.state == desk::MessageState::answered;
         }));
    tick(StepId::counter, std::any_of(desk.quotes.begin(), desk.quotes.end(), [](const desk::Quote& quote) {
             return std::any_of(quote.rounds.begin(), quote.rounds.end(),
                                [](const desk::QuoteRound& round) { return round.by == desk::Role::presenter; });
         }));
    tick(StepId::chapter, !snapshot.chapters.empty());
    const bool was_safe = std::any_of(steps_.begin(), steps_.end(), [](const Step& step) { return step.id == StepId::safe && step.done; });
    tick(StepId::safe, snapshot.safe);
    tick(StepId::back, was_safe && !snapshot.safe && live);
    over_ = snapshot.session == SessionState::ended;
    tick(StepId::end, over_);
    return changed_;
}

std::size_t Guide::current() const {
    const auto next = std::find_if(steps_.begin(), steps_.end(), [](const Step& step) { return !step.done; });
    return static_cast<std::size_t>(next - steps_.begin());
}

Outcome outcome(const Guide& guide, const desk::DeskView& desk) {
    Outcome out;
    for (const Step& step : guide.steps()) ++out.steps, out.steps_done += step.done ? 1 : 0;
    for (const desk::Message& message : desk.messages) {
        if (message.kind != desk::MessageKind::question || message.person.empty() || message.state == desk::MessageState::hidden) continue;
        ++out.questions;
        if (message.state != desk::MessageState::answered) {
            out.unanswered.push_back(message.text);
            continue;
        }
        const double took = std::max<double>(0, static_cast<double>(message.answered_us - message.made_us) / 1e6);
        out.answer_s += took;
        out.longest_s = std::max(out.longest_s, took);
        ++out.answered;
    }
    if (out.answered > 0) out.answer_s /= out.answered;
    for (const desk::Quote& quote : desk.quotes) {
        if (quote.state == desk::QuoteState::withdrawn) continue;
        ++out.quotes;
        const bool offered = std::any_of(quote.rounds.begin(), quote.rounds.end(),
                                         [](const desk::QuoteRound& round) { return round.by == desk::Role::presenter; });
        const bool decided = quote.state == desk::QuoteState::accepted || quote.state == desk::QuoteState::declined;
        if (offered || decided) ++out.offered;
        if (quote.state == desk::QuoteState::accepted) ++out.ordered;
        if (!offered && !decided) out.open_quotes.push_back(quote.number);
    }
    for (const auto& [person, presence] : desk.presence) out.hands_up += presence.hand ? 1 : 0;
    return out;
}

std::vector<std::string> sentences(const Outcome& outcome, std::string_view language) {
    const auto number = [](auto value) { return std::to_string(value); };
    const auto seconds = [](double value) { return std::to_string(std::lround(value)); };
    std::vector<std::string> out;
    const auto say = [&](const char* key, const std::map<std::string, std::string>& args) { out.push_back(sentence(key, args, language)); };
    say("rehearsal.result.steps", {{"done", number(outcome.steps_done)}, {"all", number(outcome.steps)}});
    if (outcome.questions == 0)
        say("rehearsal.result.no_questions", {});
    else
        say("rehearsal.result.answered", {{"done", number(outcome.answered)}, {"all", number(outcome.questions)}});
    if (outcome.answered > 0) say("rehearsal.result.time", {{"mean", seconds(outcome.answer_s)}, {"most", seconds(outcome.longest_s)}});
    if (outcome.quotes > 0)
        say("rehearsal.result.quotes",
            {{"done", number(outcome.offered)}, {"all", number(outcome.quotes)}, {"orders", number(outcome.ordered)}});
    for (const std::string& text : outcome.unanswered) say("rehearsal.result.unanswered", {{"question", text}});
    for (const std::string& quote : outcome.open_quotes) say("rehearsal.result.open_quote", {{"quote", quote}});
    return out;
}

std::string document(const Guide& guide, const Outcome& outcome) {
    using nlohmann::json;
    const auto both = [](const std::string& key) { return json{{"en", message(key, "en")}, {"zh", message(key, "zh")}}; };
    json steps = json::array();
    for (const Step& step : guide.steps()) {
        const std::string key = "rehearsal.step." + std::string(to_string(step.id));
        steps.push_back({{"id", to_string(step.id)}, {"done", step.done}, {"text", both(key)}, {"how", both(key + ".how")}});
    }
    const json result{{"steps", outcome.steps},
                      {"steps_done", outcome.steps_done},
                      {"questions", outcome.questions},
                      {"answered", outcome.answered},
                      {"answer_s", outcome.answer_s},
                      {"longest_s", outcome.longest_s},
                      {"unanswered", outcome.unanswered},
                      {"quotes", outcome.quotes},
                      {"offered", outcome.offered},
                      {"ordered", outcome.ordered},
                      {"open_quotes", outcome.open_quotes},
                      {"hands_up", outcome.hands_up},
                      {"sentences", {{"en", sentences(outcome, "en")}, {"zh", sentences(outcome, "zh")}}}};
    return json{{"steps", steps}, {"current", guide.current()}, {"over", guide.over()}, {"outcome", result}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
}

}  // namespace vitrine::rehearsal
