#include <cstdlib>

#include "overlays/models/model_parser.h"

// Limits small enough that thousands are read in a second; the checks are the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    vitrine::ModelLimits limits;
    limits.file_bytes = 1 << 20;
    limits.json_values = 20'000;
    limits.vertices = limits.triangles = 20'000;
    limits.nodes = limits.meshes = 500;
    limits.image_side = 256;
    limits.decoded_bytes = 1 << 20;
    const auto model = vitrine::parse_model({data, size}, limits);
    if (model && !vitrine::judge_model_data(*model, limits)) std::abort();
    if (!model && model.error().message.empty()) std::abort();
    return 0;
}
