#pragma once

#include <optional>

#include "overlays/models/model_data.h"
#include "overlays/models/model_limits.h"
#include "overlays/reading/wire.h"

namespace vitrine {

void write_model(const ModelData& model, WireWriter& out);
/// Whatever the source holds, the result keeps model_data.h's promises and the limits; nullopt otherwise.
std::optional<ModelData> read_model(WireReader& in, const ModelLimits& limits);

}  // namespace vitrine
