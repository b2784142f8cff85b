#include "pipelines/deliver/web/desk_feed.h"

#include <algorithm>
#include <charconv>
#include <compare>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/desk/record_json.h"
#include "engine/desk/shown_name.h"

namespace vitrine::web {

namespace {

using desk::Actor;
using desk::Record;
using desk::Role;
using Json = nlohmann::json;

constexpr std::size_t room_for_frame = 512;  // of one message around its lists

std::string dump(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }
Text text_of(const Json& value) { return std::make_shared<const std::string>(dump(value)); }

const Actor anybody{Role::buyer, "", ""};
const Actor anyone_of_staff{Role::helper, "", ""};

bool is_staff(const Actor& viewer) { return viewer.role != Role::buyer; }

/// Lists of records as messages that are none too long.
class Pages {
  public:
    explicit Pages(std::string start) : start_(std::move(start)) {}

    void add(const char* list, const Json& item) { add(list, dump(item)); }
    void add(const char* list, std::string item) {
        if (size_ + item.size() + room_for_frame > most_socket_text) turn();
        size_ += item.size() + 1;
        lists_[list].push_back(std::move(item));
    }
    bool empty() const { return done_.empty() && lists_.empty(); }
    /// `end`: more members for the last message.
    Texts finish(const std::string& end = {}) {
        if (size_ + end.size() + room_for_frame > most_socket_text && size_ > 0) turn();
        turn(end);
        return std::move(done_);
    }

  private:
    void turn(const std::string& end = {}) {
        std::string text = start_;
        for (const auto& [list, items] : lists_) {
            text += ",\"" + list + "\":[";
            for (std::size_t i = 0; i < items.size(); ++i) text += (i > 0 ? "," : "") + items[i];
            text += "]";
        }
        done_.push_back(std::make_shared<const std::string>(text + end + "}"));
        lists_.clear();
        size_ = 0;
    }

