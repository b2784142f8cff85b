#pragma once
// Values as they are written into a show's files (TOML 1.0). Reentrant.

#include <string>
#include <string_view>

#include "engine/config.h"

namespace vitrine {

/// A basic string: one line, whatever stands in it. `text` is UTF-8.
std::string toml_string(std::string_view text);
/// An inline table, one key per language.
std::string toml_texts(const LocalText& text);

}  // namespace vitrine
