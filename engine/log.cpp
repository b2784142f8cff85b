#include "engine/log.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/clock.h"
#include "engine/log_rate.h"
#include "engine/printable.h"
#include "engine/source_url.h"

namespace vitrine::log {
namespace {

/// One write of at most PIPE_BUF bytes: lines of several threads do not mix, and no lock is held while writing.
constexpr std::size_t longest_line = 4096;
constexpr std::array<std::size_t, 4> value_caps{2000, 400, 100, 30};  // tried in turn until the line fits

using Secrets = std::vector<std::string>;
using Fields = std::vector<Field>;

struct Event {
    Level level;
    std::string_view room, sentence;
    const Fields& fields;
    std::int64_t utc_us;
};

struct State {
    std::atomic<Level> lowest{Level::info};
    std::atomic<bool> json{false};
    std::atomic<std::uint64_t> lost{0};
    std::mutex mutex;
    std::shared_ptr<const Secrets> secrets = std::make_shared<Secrets>();  // longest first
    LogRate rate;

    std::shared_ptr<const Secrets> known_secrets() {
        std::lock_guard lock(mutex);
        return secrets;
    }
};

State& state() {
    static State* the_state = new State;  // never destroyed: threads may log until the very end
    return *the_state;
}

std::string_view name_of(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warn:
            return "warn";
        case Level::error:
            return "error";
    }
    return "info";
}

std::string utc_text(std::int64_t utc_us) {
    std::int64_t seconds = utc_us / 1'000'000, rest = utc_us % 1'000'000;
    if (rest < 0) {
        rest += 1'000'000;
        --seconds;
    }
    const auto time = static_cast<std::time_t>(seconds);
    std::tm utc{};
    gmtime_r(&time, &utc);
    std::array<char, 80> out{};
    std::snprintf(out.data(), out.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                  utc.tm_hour, utc.tm_min, utc.tm_sec, static_cast<int>(rest / 1000));
    return out.data();
}

/// Bare when that leaves no doubt where the value ends, else in double quotes with \" and \\.
std::string text_value(std::string_view value, std::size_t longest) {
    const std::string shown = printable(value, longest);
    const bool bare = !shown.empty() && shown.find_first_of(" \"=\\") == std::string::npos;
    if (bare) return shown;
    std::string out = "\"";
    for (std::size_t i = 0; i < shown.size(); ++i) {
        // printable() has already written \n and the like; only what stood in the value itself needs escaping.
        if (shown[i] == '"') out += '\\';
        out += shown[i];
    }
    return out + "\"";
}

std::string text_line(const Event& event, std::size_t cap, std::size_t fields) {
    std::string level(name_of(event.level));
    std::transform(level.begin(), level.end(), level.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    level.resize(5, ' ');
    std::string line = utc_text(event.utc_us) + " " + level + " " + printable(event.room, 40) + ": " + printable(event.sentence, cap);
    for (std::size_t i = 0; i < fields; ++i)
        line += " " + text_value(event.fields[i].first, 60) + "=" + text_value(event.fields[i].second, cap);
    return line;
}

std::string clipped(std::string_view value, std::size_t longest) {
    if (value.size() <= longest) return std::string(value);
    while (longest > 0 && (static_cast<unsigned char>(value[longest]) & 0xc0) == 0x80) --longest;
    return std::string(value.substr(0, longest)) + "…";
}

std::string json_line(const Event& event, std::size_t cap, std::size_t fields) {
    nlohmann::ordered_json line;
    line["time"] = utc_text(event.utc_us);
    line["level"] = name_of(event.level);
    line["room"] = clipped(event.room, 40);
    line["message"] = clipped(event.sentence, cap);
    for (std::size_t i = 0; i < fields; ++i) {
        std::string name = clipped(event.fields[i].first, 60);
        while (line.contains(name)) name += "_";  // a field cannot stand in for the event's own
        line[name] = clipped(event.fields[i].second, cap);
    }
    return line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string line_of(const Event& event, bool json) {
    for (const std::size_t cap : value_caps) {
        std::string line = json ? json_line(event, cap, event.fields.size()) : text_line(event, cap, event.fields.size());
        if (line.size() < longest_line) return line;
    }
    return json ? json_line(event, value_caps.back(), 0) : text_line(event, value_caps.back(), 0);
}

void hide_in(std::string& text, const Secrets& secrets) {
    constexpr std::string_view mark = "[secret]";
    for (const auto& secret : secrets)
        for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + mark.size()))
            text.replace(at, secret.size(), mark);
}

/// False when nobody takes what is written (a full pipe, a stopped terminal): a line is lost then rather than a frame late.
bool print(std::string line) {
    line += '\n';
    pollfd out{STDERR_FILENO, POLLOUT, 0};
    if (::poll(&out, 1, 0) != 1 || (out.revents & POLLOUT) == 0) return false;
    std::string_view rest = line;
    while (!rest.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

std::string format(Level level, std::string_view room, std::string_view sentence, std::initializer_list<Field> fields, bool json,
                   std::int64_t utc_us) {
    const Fields list(fields);
    return line_of({level, room, sentence, list, utc_us}, json);
}

void set_up(Level lowest, bool json) {
    state().lowest = lowest;
    state().json = json;
}

void hide(std::string secret) {
    if (secret.size() < 8) return;
    std::lock_guard lock(state().mutex);
    auto secrets = std::make_shared<Secrets>(*state().secrets);
    if (std::find(secrets->begin(), secrets->end(), secret) != secrets->end()) return;
    secrets->push_back(std::move(secret));
    std::stable_sort(secrets->begin(), secrets->end(), [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
    state().secrets = std::move(secrets);
}

namespace {

void put(Level level, std::string_view room, std::string_view sentence, const Fields& fields) {
    auto& s = state();
    const auto secrets = s.known_secrets();
    const std::int64_t now = utc_now_us();
    const bool json = s.json;
    // Secrets are hidden before escaping could change them, and once more in the finished line.
    std::string shown_sentence = without_secrets(sentence);
    std::vector<std::string> keys;
    Fields shown;
    keys.reserve(fields.size());
    hide_in(shown_sentence, *secrets);
    for (const auto& [key, value] : fields) {
        hide_in(keys.emplace_back(key), *secrets);
        hide_in(shown.emplace_back(keys.back(), without_secrets(value)).second, *secrets);
    }
    std::string line = line_of({level, room, shown_sentence, shown, now}, json);
    hide_in(line, *secrets);
    if (const auto lost = s.lost.exchange(0); lost > 0) {
        if (!print(format(Level::warn, "log", "Lines were lost because nobody read them.", {{"lines", std::to_string(lost)}}, json, now)))
            s.lost += lost;
    }
    if (!print(std::move(line))) ++s.lost;
}

}  // namespace

void write(Level level, std::string_view room, std::string_view sentence, std::initializer_list<Field> fields) {
    auto& s = state();
    if (level < s.lowest.load()) return;
    LogRate::Verdict verdict;
    {
        std::lock_guard lock(s.mutex);
        verdict = s.rate.judge(level, room, sentence, steady_now());
    }
    if (!verdict.print) return;
    Fields all(fields);
    if (verdict.left_out > 0) all.emplace_back("left_out", std::to_string(verdict.left_out));
    put(level, room, sentence, all);
}

void set_rate(Rate rate) {
    std::lock_guard lock(state().mutex);
    state().rate = LogRate(rate);
}

void tell_left_out(bool at_the_end) {
    auto& s = state();
    std::vector<LogRate::Count> counts;
    {
        std::lock_guard lock(s.mutex);
        counts = s.rate.counts(steady_now(), at_the_end);
    }
    for (const LogRate::Count& count : counts)
        put(count.level, "log", "More lines like one before were left out.",
            {{"room", count.room}, {"sentence", count.sentence}, {"left_out", std::to_string(count.left_out)}});
}

}  // namespace vitrine::log
