#pragma once
// A quote on paper: what both sides have said so far, in the buyer's language with the factory's beside it. Printable on A4 and Letter,
// without script; anybody's text is escaped.

#include <optional>
#include <string>

#include "engine/config.h"
#include "engine/desk/printing.h"
#include "engine/desk/records.h"

namespace vitrine::desk {

struct OfferPicture {
    std::string type;  ///< "image/png" or "image/jpeg"; others are left out
    std::string bytes;
};

struct OfferOptions {
    std::string language;  ///< BCP 47 primary tag; empty: the quote's own
    std::optional<OfferPicture> picture, snapshot, logo;
};

/// Reentrant.
PrintedPage offer_page(const Quote& quote, const Person& buyer, const ShowConfig& show, const OfferOptions& options);

}  // namespace vitrine::desk
