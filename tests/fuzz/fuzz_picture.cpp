#include <cstdlib>

#include "engine/picture_metadata.h"
#include "overlays/reading/picture_decoder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (const auto plain = vitrine::without_metadata({reinterpret_cast<const char*>(data), size})) {
        if (plain->size() > size + 36 || vitrine::without_metadata(*plain) != plain) std::abort();
    }
    const auto picture = vitrine::decode_picture({data, size}, 512, 65'536);
    if (!picture) return 0;
    const auto header = vitrine::picture_header({data, size});
    if (!header ||
        picture->rgba.size() != std::size_t{4} * static_cast<std::size_t>(picture->width) * static_cast<std::size_t>(picture->height))
        std::abort();
    return 0;
}
