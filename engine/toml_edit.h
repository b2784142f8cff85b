#pragma once
// Changes one thing in a show's file and nothing else: comments, order, spacing and line ends of everything around it stay as somebody
// wrote them. The text is scanned into statements with byte offsets; what comes out is read again with the TOML reader, and unless exactly
// the wanted change is seen there, nothing is changed. Reentrant.

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/config.h"
#include "engine/result.h"

namespace vitrine {

/// The index-th [[callout]] of a product's file, or a fresh one behind the last. What is not given stays.
struct WriteCallout {
    std::size_t index = 0;
    bool fresh = false;
    std::string id;  ///< of a fresh one; empty: it has its number for an id
    std::optional<std::array<double, 3>> at_mm;
    std::optional<LocalText> text;
    std::optional<std::string> spec;  ///< empty: none
};
struct DropCallout {
    std::size_t index = 0;
};
/// All masks of the index-th [[camera]] of show.toml.
struct WriteMasks {
    std::size_t index = 0;
    std::vector<PrivacyMask> masks;
};
/// starts_at of [show] in show.toml; 0: not said.
struct WriteStart {
    std::int64_t starts_at_us = 0;
};
using TomlEdit = std::variant<WriteCallout, DropCallout, WriteMasks, WriteStart>;

struct FileEdit {
    std::filesystem::path file;
    TomlEdit edit;
    std::uint64_t number = 0;  ///< tells edits apart
};

/// The text with the edit made; failed, with a sentence, when it cannot be made without touching anything else.
Result<std::string> with_edit(const std::string& text, const TomlEdit& edit);

}  // namespace vitrine
