#pragma once
// The show's own sentences (notices, refusals) in the presenter's language. The show says them in English; what is not known here stays so.

#include <string>

namespace vitrine::panel {

/// Reentrant.
std::string show_sentence(const std::string& english, const std::string& language);

}  // namespace vitrine::panel
