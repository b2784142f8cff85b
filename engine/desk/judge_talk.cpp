// Messages, reactions, hands, points and polls.

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/buyers.h"
#include "engine/desk/judge.h"
#include "engine/desk/text_rules.h"

namespace vitrine::desk {
namespace {

constexpr std::size_t most_message_letters = 500, most_answer_letters = 2000, most_note_letters = 200;
constexpr double most_mm = 10000;

/// Free text as it is kept, or why not. Acts from JSON have been through the same.
Result<std::string> judged(const std::string& text, std::size_t most_letters, const char* empty) {
    auto clean = clean_text(text);
    if (!clean) return clean;
    if (clean->empty() && empty) return refuse(empty);
    if (letters(*clean) > most_letters) return refuse("That is too long: at most " + std::to_string(most_letters) + " letters, please.");
    return clean;
}

}  // namespace

bool Judge::sees(const Message& m) const {
    if (staff() || m.person == actor_.person) return true;
    if (!m.to.empty()) return m.to == actor_.person;
    return !m.is_private && (m.state == MessageState::shown || m.state == MessageState::answered);
}

Result<void> Judge::judge_moment(const SceneMoment& moment) const {
    if (!moment.product.empty() && !product(moment.product)) return not_found("There is no such product in this show.");
    return {};
}

Result<Decided> Judge::operator()(const Say& act) const {
    auto text = judged(act.text, most_message_letters, "Write something first.");
    if (!text) return tl::unexpected<Error>(text.error());
    if (auto moment = judge_moment(act.moment); !moment) return tl::unexpected<Error>(moment.error());
    if (!act.language.empty() && !is_language(act.language)) return refuse("The language must be a tag such as \"en\".");
    const ChatMode mode = c_.show->desk.chat;
    if (!staff()) {
        if (!act.to.empty()) return not_allowed("A private word goes to the presenter.");
        if (act.kind == MessageKind::announcement) return not_allowed("Only the presenter makes announcements.");
        if (mode == ChatMode::off && act.kind == MessageKind::chat && !act.is_private)
            return conflict("The chat is closed. You can still ask a question.");
        const auto theirs = c_.messages_of.find(actor_.person);
        if (theirs != c_.messages_of.end() && theirs->second >= most_messages_of_one)
            return refuse("You have written as much as one person can in this show.");
        if (c_.messages.size() >= for_guests(most_messages) && guest(actor_.person))
            return refuse("Guests have written as much as this show can keep.");
    }
    if (!act.to.empty() && !person(act.to)) return not_found("That person is not here any more.");
    if (!act.reply_to.empty()) {
        const Message* before = c_.messages.find(act.reply_to);
        if (!before || !sees(*before)) return not_found("The message that you reply to is gone.");
    }
    Message message;
    message.id = random_hex(8);
    message.person = actor_.person;
    message.kind = act.kind;
    message.is_private = act.is_private || !act.to.empty();
    const bool held = mode == ChatMode::moderated && !staff() && !message.is_private;
    message.state = held ? MessageState::waiting : MessageState::shown;
    message.to = act.to;
    message.text = std::move(*text);
    message.language = act.language;
    message.reply_to = act.reply_to;
    message.moment = act.moment;
    message.made_us = now_;
    return one(std::move(message));
}

Result<Decided> Judge::operator()(const Like& act) const {
    const Message* found = c_.messages.find(act.message);
    if (!found || !sees(*found)) return not_found("That message is gone.");
    if (found->person == actor_.person) return refuse("That is your own message.");
    Decided decided;
    decided.result.id = act.message;
    const auto likings = c_.likings.find(act.message);
    if (likings != c_.likings.end() && likings->second.contains(actor_.person)) return decided;
    Message message = *found;
    ++message.likes;
    decided.records.emplace_back(std::move(message));
    decided.records.emplace_back(Liking{act.message, actor_.person});
    return decided;
}

Result<Decided> Judge::operator()(const AnswerMessage& act) const {
    const Message* found = c_.messages.find(act.message);
    if (!found) return not_found("That message is gone.");
    if (!person(found->person)) return refuse("Only what a buyer wrote can be answered.");
    auto text = judged(act.text, most_answer_letters, "Write the answer first.");
    if (!text) return tl::unexpected<Error>(text.error());
    if (!act.language.empty() && !is_language(act.language)) return refuse("The language must be a tag such as \"en\".");
    Message message = *found;
    message.answer = std::move(*text);
    message.answer_language = act.language;
    message.answered_by = actor_.person;
    message.answered_us = now_;
    message.state = MessageState::answered;
    if (act.is_private) {
        message.is_private = true;
        message.pinned = false;
    }
    return one(std::move(message));
}

Result<Decided> Judge::operator()(const Moderate& act) const {
    const Message* found = c_.messages.find(act.message);
    if (!found) return not_found("That message is gone.");
    Message message = *found;
    if (act.state) message.state = *act.state;
    if (act.state == MessageState::answered && message.answered_us == 0) {
        message.answered_us = now_;  // on air, without a text
        message.answered_by = actor_.person;
    }
    if (act.priority) {
        if (*act.priority < -100 || *act.priority > 100) return refuse("A priority goes from -100 to 100.");
        message.priority = *act.priority;
    }
    if (act.pinned) message.pinned = *act.pinned;
    if (act.pinned.value_or(false) && message.is_private) return refuse("A private message cannot be shown to everybody.");
    if (act.pinned.value_or(false) && (message.state == MessageState::hidden || message.state == MessageState::waiting))
        message.state = MessageState::shown;
    if (message.state == MessageState::hidden || message.state == MessageState::waiting) message.pinned = false;
    Decided decided = one(message);
    // One stands at the top: the newest takes the place.
    if (act.pinned.value_or(false))
        for (const auto& [id, other] : c_.messages.by_id)
            if (other.pinned && id != message.id) {
                Message down = other;
                down.pinned = false;
                decided.records.emplace_back(std::move(down));
            }
    return decided;
}

Result<Decided> Judge::operator()(const React& act) const {
    static constexpr std::array<std::string_view, 5> kinds{"heart", "clap", "wow", "question_mark", "thumb"};
    if (std::find(kinds.begin(), kinds.end(), act.kind) == kinds.end())
        return refuse("A reaction is one of heart, clap, wow, question_mark, thumb.");
    return Decided{};
}

Result<Decided> Judge::operator()(const RaiseHand& act) const {
    if (presents() && act.person.empty()) return refuse("Say whose hand it is.");
    if (!act.person.empty() && act.person != actor_.person) {
        if (!staff()) return not_allowed("That is somebody else's hand.");
        if (act.up) return refuse("Only they themselves can raise it.");
        if (!person(act.person)) return not_found("That person is not here any more.");
    }
    return Decided{};
}

Result<Decided> Judge::operator()(const PlacePoint& act) const {
    const ProductConfig* on = product(act.product);
    if (!on) return not_found("There is no such product in this show.");
    if (!on->target) return refuse("Nothing can be marked on this product: the picture does not follow it.");
    for (const double mm : act.at_mm)
        if (!std::isfinite(mm) || std::abs(mm) > most_mm) return refuse("The point lies too far from the product.");
    auto note = judged(act.note, most_note_letters, nullptr);
    if (!note) return tl::unexpected<Error>(note.error());
    if (auto moment = judge_moment(act.moment); !moment) return tl::unexpected<Error>(moment.error());
    if (c_.points.size() >= for_guests(most_points) && guest(actor_.person))
        return refuse("Guests have marked as much as this show can keep.");
    Point point;
    point.id = random_hex(8);
    point.person = actor_.person;
    point.product = act.product;
    point.note = std::move(*note);
    point.at_mm = act.at_mm;
    point.moment = act.moment;
    point.made_us = now_;
    Decided decided = one(std::move(point));
    std::vector<const Point*> theirs;
    for (const auto& [at, id] : c_.points.by_time)
        if (const Point& before = c_.points.by_id.at(id); before.person == actor_.person && before.state != PointState::done)
            theirs.push_back(&before);
    for (std::size_t i = 0; i + most_open_points_of_one <= theirs.size(); ++i) {
        Point gone = *theirs[i];
        gone.state = PointState::done;
        decided.records.emplace_back(std::move(gone));
    }
    return decided;
}

Result<Decided> Judge::operator()(const SetPoint& act) const {
    const Point* found = c_.points.find(act.point);
    if (!found || (!staff() && found->person != actor_.person)) return not_found("That mark is gone.");
    if (!staff() && act.state != PointState::done) return not_allowed("You can take your mark away; the presenter shows it.");
    Point point = *found;
    point.state = act.state;
    return one(std::move(point));
}

Result<Decided> Judge::operator()(const OpenPoll& act) const {
    if (act.options.size() < 2 || act.options.size() > 6) return refuse("A poll has 2 to 6 answers to choose from.");
    for (const LocalText* text : [&] {
             std::vector<const LocalText*> all{&act.question};
             for (const LocalText& option : act.options) all.push_back(&option);
             return all;
         }()) {
        if (text->by_language.empty() || text->by_language.size() > 16) return refuse("A poll's texts are in 1 to 16 languages.");
        for (const auto& [language, words] : text->by_language)
            if (!is_language(language) || !judged(words, 300, "empty")) return refuse("A poll's texts must be short, and none empty.");
    }
    Poll poll;
    poll.id = random_hex(8);
    poll.question = act.question;
    poll.options = act.options;
    poll.votes.assign(act.options.size(), 0);
    poll.made_us = now_;
    Decided decided;
    decided.result.id = poll.id;
    for (const auto& [id, before] : c_.polls.by_id)
        if (before.open) {
            Poll closed = before;
            closed.open = false;
            closed.closed_us = now_;
            decided.records.emplace_back(std::move(closed));
        }
    decided.records.emplace_back(std::move(poll));
    return decided;
}

Result<Decided> Judge::operator()(const ClosePoll& act) const {
    const Poll* found = c_.polls.find(act.poll);
    if (!found) return not_found("There is no such poll.");
    Poll poll = *found;
    if (poll.open) poll.closed_us = now_;
    poll.open = false;
    poll.results_shown = act.results_shown;
    return one(std::move(poll));
}

Result<Decided> Judge::operator()(const CastVote& act) const {
    const Poll* found = c_.polls.find(act.poll);
    if (!found) return not_found("There is no such poll.");
    if (!found->open) return conflict("The poll is closed.");
    if (act.option < 0 || static_cast<std::size_t>(act.option) >= found->options.size()) return refuse("The poll has no such answer.");
    Decided decided;
    decided.result.id = act.poll;
    Poll poll = *found;
    if (const auto votes = c_.votes.find(act.poll); votes != c_.votes.end())
        if (const auto before = votes->second.find(actor_.person); before != votes->second.end())
            --poll.votes[static_cast<std::size_t>(before->second)];
    ++poll.votes[static_cast<std::size_t>(act.option)];
    decided.records.emplace_back(std::move(poll));
    decided.records.emplace_back(Vote{act.poll, actor_.person, act.option});
    return decided;
}

}  // namespace vitrine::desk
