#pragma once
// A show folder in the temporary directory, gone with the object.

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

class ScratchShow {
  public:
    static constexpr std::string_view smallest = "[show]\ntitle = { en = \"Test\" }\n\n[[camera]]\nid = \"line\"\nsource = \"sim:line\"\n";

    ScratchShow() {
        std::string name = (std::filesystem::temp_directory_path() / "vitrine-show-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        folder_ = name;
    }
    ~ScratchShow() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    ScratchShow(const ScratchShow&) = delete;
    ScratchShow& operator=(const ScratchShow&) = delete;

    const std::filesystem::path& folder() const { return folder_; }
    std::filesystem::path write(const std::string& name, std::string_view bytes) const {
        const auto path = folder_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }

  private:
    std::filesystem::path folder_;
};
