#pragma once
// How long a model takes in a 1280 × 720 program picture, on whatever this machine renders with.

#include <filesystem>
#include <string>
#include <vector>

#include "engine/result.h"

namespace vitrine {

struct ModelBenchFigures {
    std::string device, what;  ///< "4 samples", "1 sample", "half size", "exploded", "x-ray", "section"; each from half a metre
    std::size_t triangles = 0;
    int width = 0, height = 0;        ///< of the rectangle rendered, px
    double render_ms_median = 0;      ///< wall time
    double render_cpu_ms_median = 0;  ///< processor time of all threads: in software rendering takes several
    double blend_ms_median = 0;       ///< of the calling thread
};

/// Takes some seconds. Fails with what read_model() and ModelRenderer::create() fail with.
Result<std::vector<ModelBenchFigures>> run_model_bench(const std::filesystem::path& model);

}  // namespace vitrine
