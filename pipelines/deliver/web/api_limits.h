#pragma once
// What the buyers' API allows, per address and per person. Addresses get plenty: a whole factory may come from one.

#include "pipelines/deliver/web/rate_limit.h"
#include "pipelines/deliver/web/shares.h"

namespace vitrine::web {

struct ApiLimits {
    // Per address. Who guesses secrets is stopped by the second, which only wrong ones use up.
    Rate join_per_address{200, 120};
    Rate bad_secret_per_address{10, 10};
    // Per person.
    Rate model{20, 20};
    Rate chat{5, 30};
    Rate question{10, 10};
    Rate reaction{30, 30};
    Rate point{12, 12};
    Rate quote{5, 0.5};
    Rate offer{10, 10};
    Rate attachment{10, 1};
    Rate still{10, 10};
    Rate translation{60, 60};
    Rate other{60, 60};
    Rate path{3, 2};
    // All together.
    Rate path_together{2, 30};
    // Per session.
    Rate hello{20, 60};
    std::size_t sockets = 8;
    // Guests of open links together: what makes a record for others to read (messages, points, quotes).
    Rate guests_per_address{150, 300};
    Rate guests_per_link{300, 600};
    // Shares (shares.h): all, kept for invited people, for the presenter's side, per person, per address, per link.
    Share all_sockets{400, 60, 20, 0, 200, 280};
    /// Bodies of attachments that are being received at once.
    Share uploads{8, 2, 1, 2, 4, 4};
    /// Texts that wait for the translation service, which takes one at a time; fewer than the translator lets wait.
    Share translations{60, 15, 5, 3, 20, 30};
};

}  // namespace vitrine::web
