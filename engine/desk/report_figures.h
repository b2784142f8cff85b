#pragma once
// The numbers of the report after a show, from its records. Of a store that has seen several shows, the last one counts, with what was
// asked and said since the one before ended.

#include <map>
#include <string>
#include <vector>

#include "engine/desk/history.h"

namespace vitrine::desk {

struct ReportFigures {
    std::int64_t since_us = 0;                                ///< what was made before belongs to an earlier show
    std::int64_t started_us = 0, ended_us = 0;                ///< from going live to the end (or to now); 0: was never live
    std::int64_t live_us = 0;                                 ///< of that, on air
    std::vector<std::pair<std::int64_t, std::int64_t>> live;  ///< when it was on air

    struct Step {
        std::int64_t at_us = 0;
        int people = 0;  ///< from here on
    };
    std::vector<Step> attendance;  ///< between started_us and ended_us, the first at started_us
    int people = 0, peak = 0;      ///< buyers who were there at all, most at once
    std::int64_t mean_stay_us = 0;

    struct Pin {
        std::string product;
        std::int64_t from_us = 0, to_us = 0;
    };
    std::vector<Pin> pins;  ///< between started_us and ended_us

    struct OfProduct {
        std::int64_t on_air_us = 0;  ///< pinned while live
        double mean_watching = 0;    ///< during that
        int questions = 0, points = 0, quotes = 0, reactions = 0, hands = 0;
        std::int64_t quantity = 0;  ///< of quotes not withdrawn or declined
    };
    std::map<std::string, OfProduct> products;

    struct Chapter {
        std::int64_t at_us = 0;
        std::string title;
    };
    std::vector<Chapter> chapters;

    /// By currency: sums of the last word in each quote with a price.
    struct Total {
        std::int64_t open_e4 = 0, accepted_e4 = 0;
    };
    std::map<std::string, Total> totals;
    int questions = 0, unanswered = 0, quotes = 0, accepted = 0, points = 0, hands = 0;
    std::map<std::string, int> reactions;  ///< by kind
    struct Minute {
        std::int64_t at_us = 0;
        int count = 0;
    };
    std::vector<Minute> liveliness;                   ///< reactions and raised hands of each minute that had any
    std::map<std::string, int> countries, languages;  ///< of the buyers who were there; "": not said
};

/// Reentrant.
ReportFigures report_figures(const History& history, std::int64_t now_us);

/// Whether a question still waits for an answer.
bool unanswered(const Message& message);

}  // namespace vitrine::desk
