#pragma once
// Documents that are made from the desk outside the web server: offers, tables, the report, the outbox. `done` may be called on any thread.
// Whatever is empty answers 404.

#include <cstdint>
#include <functional>
#include <string>

#include "engine/desk/acts.h"
#include "engine/desk/records.h"
#include "engine/result.h"

namespace vitrine {

struct DeskFile {
    std::string bytes, type;
    std::string name;    ///< of the download; empty: shown in place
    std::string policy;  ///< Content-Security-Policy of a page; empty: one that allows nothing
};

struct DeskFiles {
    using Done = std::function<void(Result<DeskFile>)>;
    /// The printable offer. not_found for somebody else's quote.
    std::function<void(std::string quote, std::string language, desk::Actor actor, Done done)> offer;
    /// "quotes.csv", "buyers.csv", "questions.csv", "orders.csv", "buyers.vcf", "report.html"; others are not_found.
    std::function<void(std::string name, std::string language, Done done)> document;
    /// JSON: {"waiting":n,"dead":[…]}.
    std::function<void(Done done)> outbox;
    std::function<void(std::int64_t number, std::function<void(Result<void>)> done)> send_again;
};

}  // namespace vitrine
