#pragma once
// What is left when a show is over, on paper: who watched when, what was shown and asked, which quotes are worth what, and what to do next.

#include <string>

#include "engine/config.h"
#include "engine/desk/history.h"
#include "engine/desk/printing.h"

namespace vitrine::desk {

struct ReportOptions {
    std::string language;  ///< "en" or "zh"; others are English
    std::int64_t now_us = 0;
};

/// Reentrant.
PrintedPage report_page(const History& history, const ShowConfig& show, const ReportOptions& options);

}  // namespace vitrine::desk
