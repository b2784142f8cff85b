#include "engine/show_desk.h"

#include <algorithm>
#include <cstdlib>

#include "engine/buyers.h"
#include "engine/desk/record_json.h"
#include "engine/log.h"

namespace vitrine {
namespace {

using namespace desk;

constexpr Nanoseconds ms = 1'000'000;
constexpr Nanoseconds least_gap = 20 * ms;
constexpr Nanoseconds presence_gap = 250 * ms;
constexpr Nanoseconds counts_gap = 10'000 * ms;
constexpr std::int64_t minute_us = 60'000'000;
constexpr Nanoseconds sweep_gap = 3'600'000 * ms;
constexpr std::int64_t hour_us = 3'600'000'000;
constexpr std::size_t most_remembered = 100'000;

std::string key_of(const Actor& actor) { return actor.person + "\n" + actor.client_id; }

bool ends_access(const Record& record) {
    if (const auto* invite = std::get_if<InviteRecord>(&record)) return invite->revoked_us != 0;
    if (const auto* seat = std::get_if<Seat>(&record)) return seat->ended_us != 0;
    return std::holds_alternative<Erasure>(record);
}

tl::unexpected<Error> full() {
    return fail("Your request could not be stored. Nothing was sent; please try again in a minute.", ErrorKind::no_space);
}

/// A file's name as its owner called it, without the path that some browsers send.
std::string bare_name(const std::string& name) {
    const std::string last = name.substr(name.find_last_of("/\\") + 1);
    return last.empty() ? "file" : last;
}

}  // namespace

ShowDesk::ShowDesk(std::shared_ptr<const ShowConfig> config, Store* store, KeptDesk kept, std::function<void(std::function<void()>)> post)
    : config_(std::move(config)), store_(store), post_(std::move(post)), ahead_(config_), settled_(config_), up_us_(kept.swept.up_us) {
    for (const Record& record : kept.records) settled_.apply(record);
    for (Upload& upload : kept.uploads) settled_.uploaded(std::move(upload));
    if (!kept.link_key.empty()) settled_.use_link_key(std::move(kept.link_key));
    settled_.aside(std::move(kept.aside_people));
    ahead_ = settled_;
    for (const Acknowledged& one : kept.acknowledged) {
        const auto json = nlohmann::json::parse(one.result, nullptr, false);
        if (!json.is_object()) continue;
        remember(one.person + "\n" + one.client_id, {json.value("id", ""), json.value("number", ""), {}});
    }
    sweep_at_ = steady_now() + sweep_gap;
    swept(kept.swept);
}

void ShowDesk::remember(const std::string& key, const ActResult& result) {
    Asked& asked = asked_[key];
    // An invite's secret is told once.
    asked.result = ActResult{result.id, result.number, {}};
    asked.waiting.clear();
    asked_order_.push_back(key);
    if (asked_order_.size() < 2 * most_remembered) return;
    for (std::size_t i = 0; i < most_remembered; ++i) asked_.erase(asked_order_[i]);
    asked_order_.erase(asked_order_.begin(), asked_order_.begin() + most_remembered);
}

void ShowDesk::answer(Done done, Result<ActResult> result) {
    answers_.push_back([done = std::move(done), result = std::move(result)] { call_safely(done, result); });
}

void ShowDesk::act(Act act, Actor actor, Done done) {
    const std::string key = key_of(actor);
    const bool named = !actor.client_id.empty();
    if (named) {
        if (const auto before = asked_.find(key); before != asked_.end()) {
            if (before->second.result) return answer(std::move(done), *before->second.result);
            return before->second.waiting.push_back(std::move(done));
        }
    }
    const std::int64_t now_us = utc_now_us();
    auto decided = ahead_.decide(act, actor, now_us);
    if (decided && std::holds_alternative<MakeInvite>(act))
        for (Record& record : decided->records)
            if (auto* invite = std::get_if<InviteRecord>(&record)) invite->made_up_us = up_us();
    if (!decided) return answer(std::move(done), tl::unexpected<Error>(decided.error()));
    if (!decided->result.secret.empty()) log::hide(decided->result.secret);

    // What is not kept happens at once.
    if (const auto* react = std::get_if<React>(&act)) {
        settled_.react(react->kind);
        if (actor.role == Role::buyer) count(react->kind, now_us);
        dirty_ = true;
        return answer(std::move(done), decided->result);
    }
    if (const auto* hand = std::get_if<RaiseHand>(&act)) {
        const bool raised = settled_.raise_hand(hand->person.empty() ? actor.person : hand->person, hand->up, now_us) && hand->up;
        if (raised && actor.role == Role::buyer) count("hand", now_us);
        dirty_ = true;
        return answer(std::move(done), decided->result);
    }

    if (std::holds_alternative<ShowLink>(act)) return answer(std::move(done), decided->result);

    std::optional<Acknowledged> acknowledged;
    if (named) {
        asked_[key];
        ActResult told = decided->result;
        told.secret.clear();
        acknowledged = Acknowledged{actor.person, actor.client_id, act_result_to_json(told).dump()};
        done = [this, key, done = std::move(done)](Result<ActResult> result) {
            // Who asked again meanwhile is told the same; what failed may be tried again.
            std::vector<Done> waiting = std::exchange(asked_[key].waiting, {});
            if (result) {
                remember(key, *result);
            } else {
                asked_.erase(key);
            }
            call_safely(done, result);
            if (result) result->secret.clear();
            for (const Done& one : waiting) call_safely(one, result);
        };
    }
    submit(std::move(*decided), std::move(acknowledged), std::move(done));
}

void ShowDesk::put_orders(const std::vector<Order>& orders, std::function<void(Result<std::vector<OrderRefusal>>)> done) {
    std::vector<OrderRefusal> refused;
    Decided decided = ahead_.decide_orders(orders, utc_now_us(), refused);
    if (decided.records.empty()) {
        answers_.push_back([done, refused = std::move(refused)] { call_safely(done, Result<std::vector<OrderRefusal>>(refused)); });
        return;
    }
    submit(std::move(decided), std::nullopt, [done](const Result<ActResult>& kept) {
        using Answer = Result<std::vector<OrderRefusal>>;
        call_safely(done, kept ? Answer(std::vector<OrderRefusal>{}) : Answer(tl::unexpected<Error>(kept.error())));
    });
}

void ShowDesk::submit(Decided decided, std::optional<Acknowledged> acknowledged, Done done) {
    if (failing_) return answer(std::move(done), full());
    std::vector<OutboxEntry> events;
    if (make_events && !decided.records.empty()) {
        try {
            events = make_events(decided.records, ahead_);
        } catch (const std::exception& problem) {
            log::error("desk", "no events could be made for the factory's systems", {{"what", problem.what()}});
        }
    }
    for (const Record& record : decided.records) ahead_.apply(record);
    std::vector<Record> ended;
    std::copy_if(decided.records.begin(), decided.records.end(), std::back_inserter(ended), ends_access);
    if (!ended.empty()) endings.tell(ended);

    ++in_flight_;
    auto records = std::make_shared<const std::vector<Record>>(std::move(decided.records));
    auto settled = [this, records, result = std::move(decided.result), done = std::move(done)](Result<void> kept) {
        settle(*records, kept);
        if (kept) {
            answer(done, result);
        } else {
            answer(done, tl::unexpected<Error>(kept.error().kind == ErrorKind::no_space ? full().value() : kept.error()));
        }
    };
    if (!store_) return settled(Result<void>());
    store_->write(
        {*records, std::move(events), std::move(acknowledged), std::exchange(afresh_, false)},
        [post = post_, settled = std::move(settled)](Result<void> kept) { post([settled, kept = std::move(kept)] { settled(kept); }); });
}

void ShowDesk::settle(const std::vector<Record>& records, const Result<void>& kept) {
    --in_flight_;
    if (kept) {
        for (const Record& record : records) settled_.apply(record);
        news_.insert(news_.end(), records.begin(), records.end());
        if (told_full_) {
            told_full_ = false;
            log::info("desk", "What buyers send can be stored again.");
            notices_.push_back("What buyers send can be stored again.");
        }
    } else {
        failing_ = true;
        if (!told_full_) {
            told_full_ = true;
            log::error("desk", "What buyers send cannot be stored.", {{"why", kept.error().message}});
            notices_.push_back("What buyers send cannot be stored: " + kept.error().message + " They are told to try again.");
        }
    }
    if (failing_ && in_flight_ == 0) {
        ahead_ = settled_;
        failing_ = false;
        afresh_ = true;
    }
}

void ShowDesk::arrive(const Arrival& arrival, Done done) {
    auto decided = ahead_.decide_arrival(arrival, utc_now_us());
    if (!decided) return answer(std::move(done), tl::unexpected<Error>(decided.error()));
    submit(std::move(*decided), std::nullopt, std::move(done));
}

void ShowDesk::leave(const std::string& seat, Done done) {
    auto decided = ahead_.decide_leave(seat, utc_now_us());
    submit(std::move(*decided), std::nullopt, std::move(done));
}

void ShowDesk::attach(std::string name, std::string type, std::string bytes, const Actor& actor,
                      std::function<void(Result<Attachment>)> done) {
    const auto refuse = [&](Error error) {
        answers_.push_back([done, error = std::move(error)] { call_safely(done, Result<Attachment>(tl::unexpected<Error>(error))); });
    };
    if (!store_) return refuse({ErrorKind::failed, "This show keeps no files."});
    Attachment attachment;
    attachment.sha256 = sha256_hex(bytes);
    // The same file under the same client id is the same attachment, so sending again makes no second one.
    attachment.id = sha256_hex(actor.person + "\n" + actor.client_id + "\n" + attachment.sha256).substr(0, 32);
    attachment.name = bare_name(name);
    attachment.type = std::move(type);
    attachment.bytes = static_cast<std::int64_t>(bytes.size());
    if (const Upload* before = settled_.upload(attachment.id)) {
        answers_.push_back([done, again = before->attachment] { call_safely(done, Result<Attachment>(again)); });
        return;
    }
    if (auto may = ahead_.decide_upload(actor.person, attachment.bytes); !may) return refuse(may.error());
    if (uploads_on_their_way_[actor.person] >= 5) return refuse({ErrorKind::conflict, "5 files are on their way already; wait a moment."});
    ++uploads_on_their_way_[actor.person];
    store_->put_attachment(
        attachment, actor.person, std::move(bytes), [this, post = post_, attachment, person = actor.person, done](Result<void> kept) {
            post([this, attachment, person, done, kept = std::move(kept)] {
                if (--uploads_on_their_way_[person] <= 0) uploads_on_their_way_.erase(person);
                if (kept) {
                    const Upload upload{attachment, person, utc_now_us()};
                    ahead_.uploaded(upload);
                    settled_.uploaded(upload);
                    call_safely(done, Result<Attachment>(attachment));
                } else {
                    const bool no_space = kept.error().kind == ErrorKind::no_space;
                    call_safely(done, Result<Attachment>(tl::unexpected<Error>(no_space ? full().value() : kept.error())));
                }
            });
        });
}

std::optional<Attachment> ShowDesk::attachment_for(const std::string& id, const Actor& actor) const {
    const bool staff = actor.role != Role::buyer;
    if (const Upload* upload = settled_.upload(id); upload && (staff || upload->person == actor.person)) return upload->attachment;
    for (const Quote& quote : settled_.view()->quotes)
        for (const Attachment& attachment : quote.attachments)
            if (attachment.id == id && (staff || quote.person == actor.person)) return attachment;
    return std::nullopt;
}

void ShowDesk::find_attachment(const std::string& id, const Actor& actor, std::function<void(Result<Attachment>)> done) {
    const auto found = store_ ? attachment_for(id, actor) : std::nullopt;
    answers_.push_back(
        [done, found] { call_safely(done, found ? Result<Attachment>(*found) : fail("There is no such file.", ErrorKind::not_found)); });
}

void ShowDesk::attachment(const std::string& id, const Actor& actor, std::function<void(Result<Show::AttachmentFile>)> done) {
    const std::optional<Attachment> found = attachment_for(id, actor);
    if (!found || !store_) {
        answers_.push_back(
            [done] { call_safely(done, Result<Show::AttachmentFile>(fail("There is no such file.", ErrorKind::not_found))); });
        return;
    }
    store_->get_attachment(id, [post = post_, found = *found, done](Result<std::string> bytes) {
        post([found, done, bytes = std::move(bytes)]() mutable {
            if (!bytes) return call_safely(done, Result<Show::AttachmentFile>(tl::unexpected<Error>(bytes.error())));
            call_safely(done, Result<Show::AttachmentFile>(Show::AttachmentFile{std::move(found), std::move(*bytes)}));
        });
    });
}

void ShowDesk::happened(std::vector<Happening> happenings) {
    if (happenings.empty()) return;
    Decided decided;
    for (Happening& happening : happenings) decided.records.emplace_back(std::move(happening));
    submit(std::move(decided), std::nullopt, nullptr);
}

void ShowDesk::present(const PresenceReport& report) {
    const auto view = settled_.view();
    const auto before = view->presence.find(report.person);
    const int sockets = before == view->presence.end() ? 0 : before->second.sockets;
    Presence now;
    now.sockets = std::max(0, report.sockets);
    now.seen_us = utc_now_us();
    now.rtt_ms = report.rtt_ms;
    now.loss = report.loss;
    now.fps = report.fps;
    now.delay_ms = report.delay_ms;
    now.delay95_ms = report.delay95_ms;
    now.path_kbps = report.path_kbps;
    settled_.present(report.person, now);
    dirty_ = true;
    if ((sockets > 0) == (now.sockets > 0) || !settled_.person(report.person)) return;
    happened({{now.seen_us, now.sockets > 0 ? "came" : "went", report.person, report.seat}});
}

void ShowDesk::count(const std::string& what, std::int64_t now_us) {
    if (counted_.empty()) counts_due_ = steady_now() + counts_gap;
    const std::int64_t minute = now_us - now_us % minute_us;
    const auto found = std::find_if(counted_.begin(), counted_.end(), [&](const Tally& one) {
        return one.minute_us == minute && one.product == pinned_ && one.what == what;
    });
    if (found != counted_.end())
        ++found->count;
    else
        counted_.push_back({minute, pinned_, what, 1});
}

void ShowDesk::keep_counts() {
    if (counted_.empty() || failing_) return;
    Decided decided;
    for (Tally& one : std::exchange(counted_, {})) {
        one.count += ahead_.tally(one.minute_us, one.product, one.what);
        decided.records.emplace_back(std::move(one));
    }
    submit(std::move(decided), std::nullopt, nullptr);
}

void ShowDesk::everybody_goes() {
    keep_counts();
    std::vector<Happening> went;
    for (const auto& [person, presence] : settled_.view()->presence)
        if (presence.sockets > 0) went.push_back({utc_now_us(), "went", person, {}});
    happened(std::move(went));
}

void ShowDesk::sweep(Nanoseconds now) {
    sweep_at_ = now + sweep_gap;
    if (!store_) return;
    store_->sweep(config_->desk.keep_days, [this, post = post_](const Store::Swept& result) {
        post([this, result] {
            ahead_.put_aside(result.records);
            settled_.put_aside(result.records);
            swept(result);
            dirty_ = true;
        });
    });
}

std::string ShowDesk::restore_command() const {
    const auto data = store_->file().parent_path();
    const bool own = data.lexically_normal() == (config_->folder / "data").lexically_normal();
    return "vitrine restore " + config_->folder.string() + (own ? std::string() : " --data " + data.string());
}

void ShowDesk::swept(const Store::Swept& now) {
    const auto say = [&](std::string sentence) {
        log::warn("desk", sentence);
        notices_.push_back(std::move(sentence));
    };
    const std::int64_t hours = (std::abs(now.clock_ahead_us) + hour_us / 2) / hour_us;
    const std::string days = std::to_string(hours / 24), rest = std::to_string(hours % 24);
    if (now.clock_ahead_us < -hour_us)
        say("This machine's clock is " + days + " days and " + rest +
            " hours behind where it was when this show was last open. If it is wrong now, set it; nothing is erased because of a clock.");
    if (now.clock_ahead_us > (now.clock_certain ? hour_us : 180 * us_per_day))
        say("This machine's clock went " + days + " days and " + rest +
            " hours ahead since this show was last open. If it is wrong now, set it; nothing is erased because of a clock.");
    if (now.put_aside > 0)
        say(std::to_string(now.put_aside) + " records are older than the " + std::to_string(config_->desk.keep_days) +
            " days for which this show keeps them and have been put aside. They are erased after " + std::to_string(Store::grace_days) +
            " days. To have them back, end the show and run: " + restore_command());
    else if (now.aside > 0 && now.before_us != 0 && !told_aside_)
        say(std::to_string(now.aside) +
            " old records are put aside and will be erased. To have them back, end the show and run: " + restore_command());
    if (now.erased > 0) say(std::to_string(now.erased) + " old records that had been put aside have been erased for good.");
    told_aside_ = told_aside_ || now.aside > 0;
    dirty_ = true;
}

std::optional<Nanoseconds> ShowDesk::due() const {
    if (!news_.empty() || !answers_.empty()) return published_at_ + gap_;
    if (dirty_) return published_at_ + std::max(gap_, presence_gap);
    return counted_.empty() ? sweep_at_ : std::min(counts_due_, sweep_at_);
}

ShowDesk::News ShowDesk::publish(Nanoseconds now) {
    if (now >= sweep_at_) sweep(now);
    if (now >= counts_due_) keep_counts();
    News news;
    news.settled = std::exchange(news_, {});
    const Nanoseconds begin = steady_now();
    news.view = settled_.view();
    // A large desk takes longer to show: it is shown less often, so that showing takes a tenth of the thread at most.
    gap_ = std::max(least_gap, 10 * (steady_now() - begin));
    news.answers = std::exchange(answers_, {});
    dirty_ = false;
    published_at_ = now;
    return news;
}

}  // namespace vitrine
