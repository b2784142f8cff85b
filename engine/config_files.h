#pragma once
// Files that a show names. A relative path must stay inside the show folder, links followed; an absolute path may lie anywhere.
// Only headers are read, and only of regular files, so no pipe or device can hold the check up.

#include <filesystem>
#include <string>
#include <vector>

#include "engine/result.h"

namespace vitrine::config {

/// What is wrong with a value and what would be right; both without the key and the place.
struct Fault {
    std::string what, hint;
};

template <class T>
using Judged = tl::expected<T, Fault>;

inline tl::unexpected<Fault> fault(std::string what, std::string hint) {
    return tl::unexpected<Fault>(Fault{std::move(what), std::move(hint)});
}

class ShowFolder {
  public:
    /// `root` is canonical.
    explicit ShowFolder(std::filesystem::path root) : root_(std::move(root)) {}
    const std::filesystem::path& root() const { return root_; }
    /// The canonical path of an existing regular file.
    Judged<std::filesystem::path> file(const std::string& value) const;

  private:
    std::filesystem::path root_;
};

struct ImageSize {
    int width = 0, height = 0;
};

/// Reads no more than the header of a PNG (IHDR) or JPEG (first SOF marker, ITU T.81 B.2.2). At most 40 Mpx.
Judged<ImageSize> image_size(const std::filesystem::path& file);

/// A GLB (magic "glTF") or a .gltf JSON file.
Judged<void> judge_model(const std::filesystem::path& file);

/// A TrueType or OpenType font with one face, at most 32 MiB.
Judged<void> judge_font(const std::filesystem::path& file);

/// A PEM file that holds a block whose label contains `label` ("CERTIFICATE", "PRIVATE KEY").
Judged<void> judge_pem(const std::filesystem::path& file, const std::string& label);

}  // namespace vitrine::config
