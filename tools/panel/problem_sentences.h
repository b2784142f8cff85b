#pragma once
// What is wrong with a show folder, and what would be right, in the presenter's language. load_show says it in English; what is not known
// here stays so, and names of keys and files stay what they are in every language.

#include <string>

namespace vitrine::panel {

/// Of Problem::what or Problem::hint. Reentrant.
std::string problem_sentence(const std::string& english, const std::string& language);

}  // namespace vitrine::panel
