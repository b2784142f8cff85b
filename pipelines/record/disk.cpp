#include "pipelines/record/disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace vitrine {
namespace {

std::optional<dev_t> device_of(const std::filesystem::path& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return std::nullopt;
    return about.st_dev;
}

}  // namespace

std::string fault_sentence(const RecordFault& fault, const std::filesystem::path& folder) {
    const std::string at = folder.string();
    switch (fault.kind) {
        case RecordFault::Kind::none:
            return {};
        case RecordFault::Kind::full:
            return "Not recording: the disk of " + at + " is full. Free some space; it begins again by itself.";
        case RecordFault::Kind::gone:
            return "Not recording: the disk or folder of " + at + " is gone. Bring it back; it begins again by itself.";
        case RecordFault::Kind::read_only:
            return "Not recording: the disk of " + at +
                   " has become read-only. Make it writable or choose another folder; it begins "
                   "again by itself.";
        case RecordFault::Kind::slow:
            return "Not recording: the disk of " + at +
                   " is too slow or has stopped. It goes on by itself; if this comes again, choose "
                   "a faster disk.";
        case RecordFault::Kind::silent:
            return "Not recording: the disk of " + at + " does not answer. Check it and its cable; it goes on by itself.";
        case RecordFault::Kind::no_pictures:
            return "Not recording: the video encoder gives no pictures. It goes on by itself; if it does not, see the log.";
        case RecordFault::Kind::changed:
            return "Not recording: the video encoder's stream has changed. A new file begins by itself.";
        case RecordFault::Kind::own:
            return "Not recording: this part of the program failed. It begins again by itself.";
        case RecordFault::Kind::other:
            break;
    }
    return "Not recording: " + at + " cannot be written to (" + fault.why + "). It is tried again every second.";
}

std::optional<std::uint64_t> free_bytes(const std::filesystem::path& folder) {
    struct statvfs about {};
    if (::statvfs(folder.c_str(), &about) != 0) return std::nullopt;
    return static_cast<std::uint64_t>(about.f_bavail) * about.f_frsize;
}

RecordFault fault_of(const std::filesystem::path& folder, std::uint64_t bytes) {
    struct statvfs about {};
    if (::statvfs(folder.c_str(), &about) != 0)
        return {errno == ENOENT || errno == ENOTDIR ? RecordFault::Kind::gone : RecordFault::Kind::other, std::strerror(errno)};
    if (about.f_flag & ST_RDONLY) return {RecordFault::Kind::read_only, {}};
    if (static_cast<std::uint64_t>(about.f_bavail) * about.f_frsize < bytes) return {RecordFault::Kind::full, {}};
    // A file system that was stopped by an error of its medium says so only when something is to be written.
    const int trial = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    const bool refused = trial < 0 && errno == EROFS;
    if (trial >= 0) ::close(trial);
    if (refused) return {RecordFault::Kind::read_only, {}};
    if (::access(folder.c_str(), W_OK | X_OK) != 0) return {RecordFault::Kind::other, std::strerror(errno)};
    return {};
}

std::optional<FileFacts> facts_of(const std::filesystem::path& file) {
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) return std::nullopt;
    return FileFacts{{about.st_dev, about.st_ino}, static_cast<std::uint64_t>(about.st_size)};
}

DiskPlace DiskPlace::of(const std::filesystem::path& folder) {
    DiskPlace place;
    std::error_code error;
    std::filesystem::path at = std::filesystem::canonical(folder, error);
    if (error) return place;
    const auto device = device_of(at);
    while (at.has_relative_path()) {
        if (device_of(at.parent_path()) != device) {
            place.mount_ = at;
            break;
        }
        at = at.parent_path();
    }
    return place;
}

bool DiskPlace::mounted() const {
    if (mount_.empty()) return true;
    const auto device = device_of(mount_);
    return device && device != device_of(mount_.parent_path());
}

}  // namespace vitrine
