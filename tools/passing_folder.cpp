#include "tools/passing_folder.h"

#include <stdlib.h>

#include <utility>

namespace vitrine {

namespace fs = std::filesystem;

Result<PassingFolder> PassingFolder::make(const std::string& name) {
    std::string made = (fs::temp_directory_path() / (name + "-XXXXXX")).string();
    if (!mkdtemp(made.data())) return fail("There is no room for a temporary folder in " + fs::temp_directory_path().string() + ".");
    return PassingFolder(made);
}

PassingFolder::PassingFolder(PassingFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

PassingFolder::~PassingFolder() {
    std::error_code error;
    if (!path_.empty()) fs::remove_all(path_, error);
}

}  // namespace vitrine
