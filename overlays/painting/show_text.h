#pragma once
// What a show says, ready to be painted: its first language, and its second one where it has a text of its own there. Reentrant.

#include <string>
#include <vector>

#include "engine/config.h"
#include "engine/messages.h"

namespace vitrine {

/// The languages a picture is painted in.
struct PictureLanguages {
    std::string first = "en", second;  ///< second may be empty
    explicit PictureLanguages(const std::vector<std::string>& languages);
    bool operator==(const PictureLanguages&) const = default;
};

struct BilingualText {
    std::string first, second;  ///< second is empty when there is none or it says the same
    bool operator==(const BilingualText&) const = default;
};

BilingualText bilingual(const LocalText& text, const PictureLanguages& languages);
BilingualText bilingual_message(std::string_view key, const PictureLanguages& languages);

/// A price or quantity with the language's separators: 1234.5 with 2 decimals is "1,234.50" in en, "1.234,50" in es.
std::string number_text(double value, int decimals, const std::string& language);
/// At most two decimals and no needless zeros: 8.40 is "8.4", 24 is "24".
std::string amount_text(double value, const std::string& language);
/// At least two decimals, at most four, no zeros past the second: 4.2 is "4.20", 0.125 is "0.125".
std::string price_text(double value, const std::string& language);

}  // namespace vitrine
