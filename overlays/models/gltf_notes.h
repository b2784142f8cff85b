#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace vitrine {

/// Each sentence once, and not more than a person reads.
inline void note(std::vector<std::string>& notes, std::string sentence) {
    if (notes.size() < 20 && std::find(notes.begin(), notes.end(), sentence) == notes.end()) notes.push_back(std::move(sentence));
}

}  // namespace vitrine
