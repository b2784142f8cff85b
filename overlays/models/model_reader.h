#pragma once
// Reads a 3D model that nobody vouches for. The parsing happens in a process of its own (overlays/reading) that has no file system, no
// network and bounded memory and time; what comes back is checked again here. Takes tens of milliseconds and blocks: not for a thread that
// paints.

#include <filesystem>

#include "engine/result.h"
#include "overlays/models/model_data.h"
#include "overlays/models/model_limits.h"

namespace vitrine {

/// Errors: bad_input with a sentence that reads on after the file's name ("is cut off: …"), missing when the reading program is not
/// installed. Reentrant.
Result<ModelData> read_model(const std::filesystem::path& file, const ModelLimits& limits = {});

}  // namespace vitrine
