#pragma once
// Sentences in the documents of the control API and of programs beside the panel: {"en": …, "zh": …}. What is not such is passed over:
// a document may come from an older or newer Vitrine.

#include <nlohmann/json_fwd.hpp>

#include "engine/config.h"

namespace vitrine::panel {

/// Every language under `key` that says anything; empty when `from` holds none. Reentrant.
LocalText texts_of(const nlohmann::json& from, const char* key);

}  // namespace vitrine::panel
