#pragma once
// A camera's address as somebody typed it, tried out.

#include <filesystem>
#include <string>

#include "pipelines/source_trial.h"

namespace vitrine {

/// Paths count from `base`. Blocks for some seconds.
SourceTrial try_address(const std::string& value, const std::filesystem::path& base);

/// What it is, or what is wrong and what to do.
std::string trial_text(const SourceTrial& trial, const std::string& language);

}  // namespace vitrine
