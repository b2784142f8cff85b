#include "engine/snapshot.h"

namespace vitrine {

std::string_view to_string(CameraState state) {
    switch (state) {
        case CameraState::connecting:
            return "connecting";
        case CameraState::live:
            return "live";
        case CameraState::frozen:
            return "frozen";
        case CameraState::lost:
            return "lost";
        case CameraState::mask_failed:
            return "mask_failed";
    }
    return "unknown";
}

}  // namespace vitrine
