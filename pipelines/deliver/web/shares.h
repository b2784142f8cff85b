#pragma once
// Who may take which share of what there is for all. An open link may be in anybody's hands and makes a person of each who joins, so what
// its guests take together is bounded too: by address, by link, and by what is kept for those who were invited by name and for the
// presenter's side. The table of all shares is in README.md; each row is asked in one place. Plain values, no clock, no lock.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "engine/buyers.h"

namespace vitrine::web {

enum class Standing {
    guest,    ///< came by an open link
    invited,  ///< by a link of their own
    staff     ///< a helper or the presenter
};

struct Holder {
    Standing standing = Standing::guest;
    std::string device, person, link, address;  ///< device: the session; address: as address_key() has it
};
Holder holder_of(const BuyerSession& session, const std::string& address);

struct Share {
    int all = 0;
    int kept_for_invited = 0;  ///< of all: not for guests
    int kept_for_staff = 0;    ///< of all: for neither
    int per_person = 0;        ///< 0: no bound, here and below
    int per_address = 0;       ///< people of one standing; loopback gets more, see WebInside
    int per_link = 0;          ///< guests of one open link

    int for_invited() const { return all - kept_for_staff; }
    int for_guests() const { return for_invited() - kept_for_invited; }
};

/// Which bound is reached; the narrowest that is.
enum class Taken { by_person, by_address, by_link, by_all };

/// Whether `asks` may take one more beside those who hold one; nothing: they may.
std::optional<Taken> taken(const Share& share, const Holder& asks, const std::vector<const Holder*>& there, double address_scale = 1);

/// Of so many viewers a tenth is kept for invited people and a thirtieth for the presenter's side; guests of one address have two thirds,
/// guests of one link nine tenths of the guests' places.
Share share_of_viewers(int all);

}  // namespace vitrine::web
