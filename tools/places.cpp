#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "tools/commands.h"

namespace vitrine {

namespace fs = std::filesystem;

int report(const Error& error) {
    std::cerr << "vitrine: " << error.message << "\n";
    return exit_code_of(error.kind);
}

fs::path own_executable() {
    std::error_code error;
    fs::path path = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path("vitrine") : path;
}

Result<fs::path> find_assets() {
    std::error_code error;
    const auto good = [&](const fs::path& p) { return fs::is_directory(p / "shows", error); };
    if (const char* named = std::getenv("VITRINE_ASSETS")) {
        if (good(named)) return fs::path(named);
        return fail(
            std::string("VITRINE_ASSETS names \"") + named + "\", which has no folder \"shows\". Point it at Vitrine's assets or unset it.",
            ErrorKind::missing);
    }
    const fs::path bin = own_executable().parent_path();
    for (const fs::path& candidate : {bin / "../share/vitrine", bin / "../../../assets", fs::path(VITRINE_SOURCE_DIR) / "assets"})
        if (good(candidate)) return fs::weakly_canonical(candidate, error);
    return fail("Vitrine's assets folder was not found. Set VITRINE_ASSETS to it.", ErrorKind::missing);
}

Result<fs::path> runtime_folder() {
    fs::path folder;
    if (const char* runtime = std::getenv("XDG_RUNTIME_DIR"); runtime && *runtime)
        folder = fs::path(runtime) / "vitrine";
    else
        folder = fs::temp_directory_path() / ("vitrine-" + std::to_string(getuid()));
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return fail("The folder " + folder.string() + " could not be made; set XDG_RUNTIME_DIR to a folder of yours.");
    struct stat info {};
    if (lstat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != getuid() || (info.st_mode & 077) != 0)
        return fail("The folder " + folder.string() + " is not private to you (owner or rights); remove it or set XDG_RUNTIME_DIR.");
    return folder;
}

}  // namespace vitrine
