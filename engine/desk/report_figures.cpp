#include "engine/desk/report_figures.h"

#include <algorithm>
#include <set>

#include "engine/desk/money.h"

namespace vitrine::desk {
namespace {

/// Walks through what happened once, keeping what is open: the stretch on air, the pin, the seats that are there.
class Walk {
  public:
    explicit Walk(ReportFigures& figures) : f_(figures) {}

    void take(const Happening& e) {
        if (e.kind == "session") take_session(e);
        if (e.kind == "pinned") pin(e.what, e.at_us);
        if (e.kind == "chapter") f_.chapters.push_back({e.at_us, e.what});
        if (e.kind == "came" && seats_.emplace(e.more, Sitting{e.what, e.at_us}).second) ++present_[e.what];
        if (e.kind == "went") leave(e.more, e.at_us);
        newest_us_ = e.at_us;
        count(e.at_us);
    }

    void finish(std::int64_t now_us) {
        const std::int64_t end = f_.ended_us != 0 ? f_.ended_us : now_us;
        stop_live(end);
        close_pin(end);
        everybody_leaves(end);
        if (f_.started_us != 0 && f_.ended_us == 0) f_.ended_us = end;
    }

    /// What each buyer was there for, in µs.
    const std::map<std::string, std::int64_t>& stays() const { return stays_; }
    const std::vector<ReportFigures::Step>& steps() const { return steps_; }

  private:
    struct Sitting {
        std::string person;
        std::int64_t since_us;
    };

    void take_session(const Happening& e) {
        if (e.what == "live") {
            if (f_.started_us == 0) f_.started_us = e.at_us;
            if (live_since_us_ == 0) live_since_us_ = e.at_us;
            return;
        }
        if (e.what == "ready" && live_since_us_ != 0) {
            // The program was killed while on air and has come back: nobody said when it stopped.
            stop_live(newest_us_);
            close_pin(newest_us_);
            everybody_leaves(newest_us_);
            return;
        }
        stop_live(e.at_us);
        if (e.what == "ended") {
            if (f_.started_us != 0) f_.ended_us = e.at_us;
            close_pin(e.at_us);
        }
    }

    void stop_live(std::int64_t at) {
        if (live_since_us_ != 0 && at > live_since_us_) {
            f_.live.emplace_back(live_since_us_, at);
            f_.live_us += at - live_since_us_;
        }
        live_since_us_ = 0;
    }

    void pin(const std::string& product, std::int64_t at) {
        close_pin(at);
        pinned_ = product;
        pinned_since_us_ = at;
    }
    void close_pin(std::int64_t at) {
        if (!pinned_.empty() && at > pinned_since_us_) f_.pins.push_back({pinned_, pinned_since_us_, at});
        pinned_.clear();
    }

    void leave(const std::string& seat, std::int64_t at) {
        const auto found = seats_.find(seat);
        if (found == seats_.end()) return;
        const std::string person = found->second.person;
        stays_[person] += std::max<std::int64_t>(0, at - found->second.since_us);
        if (const auto there = present_.find(person); there != present_.end() && --there->second <= 0) present_.erase(there);
        seats_.erase(found);
    }
    void everybody_leaves(std::int64_t at) {
        while (!seats_.empty()) leave(std::string(seats_.begin()->first), at);
        count(at);
    }

    void count(std::int64_t at) {
        const int people = static_cast<int>(present_.size());
        if (!steps_.empty() && steps_.back().people == people) return;
        if (!steps_.empty() && steps_.back().at_us == at)
            steps_.back().people = people;
        else
            steps_.push_back({at, people});
    }

