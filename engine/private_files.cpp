#include "engine/private_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace vitrine {
namespace {

namespace fs = std::filesystem;

/// Neither another's file nor a link is touched: the rights are changed through a descriptor of what was looked at.
void tighten_one(const fs::path& path, Tightened& told) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    struct stat about {};
    const bool seen = fd >= 0 ? ::fstat(fd, &about) == 0 : ::lstat(path.c_str(), &about) == 0;
    const bool everybodys = seen && S_ISDIR(about.st_mode) && (about.st_mode & S_ISVTX) != 0;
    if (seen && !everybodys && (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode)) && (about.st_mode & 077) != 0) {
        const mode_t mode = about.st_mode & 0700;
        if (fd >= 0 && ::fchmod(fd, mode) == 0 && ::fstat(fd, &about) == 0 && (about.st_mode & 077) == 0)
            ++told.closed;
        else
            told.left_open.push_back(path);
    }
    if (fd >= 0) ::close(fd);
}

}  // namespace

Result<void> make_private_folder(const fs::path& folder) {
    std::error_code error;
    if (folder.empty() || fs::is_directory(folder, error)) return {};
    const fs::path above = folder.has_filename() ? folder.parent_path() : folder.parent_path().parent_path();
    if (above != folder)
        if (auto made = make_private_folder(above); !made) return made;
    if (::mkdir(folder.c_str(), 0700) == 0 || (errno == EEXIST && fs::is_directory(folder, error))) return {};
    const int why = errno;
    return fail("The folder " + folder.string() + " cannot be made: " + std::strerror(why) + ". Choose another one.",
                why == ENOSPC || why == EDQUOT ? ErrorKind::no_space : ErrorKind::bad_input);
}

Result<void> write_private_file(const fs::path& file, std::string_view bytes, bool lasting) {
    std::string fresh = file.string() + ".part-XXXXXX";
    const int fd = ::mkostemp(fresh.data(), O_CLOEXEC);  // 0600
    const auto failed = [&] {
        const int why = errno;
        if (fd >= 0) ::close(fd), ::unlink(fresh.c_str());
        return fail(file.string() + " cannot be written (" + std::strerror(why) + ").",
                    why == ENOSPC || why == EDQUOT ? ErrorKind::no_space : ErrorKind::failed);
    };
    if (fd < 0) return failed();
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return failed();
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    if ((lasting && ::fsync(fd) != 0) || ::rename(fresh.c_str(), file.c_str()) != 0) return failed();
    ::close(fd);
    return {};
}

bool make_private_file(const fs::path& file) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
}

Tightened tighten(const fs::path& path, const std::function<bool(const fs::path&)>& ours) {
    Tightened told;
    std::error_code error;
    tighten_one(path, told);
    if (!fs::is_directory(fs::symlink_status(path, error))) return told;
    for (auto entry = fs::directory_iterator(path, error); !error && entry != fs::directory_iterator(); entry.increment(error))
        if (ours && ours(entry->path())) tighten_one(entry->path(), told);
    return told;
}

}  // namespace vitrine
