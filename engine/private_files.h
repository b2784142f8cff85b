#pragma once
// What the product writes is for this user only: files 0600, folders 0700, from the moment they are there. The program's umask sees to it
// as well; these hold whoever calls them, and mend what an older version left open.

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace vitrine {

/// Makes the folder and those above it that are missing. What was there stays as it is. Reentrant.
Result<void> make_private_folder(const std::filesystem::path& folder);

/// The file with these bytes, whole or not at all; what stood there before is replaced. `lasting`: also through a power cut. Reentrant.
Result<void> write_private_file(const std::filesystem::path& file, std::string_view bytes, bool lasting = true);

/// An empty file that was not there before, for whoever opens it by name. False: errno says why. Reentrant.
bool make_private_file(const std::filesystem::path& file);

struct Tightened {
    int closed = 0;                                ///< had rights for others, has none now
    std::vector<std::filesystem::path> left_open;  ///< somebody else's, or a file system without rights
};

/// Takes away what rights others have to a file or folder, and to all that lies right in the folder for which `ours` is true. Links are not
/// followed; a folder that everybody puts things into (/tmp) stays as it is. Reentrant.
Tightened tighten(const std::filesystem::path& path, const std::function<bool(const std::filesystem::path&)>& ours = {});

}  // namespace vitrine