    ReportFigures& f_;
    std::int64_t live_since_us_ = 0, pinned_since_us_ = 0, newest_us_ = 0;
    std::string pinned_;
    std::map<std::string, Sitting> seats_;
    std::map<std::string, int> present_;  ///< seats of each person
    std::map<std::string, std::int64_t> stays_;
    std::vector<ReportFigures::Step> steps_;
};

/// The steps between two times, the first at `from`.
std::vector<ReportFigures::Step> between(const std::vector<ReportFigures::Step>& steps, std::int64_t from, std::int64_t to) {
    std::vector<ReportFigures::Step> cut{{from, 0}};
    for (const auto& step : steps) {
        if (step.at_us >= to) break;
        if (step.at_us <= from)
            cut.front().people = step.people;
        else
            cut.push_back(step);
    }
    return cut;
}

/// Person-µs of `steps` between two times.
double watched(const std::vector<ReportFigures::Step>& steps, std::int64_t from, std::int64_t to) {
    double sum = 0;
    const auto cut = between(steps, from, to);
    for (std::size_t i = 0; i < cut.size(); ++i)
        sum += static_cast<double>(cut[i].people) * static_cast<double>((i + 1 < cut.size() ? cut[i + 1].at_us : to) - cut[i].at_us);
    return sum;
}

void fill_products(ReportFigures& f) {
    std::map<std::string, double> person_us;
    for (auto& pin : f.pins) {
        for (const auto& [from, to] : f.live) {
            const std::int64_t begin = std::max(pin.from_us, from), end = std::min(pin.to_us, to);
            if (end <= begin) continue;
            f.products[pin.product].on_air_us += end - begin;
            person_us[pin.product] += watched(f.attendance, begin, end);
        }
        pin.from_us = std::max(pin.from_us, f.started_us);
        pin.to_us = std::min(pin.to_us, f.ended_us);
    }
    std::erase_if(f.pins, [](const auto& pin) { return pin.to_us <= pin.from_us; });
    for (auto& [id, product] : f.products)
        if (product.on_air_us > 0) product.mean_watching = person_us[id] / static_cast<double>(product.on_air_us);
}

void count_records(const History& history, ReportFigures& f) {
    for (const Message& m : history.messages) {
        if (m.kind != MessageKind::question || m.made_us < f.since_us) continue;
        ++f.questions;
        if (unanswered(m)) ++f.unanswered;
        ++f.products[m.moment.product].questions;
    }
    for (const Point& p : history.points) {
        if (p.made_us < f.since_us) continue;
        ++f.points;
        ++f.products[p.product].points;
    }
    for (const Quote& q : history.quotes) {
        if (q.made_us < f.since_us) continue;
        ++f.quotes;
        auto& product = f.products[q.product];
        ++product.quotes;
        if (q.state == QuoteState::declined || q.state == QuoteState::withdrawn) continue;
        const QuoteRound last = q.rounds.empty() ? QuoteRound{} : q.rounds.back();
        const std::int64_t quantity = last.quantity > 0 ? last.quantity : q.quantity;
        product.quantity += quantity;
        if (q.state == QuoteState::accepted) ++f.accepted;
        const auto sum = sum_of(last.unit_price, quantity);
        if (!sum) continue;
        auto& total = f.totals[sum->currency];
        add_to(q.state == QuoteState::accepted ? total.accepted_e4 : total.open_e4, sum->e4);
    }
    for (const Tally& t : history.tallies) {
        // A minute in which a show ended and another began is the earlier one's.
        if (t.minute_us < f.since_us) continue;
        const bool hand = t.what == "hand";
        (hand ? f.hands : f.reactions[t.what]) += t.count;
        auto& product = f.products[t.product];
        (hand ? product.hands : product.reactions) += t.count;
        if (f.liveliness.empty() || f.liveliness.back().at_us != t.minute_us) f.liveliness.push_back({t.minute_us, 0});
        f.liveliness.back().count += t.count;
    }
    f.products.erase("");
}

}  // namespace

bool unanswered(const Message& message) {
    return message.kind == MessageKind::question && message.answer.empty() && message.answered_us == 0 &&
           (message.state == MessageState::waiting || message.state == MessageState::shown);
}

ReportFigures report_figures(const History& history, std::int64_t now_us) {
    ReportFigures f;
    // The last show: what comes after the last end that another show on air followed.
    std::int64_t last_live = 0, end = 0;
    for (const Happening& e : history.happenings)
        if (e.kind == "session" && e.what == "live") last_live = e.at_us;
    for (const Happening& e : history.happenings)
        if (e.kind == "session" && e.what == "ended" && e.at_us < last_live) end = e.at_us;
    f.since_us = end;

    std::set<std::string> buyers;
    for (const auto& [id, person] : history.people)
        if (person.role == Role::buyer) buyers.insert(id);
    Walk walk(f);
    for (const Happening& e : history.happenings) {
        if (e.at_us < f.since_us) continue;
        if ((e.kind == "came" || e.kind == "went") && !buyers.contains(e.what)) continue;
        walk.take(e);
    }
    walk.finish(std::max(now_us, history.happenings.empty() ? now_us : history.happenings.back().at_us));

    std::int64_t stay = 0;
    for (const auto& [id, us] : walk.stays()) {
        stay += us;
        ++f.people;
        const Person& person = history.people.at(id);
        ++f.countries[person.country];
        ++f.languages[person.language];
    }
    if (f.people > 0) f.mean_stay_us = stay / f.people;
    if (f.started_us != 0) {
        f.attendance = between(walk.steps(), f.started_us, f.ended_us);
        for (const auto& step : f.attendance) f.peak = std::max(f.peak, step.people);
        fill_products(f);
    }
    count_records(history, f);
    return f;
}

}  // namespace vitrine::desk
