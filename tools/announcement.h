#pragma once
// How a running show is found by other programs of the same user: a file in the private runtime folder says where its control listener is.

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/result.h"

namespace vitrine {

struct Announcement {
    std::string control_url;
    std::filesystem::path token_file, folder;
    int pid = 0;
    std::vector<std::string> words = {};  ///< after "vitrine": they start it again where it listens now; empty: it cannot be
};

/// Writes it, readable by this user only; gone with the object. The newest show also stands in "show.json", for the panel.
class Announced {
  public:
    Announced() = default;
    explicit Announced(const Announcement& announcement);
    ~Announced();
    Announced(Announced&& other) noexcept : files_(std::exchange(other.files_, {})) {}
    Announced& operator=(Announced&& other) noexcept {
        std::swap(files_, other.files_);
        return *this;
    }

  private:
    std::vector<std::filesystem::path> files_;
};

/// The running show with that control address; nothing when it does not run on this machine, or not for this user.
std::optional<Announcement> find_announced_at(const std::string& control_url);

/// The running show of that process.
std::optional<Announcement> find_announced_of(int pid);

/// The running show of that folder; nothing when none runs. An empty folder: the one started last.
std::optional<Announcement> find_announced(const std::filesystem::path& folder);
std::vector<Announcement> all_announced();

}  // namespace vitrine
