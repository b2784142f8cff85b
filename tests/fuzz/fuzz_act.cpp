#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/desk/acts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string client_id;
    const auto act = vitrine::desk::act_from_json({reinterpret_cast<const char*>(data), size}, &client_id);
    if (!act) {
        if (act.error().message.empty()) std::abort();
        return 0;
    }
    // What was read is written and read again as the same.
    const std::string written = vitrine::desk::act_to_json(*act);
    const auto again = vitrine::desk::act_from_json(written);
    if (!again || vitrine::desk::act_to_json(*again) != written) std::abort();
    for (const auto role : {vitrine::desk::Role::buyer, vitrine::desk::Role::helper, vitrine::desk::Role::presenter})
        (void)vitrine::desk::allowed(*act, role);
    return 0;
}
