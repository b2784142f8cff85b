#pragma once
// What the buyers' API allows, per address and per person. Addresses get plenty: a whole factory may come from one.

#include "pipelines/deliver/web/rate_limit.h"

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
    /// Bodies of attachments that are being received at once.
    int uploads = 8;
};

}  // namespace vitrine::web
