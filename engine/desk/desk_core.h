#pragma once
// What a desk holds. For desk.cpp and the judges alone.

#include <deque>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "engine/desk/desk.h"
#include "engine/desk/link_key.h"

namespace vitrine::desk {

// So that memory is bounded whatever people send. What is more than these gives way, oldest first, or is refused with a sentence.
constexpr std::size_t most_messages = 20'000, most_messages_of_one = 1000;
constexpr std::size_t most_messages_in_view = 500;
constexpr std::size_t most_points = 10'000, most_open_points_of_one = 3;
constexpr std::size_t most_polls = 200;
constexpr std::size_t most_quotes = 2000, most_quotes_of_one = 50, most_rounds = 50;
constexpr std::size_t most_orders = 5000;
constexpr std::size_t most_invites = 5000;  ///< that still let people in
/// Who came by open links and left; twice desk.max_people if that is more. Beyond it those give way who left nothing behind.
constexpr std::size_t most_people = 10'000, most_people_at_once = 100;
constexpr std::size_t most_happenings = 50'000, most_tallies = 50'000;
constexpr std::size_t most_uploads = 5000, most_waiting_uploads_of_one = 5;
constexpr std::int64_t most_upload_bytes = 5 << 20, most_kept_upload_bytes = std::int64_t{2} << 30;
/// What guests of open links may fill of any of these; the rest is kept for those invited by name and for the presenter's side, so that
/// a link that went astray neither refuses them nor pushes out what they wrote.
template <class Number>
constexpr Number for_guests(Number most) {
    return most / 4 * 3;
}

struct Desk::Core {
    explicit Core(std::shared_ptr<const ShowConfig> config) : show(std::move(config)), link_key(new_link_key()) {}

    /// Things in the order in which they were made; equal times by id. What is new is behind what is there, also when the clock was set
    /// back meanwhile: the newest must not be taken for the oldest, which gives way.
    using Order_ = std::set<std::pair<std::int64_t, std::string>>;
    template <class T>
    struct Listed {
        std::map<std::string, T> by_id;
        Order_ by_time;
        std::map<std::string, std::int64_t> later;  ///< places of those that the clock would have put before others

        std::int64_t place(const T& value) const {
            const auto found = later.find(value.id);
            return found == later.end() ? value.made_us : found->second;
        }
        void put(const T& value) {
            if (const auto found = by_id.find(value.id); found != by_id.end()) {
                const std::int64_t at = place(found->second);
                by_time.erase({at, value.id});
                if (value.made_us != at) later[value.id] = at;
            } else if (!by_time.empty() && value.made_us < by_time.rbegin()->first) {
                later[value.id] = by_time.rbegin()->first + 1;
            }
            by_time.insert({place(value), value.id});
            by_id.insert_or_assign(value.id, value);
        }
        void erase(const std::string& id) {
            const auto found = by_id.find(id);
            if (found == by_id.end()) return;
            by_time.erase({place(found->second), id});
            later.erase(id);
            by_id.erase(found);
        }
        T* find(const std::string& id) {
            const auto found = by_id.find(id);
            return found == by_id.end() ? nullptr : &found->second;
        }
        const T* find(const std::string& id) const { return const_cast<Listed*>(this)->find(id); }
        template <class Gone>
        void erase_if(Gone gone) {
            for (auto it = by_id.begin(); it != by_id.end();) {
                if (!gone(std::as_const(it->second))) {
                    ++it;
                    continue;
                }
                by_time.erase({place(it->second), it->first});
                later.erase(it->first);
                it = by_id.erase(it);
            }
        }
        std::size_t size() const { return by_id.size(); }
    };

    std::shared_ptr<const ShowConfig> show;
    std::string link_key;
    Listed<InviteRecord> invites;
    std::map<std::string, Person> people;
    std::set<std::string> aside_people;  ///< ids; the store knows more
    Listed<Seat> seats;
    std::map<std::string, std::set<std::string>> seats_of;  ///< person -> seats that have not ended
    std::map<std::string, std::size_t> seats_by;            ///< invite -> how many of them
    Listed<Message> messages;
    std::map<std::string, std::size_t> messages_of;
    std::map<std::string, std::set<std::string>> likings;  ///< message -> people
    Listed<Point> points;
    Listed<Poll> polls;
    std::map<std::string, std::map<std::string, int>> votes;  ///< poll -> person -> option
    Listed<Quote> quotes;
    Listed<Order> orders;
    std::deque<Happening> happenings;
    std::map<std::tuple<std::int64_t, std::string, std::string>, int> tallies;  ///< minute, product, what -> count
    std::map<std::string, Upload> uploads;
    int last_quote_number = 0;

    std::map<std::string, Presence> presence;
    std::map<std::string, int> reactions;

    std::uint64_t version = 0;   ///< counts changes
    mutable DeskViewPtr newest;  ///< null: made at the next view()

    void changed() {
        ++version;
        newest = nullptr;
    }

    void put(const InviteRecord& r);
    void put(const Person& r);
    void put(const Seat& r);
    void put(const Message& r);
    void put(const Liking& r);
    void put(const Point& r);
    void put(const Poll& r);
    void put(const Vote& r);
    void put(const Quote& r);
    void put(const Order& r);
    void put(const Happening& r);
    void put(const Tally& r);
    void put(const Erasure& r);
    void put(const Removal& r);
    void count_seats();
    void remove_person(const std::string& person);
    /// How many are in the show by open links.
    std::size_t crowd() const;
    /// The oldest of those who came by an open link, are gone and left nothing behind.
    std::vector<std::string> traceless(std::size_t most) const;
    void count_likes(const std::string& message);
    void count_votes(const std::string& poll);
    void make_room();
    void erase_message(const std::string& id);
    void use_uploads(const Quote& quote);
};

}  // namespace vitrine::desk
