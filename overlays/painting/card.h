#pragma once
// The product card: name, description, specifications, price by quantity. Reentrant, but see FontBook.

#include <string>
#include <vector>

#include "overlays/painting/callout.h"

namespace vitrine {

struct CardContent {
    static constexpr std::size_t most_specs = 6, most_tiers = 4;
    struct SpecLine {
        BilingualText label;
        std::string value, unit;
        bool operator==(const SpecLine&) const = default;
    };
    struct TierLine {
        std::string quantity, price, currency;  ///< figures with the first language's separators
        bool operator==(const TierLine&) const = default;
    };
    BilingualText name, description;
    std::vector<SpecLine> specs;
    std::vector<TierLine> tiers;
    int specs_left_out = 0, tiers_left_out = 0;
    PictureLanguages languages;
    Rgb accent = look().dark.accent;  ///< of prices
    bool operator==(const CardContent&) const = default;
};

CardContent card_content(const ProductConfig& product, const PictureLanguages& languages);

/// Exactly `width` wide, at most `height` high, without the shadow. What does not fit is left out in this order: the description's second
/// language, the second language of specifications where it needs a line of its own, the description, specifications from the end (and it
/// says how many) until two are left, prices from the end until two are left, then the other specifications and prices. Empty when not even
/// the name fits.
PlateSprite render_card(const CardContent& content, const PictureScale& scale, int width, int height);

/// The name and every specification, of a product whose table was asked for: one column `width` wide or, where that would be higher than
/// `height`, two columns in `widest`. What does not fit even so is left out from the end, and it says how many.
PlateSprite render_spec_table(const ProductConfig& product, const PictureLanguages& languages, const PictureScale& scale, int width,
                              int widest, int height);

}  // namespace vitrine
