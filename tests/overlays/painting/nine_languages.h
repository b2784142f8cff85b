#pragma once
// One product in nine languages with every element that a picture can hold, each text of a kind that is easily set wrong: joined and
// right-to-left letters with figures and Latin between them, marks above and below, Han in two national forms.

#include <memory>
#include <string>

#include "engine/config.h"

namespace vitrine::painting_test {

/// `language` is one of en zh es pt ar he hi th ja. Target 120 × 80 mm.
std::shared_ptr<ShowConfig> show_in(const std::string& language);

}  // namespace vitrine::painting_test
