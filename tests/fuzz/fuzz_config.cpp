// One input is show.toml, then a line of four dashes, then a product.

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "engine/config.h"

namespace {

std::filesystem::path make_folder() {
    std::string name = std::filesystem::exists("/dev/shm") ? "/dev/shm/vitrine-fuzz-XXXXXX" : "/tmp/vitrine-fuzz-XXXXXX";
    if (!mkdtemp(name.data())) std::abort();
    std::filesystem::create_directory(name + "/products");
    return name;
}

void write(const std::filesystem::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::filesystem::path folder = make_folder();
    static const bool tidied = std::atexit([] {
                                   std::error_code error;
                                   std::filesystem::remove_all(folder, error);
                               }) == 0;
    (void)tidied;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto dashes = text.find("\n----\n");
    write(folder / "show.toml", text.substr(0, dashes));
    write(folder / "products/p.toml", dashes == std::string_view::npos ? std::string_view() : text.substr(dashes + 6));
    const auto loaded = vitrine::load_show(folder);
    if (loaded.show.has_value() == !loaded.problems.empty()) std::abort();
    for (const auto& problem : loaded.problems)
        if (problem.what.empty()) std::abort();
    return 0;
}
