#include "engine/log_rate.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vitrine::log {

void LogRate::refill(Kind& kind, Nanoseconds now) const {
    const double minutes = static_cast<double>(std::max<Nanoseconds>(0, now - kind.at)) / 60e9;
    kind.tokens = std::min(rate_.at_once, kind.tokens + minutes * rate_.per_minute);
    kind.at = std::max(kind.at, now);
}

LogRate::Kind& LogRate::kind_of(Level level, std::string_view room, std::string_view sentence, Nanoseconds now) {
    std::string key(1, static_cast<char>('0' + static_cast<int>(level)));
    key.append(room).append(1, '\n').append(sentence);
    if (const auto found = kinds_.find(key); found != kinds_.end()) return found->second;
    if (kinds_.size() >= most_kinds) {
        // Quiet ones make room.
        for (auto it = kinds_.begin(); it != kinds_.end();) {
            refill(it->second, now);
            it = it->second.tokens >= rate_.at_once && it->second.count.left_out == 0 ? kinds_.erase(it) : std::next(it);
        }
    }
    if (kinds_.size() < most_kinds)
        return kinds_.emplace(key, Kind{{level, std::string(room), std::string(sentence), 0}, rate_.at_once, now}).first->second;
    return kinds_.emplace("", Kind{{level, "log", "lines of many kinds", 0}, rate_.at_once, now}).first->second;
}

LogRate::Verdict LogRate::judge(Level level, std::string_view room, std::string_view sentence, Nanoseconds now) {
    Kind& kind = kind_of(level, room, sentence, now);
    refill(kind, now);
    if (kind.tokens >= 1) {
        kind.tokens -= 1;
        return {true, std::exchange(kind.count.left_out, 0)};
    }
    if (kind.count.left_out++ == 0) kind.since = now;
    return {false, 0};
}

std::vector<LogRate::Count> LogRate::counts(Nanoseconds now, bool all) {
    std::vector<Count> told;
    for (auto& [key, kind] : kinds_) {
        if (kind.count.left_out == 0 || (!all && now - kind.since < count_after)) continue;
        told.push_back(kind.count);
        kind.count.left_out = 0;
    }
    return told;
}

}  // namespace vitrine::log
