#include "engine/config_problems.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "engine/printable.h"
#include "engine/source_url.h"

namespace vitrine::config {
namespace {

constexpr std::size_t longest_word = 64;

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// In half slips: a wrong, missing, extra or swapped letter costs 2, wrong case 1.
int half_slips(std::string_view a, std::string_view b) {
    auto cost = [](char x, char y) { return x == y ? 0 : lower(x) == lower(y) ? 1 : 2; };
    std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = static_cast<int>(2 * i);
    for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = static_cast<int>(2 * j);
    for (std::size_t i = 1; i <= a.size(); ++i)
        for (std::size_t j = 1; j <= b.size(); ++j) {
            d[i][j] = std::min({d[i - 1][j] + 2, d[i][j - 1] + 2, d[i - 1][j - 1] + cost(a[i - 1], b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 2);
        }
    return d[a.size()][b.size()];
}

}  // namespace

void Problems::add(std::string_view file, int line, std::string_view key, std::string_view what, std::string_view hint) {
    if (kept_.size() >= most_kept) {
        ++more_;
        return;
    }
    kept_.push_back({printable(file, 300), line, printable(key, 200), printable(without_secrets(what), 600), printable(hint, 600)});
}

std::vector<Problem> Problems::take() {
    auto rank = [](const Problem& p) { return p.file.empty() ? 0 : p.file == "show.toml" ? 1 : 2; };
    std::stable_sort(kept_.begin(), kept_.end(), [&](const Problem& a, const Problem& b) {
        if (rank(a) != rank(b)) return rank(a) < rank(b);
        if (a.file != b.file) return a.file < b.file;
        return a.line < b.line;
    });
    if (more_ > 0)
        kept_.push_back({"", 0, "", std::to_string(more_) + " more problems are not listed", "mend these first, then check again"});
    more_ = 0;
    return std::move(kept_);
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
    if (word.empty() || word.size() > longest_word) return {};
    std::string best;
    int least = 0;
    for (const auto& candidate : known) {
        const int longer = static_cast<int>(std::max(word.size(), candidate.size()));
        const int allowed = std::max(2, longer * 2 / 3);  // half slips: one slip in short words, a third of longer ones
        if (candidate.size() > longest_word || std::abs(static_cast<int>(word.size()) - static_cast<int>(candidate.size())) * 2 > allowed)
            continue;
        const int slips = half_slips(word, candidate);
        if (slips > allowed || slips >= 2 * longer) continue;
        if (best.empty() || slips < least) {
            best = candidate;
            least = slips;
        }
    }
    return best;
}

std::string suggest(std::string_view word, const std::vector<std::string>& known) {
    if (const std::string meant = nearest(word, known); !meant.empty()) return "did you mean " + in_quotes(meant) + "?";
    if (known.empty()) return {};
    if (known.size() == 1) return "the only one is " + in_quotes(known.front());
    std::string list;
    constexpr std::size_t most = 16;
    for (std::size_t i = 0; i < known.size() && i < most; ++i) list += (i ? ", " : "") + in_quotes(known[i]);
    return "one of " + list + (known.size() > most ? ", …" : "");
}

std::string in_quotes(std::string_view word) { return "\"" + printable(without_secrets(word), 80) + "\""; }

}  // namespace vitrine::config
