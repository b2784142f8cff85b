#include "overlays/tracking/target_check.h"

#include "overlays/models/model_reader.h"
#include "overlays/tracking/edge_tracker.h"

namespace vitrine {

std::vector<Problem> judge_targets(const ShowConfig& show) {
    std::vector<Problem> out;
    for (const auto& product : show.products) {
        if (!product.target || !product.target->model || !product.model) continue;
        const auto model = read_model(*product.model);
        if (!model) continue;
        const TargetConfig& target = *product.target;
        const auto made =
            EdgeModel::make({product.id, *product.model, placement_of(product), {0, 0, target.width_mm, target.height_mm}}, *model);
        if (!made)
            out.push_back({"products/" + product.file.filename().string(), 0, "target.model", "does not hold: " + made.error().message,
                           "take it out, or give another model"});
    }
    return out;
}

}  // namespace vitrine
