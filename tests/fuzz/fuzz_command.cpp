#include <cstdlib>
#include <string_view>

#include "engine/commands.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto command = vitrine::command_from_json({reinterpret_cast<const char*>(data), size});
    if (!command && command.error().message.empty()) std::abort();
    return 0;
}
