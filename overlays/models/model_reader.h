#pragma once
// Reads a 3D model that nobody vouches for. The parsing happens in a process of its own (overlays/reading/reader_process.h) that has no
// files, no network and bounded memory and time; what comes back is checked again here. Takes tens of milliseconds and blocks: not for a
// thread that paints.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/result.h"
#include "overlays/models/model_data.h"
#include "overlays/models/model_limits.h"
#include "overlays/reading/reader_process.h"

namespace vitrine {

/// Errors: bad_input with a sentence that reads on after the file's name ("is cut off: …"), missing when the reading program is not
/// installed. Reentrant.
Result<ModelData> read_model(const std::filesystem::path& file, const ModelLimits& limits = {}, ReaderUsage* usage = nullptr);

/// The limits on the reader's command line, and back; nullopt when a word is not a number.
std::vector<std::string> words_of(const ModelLimits& limits);
std::optional<ModelLimits> limits_of(const std::vector<std::string>& words);

}  // namespace vitrine
