#pragma once
// What the sockets are told of the desk. A change is rendered once for everybody, once for the presenter's side, and once more only for
// those whose own records are in it: two hundred sockets cost one text. Net thread only; no socket, no clock.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/desk/desk.h"

namespace vitrine::web {

using Text = std::shared_ptr<const std::string>;
using Texts = std::vector<Text>;

/// No socket message is longer.
inline constexpr std::size_t most_socket_text = 16 * 1024;

class DeskFeed {
  public:
    explicit DeskFeed(NamesShown names = NamesShown::first) : names_(names) {}

    /// Of what was kept before: who voted for what (a view has only the sums), and what everybody has seen.
    void remember(const std::vector<desk::Record>& records);

    /// One change as its audiences see it.
    class News {
      public:
        const Texts& for_viewer(const desk::Actor& viewer) const;

      private:
        friend class DeskFeed;
        Texts everybody_, staff_;
        std::map<std::string, Texts> own_;  ///< by person
    };
    /// `ticker`: orders are shown.
    News news(const std::vector<desk::Record>& settled, const desk::DeskView& view, bool ticker);
    /// The ticker was switched on (all orders) or off (all gone).
    Texts ticker(const desk::DeskView& view, bool on) const;
    /// How many are there; nothing when nothing has changed since the last call.
    Text room(const desk::DeskView& view);
    /// Reactions since the last call; nothing when there were none.
    Text reactions(const desk::DeskView& view);

    /// For one who has just come: of each list a page of the newest, besides one's own newest and what is pinned. `earlier` in the last
    /// text names for each list that goes on where to ask further, so that nobody is kept out by how much others have said.
    Texts whole(const desk::DeskView& view, const desk::Actor& viewer, bool ticker) const;
    /// The page before that place ("messages", "points", "quotes", "orders", "people"); nothing for an unknown list or place.
    Texts earlier(const desk::DeskView& view, const desk::Actor& viewer, bool ticker, const std::string& list,
                  const std::string& before) const;

    /// A page of a list has at most so many records and bytes, its first record whatever its size. Five first pages are half of what may
    /// wait for one socket (LiveLimits::most_waiting).
    struct PageSize {
        std::size_t records, bytes;
    };
    static constexpr PageSize first_page{500, 384 * 1024}, later_page{100, 64 * 1024};

  private:
    struct Seen;
    struct Place;
    class Pager;
    void note_votes(const std::vector<desk::Record>& records);
    void note_public(const std::vector<desk::Record>& records);
    int vote_of(const std::string& poll, const std::string& person) const;  ///< -1: none
    void put(Seen& seen, const desk::Record& record, const desk::DeskView& view, const desk::Actor& viewer, bool ticker) const;

    NamesShown names_;                    ///< to other buyers
    std::string poll_;                    ///< whose votes are remembered
    std::map<std::string, int> votes_;    ///< by person
    std::set<std::string> public_;        ///< "message/…", "point/…": told to everybody, so everybody hears when it goes
    std::map<std::string, int> counted_;  ///< reactions told so far
    int people_ = -1, hands_ = -1;
};

}  // namespace vitrine::web