    std::string start_;
    std::map<std::string, std::vector<std::string>> lists_;
    std::size_t size_ = 0;
    Texts done_;
};

/// A message or a point with its author's name as the viewer may know it. `shown`: as they may see it, perhaps without its person;
/// `whole`: with.
template <class T>
Json signed_view(const T& shown, const T& whole, const desk::DeskView& view, const Actor& viewer, NamesShown names) {
    Json json = desk::to_json(shown);
    const auto author = view.people.find(whole.person);
    const bool known = author != view.people.end();
    const bool all = is_staff(viewer) || whole.person == viewer.person;
    json["name"] = known ? desk::shown_name(author->second.name, all ? NamesShown::full : names) : std::string();
    return json;
}

Json poll_view(const desk::Poll& poll, int mine) {
    Json json = desk::to_json(poll);
    json["mine"] = mine < 0 ? Json(nullptr) : Json(mine);
    return json;
}

Json named(Json json, const char* record) {
    json["record"] = record;
    return json;
}

int hands_of(const desk::DeskView& view) {
    return static_cast<int>(std::count_if(view.presence.begin(), view.presence.end(), [](const auto& one) { return one.second.hand; }));
}

int people_of(const desk::DeskView& view) {
    return static_cast<int>(
        std::count_if(view.presence.begin(), view.presence.end(), [](const auto& one) { return one.second.sockets > 0; }));
}

/// Whose own view of the record differs from everybody's.
void concerned(const Record& record, std::set<std::string>& people) {
    const auto add = [&](const std::string& person) {
        if (!person.empty()) people.insert(person);
    };
    std::visit(
        [&]<class T>(const T& r) {
            if constexpr (std::is_same_v<T, desk::Person>) add(r.id);
            if constexpr (requires { r.person; } && !std::is_same_v<T, desk::InviteRecord>) add(r.person);
            if constexpr (std::is_same_v<T, desk::Message>) add(r.to);
        },
        record);
}

}  // namespace

/// What one audience sees of one change.
struct DeskFeed::Seen {
    Pages pages{R"({"type":"desk")"};
    std::set<std::string> said;  ///< a vote and its poll's sum come together, and are one
};

const Texts& DeskFeed::News::for_viewer(const Actor& viewer) const {
    if (viewer.role != Role::buyer) return staff_;
    const auto found = own_.find(viewer.person);
    return found == own_.end() ? everybody_ : found->second;
}

void DeskFeed::remember(const std::vector<Record>& records) {
    note_votes(records);
    note_public(records);
}

void DeskFeed::note_votes(const std::vector<Record>& records) {
    for (const Record& record : records) {
        if (const auto* poll = std::get_if<desk::Poll>(&record); poll && poll->id != poll_) {
            poll_ = poll->id;
            votes_.clear();
        } else if (const auto* vote = std::get_if<desk::Vote>(&record); vote && vote->poll == poll_) {
            votes_[vote->person] = vote->option;
        }
    }
}

void DeskFeed::note_public(const std::vector<Record>& records) {
    const auto note = [&](const std::string& key, bool there) {
        if (there) {
            public_.insert(key);
        } else {
            public_.erase(key);
        }
    };
    for (const Record& record : records) {
        const bool shown = desk::as_seen_by(record, anybody).has_value();
        if (const auto* message = std::get_if<desk::Message>(&record)) note("message/" + message->id, shown);
        if (const auto* point = std::get_if<desk::Point>(&record))
            note("point/" + point->id, shown && point->state != desk::PointState::done);
    }
}

int DeskFeed::vote_of(const std::string& poll, const std::string& person) const {
    const auto found = poll == poll_ ? votes_.find(person) : votes_.end();
    return found == votes_.end() ? -1 : found->second;
}

void DeskFeed::put(Seen& seen, const Record& record, const desk::DeskView& view, const Actor& viewer, bool ticker) const {
    const auto gone = [&](const char* kind, const std::string& id) { seen.pages.add("gone", Json{{"record", kind}, {"id", id}}); };
    if (const auto* removal = std::get_if<desk::Removal>(&record)) {
        if (is_staff(viewer) || (removal->kind == "order" && ticker)) gone(removal->kind.c_str(), removal->id);
        return;
    }
    // A vote is told as the poll with its sums.
    if (std::holds_alternative<desk::Vote>(record) || std::holds_alternative<desk::Poll>(record)) {
        if (!view.poll || !seen.said.insert("poll").second) return;
        const auto shown = desk::as_seen_by(*view.poll, viewer);
        if (!shown) return;
        const auto& poll = std::get<desk::Poll>(*shown);
        seen.pages.add("put", named(poll_view(poll, vote_of(poll.id, viewer.person)), "poll"));
        return;
    }
    const auto shown = desk::as_seen_by(record, viewer);
    std::visit(
        [&]<class T>(const T& r) {
            if constexpr (std::is_same_v<T, desk::Message>) {
                if (shown) {
                    seen.pages.add("put", named(signed_view(std::get<T>(*shown), r, view, viewer, names_), "message"));
                } else if (public_.contains("message/" + r.id)) {
                    gone("message", r.id);
                }
            } else if constexpr (std::is_same_v<T, desk::Point>) {
                const bool over = r.state == desk::PointState::done;
                if (shown && !over) {
                    seen.pages.add("put", named(signed_view(std::get<T>(*shown), r, view, viewer, names_), "point"));
                } else if (shown || public_.contains("point/" + r.id)) {
                    gone("point", r.id);
                }
            } else if constexpr (std::is_same_v<T, desk::Quote>) {
                if (shown) seen.pages.add("put", named(desk::to_json(std::get<T>(*shown)), "quote"));
            } else if constexpr (std::is_same_v<T, desk::Person>) {
                if (shown) seen.pages.add("put", named(desk::to_json(std::get<T>(*shown)), "person"));
            } else if constexpr (std::is_same_v<T, desk::Order>) {
                if (shown && (ticker || is_staff(viewer))) seen.pages.add("put", named(desk::to_json(std::get<T>(*shown)), "order"));
            }
        },
        record);
}

DeskFeed::News DeskFeed::news(const std::vector<Record>& settled, const desk::DeskView& view, bool ticker) {
    note_votes(settled);
    std::set<std::string> people;
    for (const Record& record : settled) concerned(record, people);
    const auto seen_by = [&](const Actor& viewer) {
        Seen seen;
        for (const Record& record : settled) put(seen, record, view, viewer, ticker);
        return seen.pages.empty() ? Texts() : seen.pages.finish();
    };
    News news;
    news.everybody_ = seen_by(anybody);
    news.staff_ = seen_by(anyone_of_staff);
    for (const std::string& person : people) news.own_[person] = seen_by({Role::buyer, person, ""});
    note_public(settled);
    return news;
}

Texts DeskFeed::ticker(const desk::DeskView& view, bool on) const {
    Pages pages(R"({"type":"desk")");
    for (const desk::Order& order : view.orders) {
        if (!on) {
            pages.add("gone", Json{{"record", "order"}, {"id", order.id}});
        } else if (const auto shown = desk::as_seen_by(order, anybody)) {
            pages.add("put", named(desk::to_json(std::get<desk::Order>(*shown)), "order"));
        }
    }
    return pages.empty() ? Texts() : pages.finish();
}

Text DeskFeed::room(const desk::DeskView& view) {
    const int people = people_of(view), hands = hands_of(view);
    if (people == people_ && hands == hands_) return nullptr;
    people_ = people;
    hands_ = hands;
    return text_of({{"type", "desk"}, {"people", people}, {"hands", hands}});
}

Text DeskFeed::reactions(const desk::DeskView& view) {
    Json counts = Json::object();
    for (const auto& [kind, count] : view.reactions) {
        const auto told = counted_.find(kind);
        const int fresh = count - (told == counted_.end() ? 0 : told->second);
        if (fresh > 0) counts[kind] = fresh;
    }
    counted_ = view.reactions;
    if (counts.empty()) return nullptr;
    return text_of({{"type", "reactions"}, {"counts", std::move(counts)}});
}

/// Where a list goes on: everything before it is older.
struct DeskFeed::Place {
    std::int64_t us = std::numeric_limits<std::int64_t>::max();
    std::string id;
    auto operator<=>(const Place&) const = default;

