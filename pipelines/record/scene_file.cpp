#include "pipelines/record/scene_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/desk/printing.h"
#include "engine/log.h"

namespace vitrine {
namespace {

constexpr Nanoseconds flush_every = 500'000'000;

}  // namespace

std::filesystem::path SceneFile::beside(std::filesystem::path recording) { return recording.replace_extension(".scenes"); }

Result<std::unique_ptr<SceneFile>> SceneFile::create(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail("The scene file " + file.string() + " cannot be made (" + std::strerror(errno) +
                    "). The replay will have no annotations.");
    return std::unique_ptr<SceneFile>(new SceneFile(fd));
}

SceneFile::~SceneFile() {
    flush();
    if (fd_ >= 0) ::close(fd_);
}

void SceneFile::put(Nanoseconds at, const SceneFrame& scene) {
    if (fd_ < 0) return;
    const auto cbor = to_cbor(scene);
    char time[40];
    std::snprintf(time, sizeof time, "{\"t\":%.6f,\"cbor\":\"", static_cast<double>(at) / 1e9);
    waiting_ += time;
    waiting_ += desk::base64({reinterpret_cast<const char*>(cbor.data()), cbor.size()});
    waiting_ += "\"}\n";
    if (at - written_to_ < flush_every) return;
    written_to_ = at;
    flush();
}

void SceneFile::flush() {
    if (fd_ < 0 || waiting_.empty()) return;
    std::size_t done = 0;
    bool full = bytes_ + waiting_.size() > most_bytes;
    while (!full && done < waiting_.size()) {
        const ssize_t n = ::write(fd_, waiting_.data() + done, waiting_.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            full = true;
            break;
        }
        done += static_cast<std::size_t>(n);
    }
    bytes_ += done;
    waiting_.clear();
    if (!full) return;
    // What came of a line is taken away again.
    if (done > 0 && ::ftruncate(fd_, static_cast<off_t>(bytes_ - done)) != 0) log::debug("record", "a torn line stays in the scene file");
    ::close(fd_);
    fd_ = -1;
    log::warn("record", "The scene file has no room to grow; the recording goes on without it.");
}

}  // namespace vitrine
