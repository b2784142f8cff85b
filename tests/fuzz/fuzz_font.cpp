#include <cstdlib>

#include "overlays/reading/font_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto facts = vitrine::check_font({data, size});
    if (facts && (facts->family.empty() || facts->glyphs <= 0)) std::abort();
    return 0;
}