    std::string text() const { return std::to_string(us) + "-" + id; }
    static std::optional<Place> read(std::string_view text) {
        Place place;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), place.us);
        if (error != std::errc() || end == text.data() + text.size() || *end != '-') return std::nullopt;
        place.id = std::string(text.substr(static_cast<std::size_t>(end - text.data()) + 1));
        return place;
    }
};

/// One viewer's pages of the lists of a view.
class DeskFeed::Pager {
  public:
    Pager(const desk::DeskView& view, const Actor& viewer, bool ticker, NamesShown names)
        : view_(view), viewer_(viewer), ticker_(ticker), names_(names) {}

    /// Adds the page before `before`; false: there is no such list for this viewer.
    bool add(Pages& pages, const std::string& list, const Place& before) {
        const auto with_name = [&](const auto& shown, const auto& whole) { return signed_view(shown, whole, view_, viewer_, names_); };
        const auto plain = [](const auto& shown, const auto&) { return desk::to_json(shown); };
        if (list == "messages") {
            add(pages, list, before, view_.messages, with_name);
        } else if (list == "points") {
            add(pages, list, before, view_.points, with_name);
        } else if (list == "quotes") {
            add(pages, list, before, view_.quotes, plain);
        } else if (list == "orders" && (ticker_ || is_staff(viewer_))) {
            add(pages, list, before, view_.orders, plain);
        } else if (list == "people" && is_staff(viewer_)) {
            // What a helper needs to know of the others.
            add(pages, list, before, view_.people, [](const auto& shown, const auto&) { return named(desk::to_json(shown), "person"); });
        } else {
            return false;
        }
        return true;
    }
    /// By list; null: nothing is left of a list that was asked for.
    const Json& goes_on() const { return goes_on_; }

  private:
    template <class T>
    static const T& record_of(const T& record) {
        return record;
    }
    template <class T>
    static const T& record_of(const std::pair<const std::string, T>& entry) {
        return entry.second;
    }
    template <class T>
    static Place place_of(const T& record) {
        if constexpr (std::is_same_v<T, desk::Person>)
            return {record.joined_us, record.id};
        else
            return {record.made_us, record.id};
    }
    /// Comes with the first page however old it is.
    template <class T>
    bool always(const T& record) {
        if constexpr (requires { record.pinned; })
            if (record.pinned) return true;
        if constexpr (requires { record.person; })
            if (!viewer_.person.empty() && record.person == viewer_.person) return own_++ < most_own;
        return false;
    }

