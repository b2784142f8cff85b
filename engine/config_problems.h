#pragma once
// Collects what is wrong with a show folder. Everything that enters is made printable, so problems may be shown as they are.

#include <string>
#include <string_view>
#include <vector>

#include "engine/config.h"

namespace vitrine::config {

class Problems {
  public:
    static constexpr std::size_t most_kept = 200;

    void add(std::string_view file, int line, std::string_view key, std::string_view what, std::string_view hint);
    /// Nothing more is kept, only counted: sentences need no care.
    bool full() const { return kept_.size() >= most_kept; }
    std::size_t count() const { return kept_.size() + more_; }
    /// In order of file (show.toml first) and line. Past most_kept a last one counts the rest.
    std::vector<Problem> take();

  private:
    std::vector<Problem> kept_;
    std::size_t more_ = 0;
};

/// The one of `known` that `word` was most likely meant to be; empty when none is close. Case counts half a slip.
/// Optimal string alignment (Damerau-Levenshtein without edits inside a swap), at most a third of the word wrong.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// `did you mean "bench"?` or, when nothing is close, `one of "line", "bench"`.
std::string suggest(std::string_view word, const std::vector<std::string>& known);

/// The word in straight quotes, shortened for a message.
std::string in_quotes(std::string_view word);

}  // namespace vitrine::config
