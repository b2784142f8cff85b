#include "engine/show_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include "engine/barrier.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

bool write_whole(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Result<void> replace(const fs::path& file, const std::string& text) {
    const std::string shown = file.filename().string();
    const auto failed = [&](int why) {
        return fail(shown + " cannot be written: " + std::strerror(why) + ". The change is live but not saved.");
    };
    struct stat before {};
    if (::stat(file.c_str(), &before) != 0) return failed(errno);
    std::string fresh = file.string() + ".XXXXXX";
    {
        const Descriptor out(::mkostemp(fresh.data(), O_CLOEXEC));
        if (out.get() < 0) return failed(errno);
        if (!write_whole(out.get(), text) || ::fchmod(out.get(), before.st_mode & 07777) != 0 || ::fsync(out.get()) != 0) {
            const int why = errno;
            ::unlink(fresh.c_str());
            return failed(why);
        }
    }
    if (::rename(fresh.c_str(), file.c_str()) != 0) {
        const int why = errno;
        ::unlink(fresh.c_str());
        return failed(why);
    }
    const Descriptor folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0) ::fsync(folder.get());
    return {};
}

}  // namespace

struct ShowFiles::Core {
    struct Waiting {
        FileEdit edit;
        std::function<void(Result<void>)> done;
    };

    Result<void> make(const FileEdit& edit) {
        const auto known = texts.find(edit.file);
        if (known == texts.end()) return fail("this show was not read from files, so nothing of it can be saved");
        std::error_code error;
        const fs::path file = fs::canonical(edit.file, error);  // a link stays one
        std::ifstream in(error ? edit.file : file, std::ios::binary);
        const std::string there(std::istreambuf_iterator<char>(in), {});
        const std::string shown = edit.file.filename().string();
        if (!in.is_open() || in.bad()) return fail(shown + " cannot be read any more, so the change was not saved.");
        if (there != *known->second)
            return fail(shown +
                        " was changed by somebody else since the show was started, so the change was not saved. Start the show again "
                        "to work on the file as it is now.");
        auto text = with_edit(there, edit.edit);
        if (!text) return fail(shown + ": " + text.error().message);
        if (*text == there) return {};
        if (auto replaced = replace(file, *text); !replaced) return replaced;
        known->second = std::make_shared<const std::string>(std::move(*text));
        return {};
    }

    void run() {
        std::unique_lock lock(mutex);
        while (true) {
            wake.wait(lock, [&] { return closing || !waiting.empty(); });
            if (waiting.empty()) return;
            Waiting next = std::move(waiting.front());
            waiting.pop_front();
            lock.unlock();
            auto made = barrier::answer("file edit", Result<void>(fail("The change could not be written; try again.")),
                                        [&] { return make(next.edit); });
            barrier::run("file edit done", [&] { next.done(std::move(made)); });
            lock.lock();
        }
    }

    ShowTexts texts;  // the files' thread
    std::mutex mutex;
    std::condition_variable wake;
    bool closing = false;
    std::deque<Waiting> waiting;
    std::thread thread;
};

ShowFiles::ShowFiles(ShowTexts texts) : core_(std::make_unique<Core>()) { core_->texts = std::move(texts); }

ShowFiles::~ShowFiles() {
    {
        const std::lock_guard lock(core_->mutex);
        core_->closing = true;
    }
    core_->wake.notify_all();
    if (core_->thread.joinable()) core_->thread.join();
}

void ShowFiles::write(FileEdit edit, std::function<void(Result<void>)> done) {
    {
        const std::lock_guard lock(core_->mutex);
        core_->waiting.push_back({std::move(edit), std::move(done)});
        if (!core_->thread.joinable()) core_->thread = barrier::thread("files", [core = core_.get()] { core->run(); });
    }
    core_->wake.notify_all();
}

}  // namespace vitrine
