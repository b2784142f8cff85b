#pragma once
// A temporary folder that goes with the object, whatever lies in it by then.

#include <filesystem>
#include <string>

#include "engine/result.h"

namespace vitrine {

class PassingFolder {
  public:
    /// "vitrine-demo" -> /tmp/vitrine-demo-a1B2c3, for its owner only.
    static Result<PassingFolder> make(const std::string& name);
    PassingFolder(PassingFolder&& other) noexcept;
    PassingFolder& operator=(PassingFolder&&) = delete;
    ~PassingFolder();
    const std::filesystem::path& path() const { return path_; }

  private:
    explicit PassingFolder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

}  // namespace vitrine
