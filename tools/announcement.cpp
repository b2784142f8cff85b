#include "tools/announcement.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/log.h"
#include "engine/private_files.h"
#include "tools/commands.h"

namespace vitrine {

namespace {

namespace fs = std::filesystem;

std::optional<Announcement> read(const fs::path& file) {
    std::ifstream in(file);
    const auto found = nlohmann::json::parse(in, nullptr, false);
    if (!found.is_object()) return std::nullopt;
    try {
        Announcement announcement{found.at("control_url"), found.at("token_file").get<std::string>(), found.value("folder", ""),
                                  found.at("pid"), found.value("words", std::vector<std::string>())};
        const bool alive = kill(announcement.pid, 0) == 0 || errno == EPERM;
        return alive ? std::optional(std::move(announcement)) : std::nullopt;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

}  // namespace

Announced::Announced(const Announcement& announcement) {
    const auto folder = runtime_folder();
    if (!folder) return;
    const std::string text = nlohmann::json{
        {"control_url", announcement.control_url},
        {"token_file", announcement.token_file.string()},
        {"folder", announcement.folder.string()},
        {"words", announcement.words},
        {"pid",
         announcement.pid}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    files_ = {*folder / ("show-" + std::to_string(announcement.pid) + ".json"), *folder / "show.json"};
    for (const fs::path& file : files_)
        if (const auto written = write_private_file(file, text); !written) log::warn("run", written.error().message);
}

Announced::~Announced() {
    std::error_code error;
    for (const fs::path& file : files_) {
        // Another show may have announced itself since.
        const auto there = read(file);
        if (there && there->pid == getpid()) fs::remove(file, error);
    }
}

namespace {

template <class Is>
std::optional<Announcement> find(Is is) {
    const auto runtime = runtime_folder();
    if (!runtime) return std::nullopt;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(*runtime, error)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("show-") || !name.ends_with(".json")) continue;
        if (auto found = read(entry.path()); found && is(*found)) return found;
    }
    return std::nullopt;
}

}  // namespace

std::optional<Announcement> find_announced_at(const std::string& control_url) {
    return find([&](const Announcement& one) { return one.control_url == control_url; });
}

std::optional<Announcement> find_announced_of(int pid) {
    return find([&](const Announcement& one) { return one.pid == pid; });
}

std::vector<Announcement> all_announced() {
    std::vector<Announcement> all;
    find([&](const Announcement& one) {
        all.push_back(one);
        return false;
    });
    return all;
}

std::optional<Announcement> find_announced(const fs::path& folder) {
    if (folder.empty()) {
        const auto runtime = runtime_folder();
        return runtime ? read(*runtime / "show.json") : std::nullopt;
    }
    std::error_code error;
    const fs::path wanted = fs::weakly_canonical(folder, error);
    return find([&](const Announcement& one) { return one.folder == wanted; });
}

}  // namespace vitrine
