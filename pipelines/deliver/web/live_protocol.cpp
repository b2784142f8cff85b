#include "pipelines/deliver/web/live_protocol.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "pipelines/deliver/web/json_views.h"

namespace vitrine::web {

namespace {

constexpr std::uint16_t normal = 1000, unsuitable = 1007, policy = 1008, busy = 1013, not_welcome = 4401, revoked = 4403, moved = 4409;

std::shared_ptr<const std::string> text_message(const nlohmann::ordered_json& value) {
    return std::make_shared<const std::string>(write_json(value));
}

bool is_language(std::string_view text) {
    return !text.empty() && text.size() <= 35 &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '-'; });
}

}  // namespace

LiveProtocol::LiveProtocol(LiveHost& host, LiveLimits limits, Nanoseconds now, std::string cookie_token, std::string address)
    : host_(host),
      limits_(limits),
      opened_(now),
      rate_(limits.messages, 1),
      pages_(limits.pages, 1),
      token_(std::move(cookie_token)),
      address_(std::move(address)) {}

void LiveProtocol::close(std::uint16_t code, std::string reason) {
    if (closing_) return;
    closing_ = Close{code, std::move(reason)};
    if (code != normal) {
        waiting_.clear();
        snapshot_.reset();
    }
    want_scenes({});
}

void LiveProtocol::send(std::shared_ptr<const std::string> text) {
    if (closing_) return;
    if (waiting_.size() >= limits_.most_waiting) return close(busy, "This connection is too slow; connect again.");
    waiting_.push_back(std::move(text));
}

std::shared_ptr<const std::string> LiveProtocol::next() {
    if (snapshot_) return std::exchange(snapshot_, nullptr);
    if (waiting_.empty()) return nullptr;
    auto text = std::move(waiting_.front());
    waiting_.pop_front();
    return text;
}

void LiveProtocol::want_scenes(std::string peer) {
    if (peer == scenes_of_) return;
    const std::string before = std::exchange(scenes_of_, std::move(peer));
    host_.scenes_wanted(before, scenes_of_);
}

void LiveProtocol::hello(std::string_view text, Nanoseconds now) {
    const auto message = parse_object(text);
    if (!message || text_of(*message, "type") != "hello") return close(not_welcome, "Say hello with a good session first.");
    if (auto token = text_of(*message, "session")) token_ = std::move(*token);
    auto session = token_.empty() ? std::nullopt : host_.check(token_);
    if (!session) return close(not_welcome, "Say hello with a good session first.");
    if (!host_.room_for(*session, address_)) return close(busy, "The show is full; try again in a moment.");
    if (!host_.may_greet(*session, now)) return close(policy, "Too many connections; wait a moment.");
    session_ = std::move(session);
    const std::string language = text_of(*message, "language").value_or("");
    language_ = is_language(language) ? language : session_->language;
    snapshot_ = host_.newest_snapshot();
    for (auto& text : host_.whole_desk(*session_)) send(std::move(text));
}

void LiveProtocol::on_text(std::string_view text, Nanoseconds now) {
    if (closing_) return;
    if (rate_.take("", now) > 0) return close(policy, "Too many messages.");
    if (!session_) return hello(text, now);
    // Reference sessions: each message counts only while its session is good.
    check_session();
    if (closing_) return;
    const auto message = parse_object(text);
    const auto type = message ? text_of(*message, "type") : std::nullopt;
    if (!type) return close(unsuitable, "Messages are JSON objects with a type.");
    if (*type == "ping") {
        nlohmann::ordered_json answer{{"type", "pong"}};
        if (const auto t = message->find("t");
            t != message->end() && (t->is_number() || (t->is_string() && t->get_ref<const std::string&>().size() <= 64)))
            answer["t"] = *t;
        answer["time_us"] = host_.utc_us();
        send(text_message(answer));
    } else if (*type == "language") {
        if (const auto language = text_of(*message, "language"); language && is_language(*language)) language_ = *language;
    } else if (*type == "want") {
        const auto scenes = message->find("scenes");
        const std::string peer = text_of(*message, "peer").value_or("");
        const bool wanted = scenes != message->end() && scenes->is_boolean() && scenes->get<bool>();
        // Asking for a stranger's is refused, and what is wanted already goes on.
        if (!wanted || host_.owns(session_->id, peer)) want_scenes(wanted ? peer : std::string());
    } else if (*type == "earlier") {
        // Refused when asked for too often or before the last page has gone out: the page asks again.
        if (waiting_.size() < limits_.most_waiting / 4 && pages_.take("", now) == 0)
            for (auto& page : host_.earlier(*session_, text_of(*message, "list").value_or(""), text_of(*message, "before").value_or("")))
                send(std::move(page));
    } else if (*type == "quality") {
        const auto measure = [&](const char* key, double most) {
            const auto found = message->find(key);
            return found != message->end() && found->is_number() ? std::clamp(found->get<double>(), 0.0, most) : 0.0;
        };
        PresenceReport quality;
        quality.rtt_ms = measure("rtt_ms", 60'000);
        quality.loss = measure("loss", 1);
        quality.fps = measure("fps", 240);
        quality.delay_ms = measure("delay_ms", 60'000);
        quality.delay95_ms = measure("delay95_ms", 60'000);
        quality.path_kbps = measure("path_kbps", 10'000'000);
        host_.quality(*session_, quality);
    }
    // Other types are from a newer page: ignored.
}

void LiveProtocol::on_snapshot(std::shared_ptr<const std::string> text) {
    if (session_ && !closing_) snapshot_ = std::move(text);
}

void LiveProtocol::on_scene(std::shared_ptr<const std::string> text) {
    if (session_) send(std::move(text));
}

void LiveProtocol::on_desk(std::shared_ptr<const std::string> text) {
    if (session_) send(std::move(text));
}

void LiveProtocol::on_peer_gone(const std::string& peer) {
    if (peer == scenes_of_) want_scenes({});
}

void LiveProtocol::tick(Nanoseconds now) {
    if (!session_ && now - opened_ >= limits_.hello_within) close(not_welcome, "No hello came in time.");
}

void LiveProtocol::check_session() {
    if (!session_ || closing_ || host_.check(token_)) return;
    if (host_.gave_way(token_)) return close(moved, "You went on with another device.");
    close(revoked, "Your access has ended.");
}

void LiveProtocol::give_way() { close(policy, "A newer connection of the same session took this one's place."); }

void LiveProtocol::end(std::string_view reason) {
    if (closing_) return;
    if (session_) {
        if (snapshot_) waiting_.push_back(std::exchange(snapshot_, nullptr));
        waiting_.push_back(text_message({{"type", "ended"}, {"reason", reason}}));
    }
    close(normal, std::string(reason));
}

}  // namespace vitrine::web
