#include <cstdlib>

#include "engine/scene_frame.h"
#include "pipelines/encode/sei.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (const auto frame = vitrine::scene_frame_from_cbor({data, size})) {
        // What was accepted can be written, and reads the same again.
        const auto again = vitrine::scene_frame_from_cbor(vitrine::to_cbor(*frame));
        if (!again || vitrine::to_cbor(*again) != vitrine::to_cbor(*frame)) std::abort();
    }
    vitrine::sei_position({data, size});
    if (const auto message = vitrine::find_scene_sei({data, size})) (void)vitrine::scene_frame_from_cbor(*message);
    return 0;
}
