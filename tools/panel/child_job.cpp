#include "tools/panel/child_job.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace vitrine::panel {
namespace {

constexpr std::size_t most_output = 4 << 20;

/// A file without a name.
int passing_file() {
    std::string name = (std::filesystem::temp_directory_path() / "vitrine-job-XXXXXX").string();
    const int file = mkostemp(name.data(), O_CLOEXEC);
    if (file >= 0) unlink(name.c_str());
    return file;
}

bool write_whole(int file, const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t count = write(file, text.data() + at, text.size() - at);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        at += static_cast<std::size_t>(count);
    }
    return lseek(file, 0, SEEK_SET) == 0;
}

}  // namespace

Result<ChildJob> ChildJob::start(const std::filesystem::path& program, const std::vector<std::string>& words, const std::string& input) {
    const int in = passing_file(), out = passing_file();
    pid_t process = -1;
    int error = errno;
    if (in >= 0 && out >= 0 && write_whole(in, input)) {
        std::vector<std::string> all{program.string()};
        all.insert(all.end(), words.begin(), words.end());
        std::vector<char*> arguments;
        for (std::string& word : all) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        process = fork();
        if (process == 0) {
            // Only async-signal-safe calls here: the panel has threads.
            setpgid(0, 0);
            const int nothing = open("/dev/null", O_WRONLY);
            dup2(in, STDIN_FILENO);
            dup2(out, STDOUT_FILENO);
            dup2(nothing, STDERR_FILENO);
            execv(arguments[0], arguments.data());
            _exit(127);
        }
        error = errno;
    }
    if (in >= 0) close(in);
    if (process > 0) return ChildJob(process, out);
    if (out >= 0) close(out);
    return fail(std::string("This could not be started: ") + std::strerror(error) + ".");
}

ChildJob::ChildJob(ChildJob&& other) noexcept : process_(std::exchange(other.process_, 0)), out_(std::exchange(other.out_, -1)) {}

ChildJob& ChildJob::operator=(ChildJob&& other) noexcept {
    std::swap(process_, other.process_);
    std::swap(out_, other.out_);
    return *this;
}

ChildJob::~ChildJob() {
    if (process_ > 0) {
        kill(-process_, SIGKILL);
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    if (out_ >= 0) close(out_);
}

std::optional<ChildJob::Ended> ChildJob::poll() {
    int status = 0;
    if (process_ <= 0 || waitpid(process_, &status, WNOHANG) != process_) return std::nullopt;
    process_ = 0;
    Ended ended;
    ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    char buffer[65536];
    off_t at = 0;
    for (ssize_t count; ended.out.size() < most_output && (count = pread(out_, buffer, sizeof buffer, at)) > 0; at += count)
        ended.out.append(buffer, static_cast<std::size_t>(count));
    return ended;
}

}  // namespace vitrine::panel
