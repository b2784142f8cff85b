#include "pipelines/deliver/web/file_body.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace vitrine::web {

OpenFile::~OpenFile() {
    if (fd >= 0) ::close(fd);
}

Result<std::shared_ptr<const OpenFile>> OpenFile::open(const std::filesystem::path& path) {
    auto file = std::make_shared<OpenFile>();
    file->fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const bool busy = file->fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM);
    struct stat about {};
    if (file->fd < 0 || ::fstat(file->fd, &about) != 0 || !S_ISREG(about.st_mode))
        return fail(path.filename().string() + " cannot be opened.", busy ? ErrorKind::failed : ErrorKind::missing);
    file->size = static_cast<std::uint64_t>(about.st_size);
    file->etag =
        "\"" + std::to_string(about.st_mtim.tv_sec) + "-" + std::to_string(about.st_mtim.tv_nsec) + "-" + std::to_string(file->size) + "\"";
    return std::shared_ptr<const OpenFile>(std::move(file));
}

std::shared_ptr<const std::string> OpenFile::read(std::uint64_t at, std::size_t bytes) const {
    auto piece = std::make_shared<std::string>(bytes, '\0');
    std::size_t done = 0;
    while (done < bytes) {
        const ssize_t n = ::pread(fd, piece->data() + done, bytes - done, static_cast<off_t>(at + done));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return nullptr;
        done += static_cast<std::size_t>(n);
    }
    return piece;
}

namespace {

class FileBody final : public BodySource {
  public:
    FileBody(std::shared_ptr<const OpenFile> file, std::uint64_t first, std::uint64_t bytes, std::weak_ptr<WorkThreads> reading,
             Awaited& awaited)
        : file_(std::move(file)), first_(first), bytes_(bytes), reading_(std::move(reading)), awaited_(awaited) {}

    std::uint64_t size() const override { return bytes_; }

    void read(std::uint64_t at, std::size_t bytes, std::function<void(Piece)> done) override {
        const auto reading = reading_.lock();
        if (!reading) return done(nullptr);
        reading->post(
            [file = file_, from = first_ + at, bytes, told = awaited_.expect<Piece>(std::move(done))] { told(file->read(from, bytes)); });
    }

  private:
    std::shared_ptr<const OpenFile> file_;
    std::uint64_t first_, bytes_;
    std::weak_ptr<WorkThreads> reading_;
    Awaited& awaited_;
};

}  // namespace

std::shared_ptr<BodySource> file_body(std::shared_ptr<const OpenFile> file, std::uint64_t first, std::uint64_t bytes,
                                      std::weak_ptr<WorkThreads> reading, Awaited& awaited) {
    return std::make_shared<FileBody>(std::move(file), first, bytes, std::move(reading), awaited);
}

}  // namespace vitrine::web
