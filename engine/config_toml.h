#pragma once
// One TOML file with line numbers, whatever bytes it holds. The parser stops at its first error and recurses without bound on dotted keys,
// so the text is judged first (size, UTF-8, depth) and, where a bad line stands alone, that line is left out and the rest is read, so that
// one slip does not hide the others. Built on toml++ 3.3 or later; its exceptions end here.

#if __has_include(<toml++/toml.hpp>)
#include <toml++/toml.hpp>
#else
#include <toml++/toml.h>
#endif

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config_problems.h"

namespace vitrine::config {

struct TomlDocument {
    std::string file;  ///< as problems name it
    std::vector<std::string> lines;
    toml::table root;
    std::shared_ptr<const std::string> text;  ///< the file as it was read, byte for byte; null for text at hand
    bool whole = true;                        ///< false: lines had to be left out, so do not complain about what seems missing

    /// A number as it was written, without underscores: `4.20` keeps its zero. Empty when it is not to be found.
    std::string literal(const toml::node& number) const;
};

/// Bytes still allowed for one show folder; reading takes from it.
struct ReadingBudget {
    std::size_t bytes = std::size_t{8} << 20;
};

constexpr std::size_t most_toml_bytes = std::size_t{1} << 20;

/// Absent when nothing of the file could be read; then a problem says why. `path` must be what ShowFolder made of it, or anything
/// at all: folders, devices and missing files are problems, not surprises.
std::optional<TomlDocument> read_toml(const std::filesystem::path& path, const std::string& name, ReadingBudget& budget,
                                      Problems& problems);

/// The same for text already at hand.
std::optional<TomlDocument> parse_toml(std::string text, const std::string& name, Problems& problems);

}  // namespace vitrine::config