    template <class Records, class Render>
    void add(Pages& pages, const std::string& list, const Place& before, const Records& records, Render render) {
        using T = std::decay_t<decltype(record_of(*records.begin()))>;
        std::vector<const T*> newest_first;
        newest_first.reserve(records.size());
        for (const auto& entry : records)
            if (const T& record = record_of(entry); place_of(record) < before) newest_first.push_back(&record);
        std::sort(newest_first.begin(), newest_first.end(), [](const T* a, const T* b) { return place_of(*b) < place_of(*a); });

        const bool first = before == Place();
        const PageSize most = first ? first_page : later_page;
        std::vector<std::string> items;
        std::size_t count = 0, bytes = 0;
        bool full = false;
        own_ = 0;
        std::optional<Place> oldest;
        for (const T* record : newest_first) {
            if (full && !(first && always(*record))) continue;
            std::optional<Record> seen;
            if constexpr (std::is_same_v<T, desk::Person>)
                seen = *record;
            else
                seen = desk::as_seen_by(*record, viewer_);
            if (!seen) continue;
            std::string item = dump(render(std::get<T>(*seen), *record));
            if (!full && count > 0 && (count >= most.records || bytes + item.size() > most.bytes)) {
                full = true;
                if (!(first && always(*record))) continue;
            }
            if (!full) {
                ++count;
                bytes += item.size();
                oldest = place_of(*record);
            }
            items.push_back(std::move(item));
        }
        goes_on_[list] = full ? Json(oldest->text()) : Json(nullptr);
        // As they are in the view: the oldest first.
        for (auto item = items.rbegin(); item != items.rend(); ++item) pages.add(list == "people" ? "put" : list.c_str(), std::move(*item));
    }

    static constexpr int most_own = 30;
    const desk::DeskView& view_;
    const Actor& viewer_;
    bool ticker_;
    NamesShown names_;
    int own_ = 0;
    Json goes_on_ = Json::object();
};

namespace {

/// The members of an object as the end of another's text.
std::string members_of(const Json& object) {
    std::string text = dump(object);
    text.front() = ',';
    text.pop_back();
    return text;
}

}  // namespace

Texts DeskFeed::whole(const desk::DeskView& view, const Actor& viewer, bool ticker) const {
    Pages pages(R"({"type":"desk","full":true)");
    Pager pager(view, viewer, ticker, names_);
    for (const char* list : {"messages", "points", "quotes", "orders", "people"}) pager.add(pages, list, Place());
    Json earlier = pager.goes_on();
    for (auto it = earlier.begin(); it != earlier.end();) it = it->is_null() ? earlier.erase(it) : std::next(it);
    Json poll = nullptr;
    if (view.poll)
        if (const auto shown = desk::as_seen_by(*view.poll, viewer))
            poll = poll_view(std::get<desk::Poll>(*shown), vote_of(view.poll->id, viewer.person));
    const auto me = view.people.find(viewer.person);
    return pages.finish(members_of({{"me", me == view.people.end() ? Json(nullptr) : desk::to_json(me->second)},
                                    {"poll", std::move(poll)},
                                    {"reactions", view.reactions},
                                    {"hands", hands_of(view)},
                                    {"people", people_of(view)},
                                    {"earlier", std::move(earlier)},
                                    {"last", true}}));
}

Texts DeskFeed::earlier(const desk::DeskView& view, const Actor& viewer, bool ticker, const std::string& list,
                        const std::string& before) const {
    const auto place = Place::read(before);
    if (!place) return {};
    Pages pages("{\"type\":\"desk\",\"page\":\"" + list + "\"");
    Pager pager(view, viewer, ticker, names_);
    if (!pager.add(pages, list, *place)) return {};
    return pages.finish(members_of({{"earlier", pager.goes_on()}}));
}

}  // namespace vitrine::web
