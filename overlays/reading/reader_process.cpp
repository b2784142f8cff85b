#include "overlays/reading/reader_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "overlays/reading/refusal.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

class Descriptor {
  public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor() { reset(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return number_; }
    void reset(int number = -1) {
        if (number_ >= 0) ::close(number_);
        number_ = number;
    }

  private:
    int number_;
};

/// Gives nothing after the deadline.
class PipeSource : public WireSource {
  public:
    PipeSource(int descriptor, Clock::time_point deadline) : descriptor_(descriptor), deadline_(deadline) {}
    bool late() const { return late_; }
    bool read(void* into, std::size_t bytes) override {
        auto* at = static_cast<char*>(into);
        while (bytes > 0) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
            if (left <= 0) return !(late_ = true);
            pollfd waiting{descriptor_, POLLIN, 0};
            const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
            if (ready < 0 && errno != EINTR) return false;
            if (ready <= 0) continue;
            const ssize_t got = ::read(descriptor_, at, bytes);
            if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            if (got <= 0) return false;
            at += got, bytes -= static_cast<std::size_t>(got);
        }
        return true;
    }

  private:
    int descriptor_;
    Clock::time_point deadline_;
    bool late_ = false;
};

/// A child process that cannot outlive this object.
class Child {
  public:
    Child() = default;
    ~Child() { end(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    bool start(const fs::path& program, const std::vector<std::string>& words, int input, int output) {
        std::vector<std::string> kept{program.string()};
        kept.insert(kept.end(), words.begin(), words.end());
        std::vector<char*> argv;
        for (auto& word : kept) argv.push_back(word.data());
        argv.push_back(nullptr);
        // The loader's path as it was for us, and the sanitizers' options; nothing of what a factory keeps in its environment.
        std::vector<std::string> environment;
        for (const char* name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"})
            if (const char* value = std::getenv(name)) environment.push_back(std::string(name) + "=" + value);
        std::vector<char*> envp;
        for (auto& word : environment) envp.push_back(word.data());
        envp.push_back(nullptr);

        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        // dup2 onto itself would leave the close-on-exec flag; both are above 2 here (see run_reader).
        posix_spawn_file_actions_adddup2(&actions, input, 0);
        posix_spawn_file_actions_adddup2(&actions, output, 1);
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addclosefrom_np(&actions, 3);
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setpgroup(&attributes, 0);  // Ctrl-C is for the show
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
        if (posix_spawn(&pid_, program.c_str(), &actions, &attributes, argv.data(), envp.data()) != 0) pid_ = -1;
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
        return pid_ > 0;
    }

    /// Takes what is left of it away. Its status and processor time.
    std::pair<int, double> end() {
        if (pid_ <= 0) return {0, 0};
        ::kill(pid_, SIGKILL);
        return wait();
    }
    /// Waits for it to end by itself: after its output is closed, so at once, but never past the deadline.
    std::pair<int, double> end_by(Clock::time_point deadline) {
        while (pid_ > 0 && Clock::now() < deadline) {
            siginfo_t info{};
            if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0) return wait();
            ::poll(nullptr, 0, 1);
        }
        return end();
    }

  private:
    std::pair<int, double> wait() {
        int status = 0;
        rusage used{};
        while (::wait4(pid_, &status, 0, &used) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
        return {status, seconds(used.ru_utime) + seconds(used.ru_stime)};
    }
    pid_t pid_ = -1;
};

fs::path reader_program() {
    if (const char* given = std::getenv("VITRINE_READER"); given && *given) return given;
    std::error_code ec;
    return fs::read_symlink("/proc/self/exe", ec).parent_path() / "vitrine-reader";
}

Result<void> open_file(const fs::path& file, const ReaderJob& job, Descriptor& input) {
    input.reset(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (input.get() < 0) return refuse(std::string("cannot be opened: ") + std::strerror(errno), "check the path and its permissions");
    struct stat about {};
    if (::fstat(input.get(), &about) != 0 || !S_ISREG(about.st_mode)) return refuse("is not a regular file", "give an ordinary file");
    if (static_cast<std::uint64_t>(about.st_size) > job.file_bytes)
        return refuse("is " + std::string(job.what) + " of more than " + std::to_string(job.file_bytes >> 20) + " MiB", "make it smaller");
    return {};
}

/// A descriptor above 2, whatever this process has closed.
bool lift(Descriptor& descriptor) {
    if (descriptor.get() > 2) return true;
    descriptor.reset(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, 3));
    return descriptor.get() > 2;
}

}  // namespace

Result<void> run_reader(const fs::path& file, const ReaderJob& job, const std::function<bool(WireReader&)>& take, ReaderUsage* usage) {
    const auto started = Clock::now();
    const auto deadline = started + job.deadline;
    Descriptor input, output, answer;
    if (auto opened = open_file(file, job, input); !opened) return opened;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(std::string("cannot be read: ") + std::strerror(errno));
    answer.reset(ends[0]), output.reset(ends[1]);
    ::fcntl(answer.get(), F_SETPIPE_SZ, 1 << 20);  // fewer turns; without it everything works as well
    if (!lift(input) || !lift(output)) return fail(std::string("cannot be read: ") + std::strerror(errno));

    const fs::path program = reader_program();
    Child child;
    std::vector<std::string> words{std::to_string(job.child_bytes), std::to_string((job.deadline.count() + 999) / 1000)};
    words.insert(words.end(), job.words.begin(), job.words.end());
    if (!child.start(program, words, input.get(), output.get()))
        return fail("cannot be read: the program " + program.string() + " does not start. Install it beside vitrine", ErrorKind::missing);
    output.reset();
    input.reset();

    PipeSource source(answer.get(), deadline);
    WireReader in(source);
    const auto kind = static_cast<ReaderAnswer>(in.number<std::uint8_t>());
    Result<void> result;
    bool understood = false;
    std::uint64_t peak = 0;
    if (in.good() && kind == ReaderAnswer::refused) {
        const bool user_error = in.flag();
        std::string sentence = in.text(2000);
        understood = in.good() && !sentence.empty();
        if (understood) result = fail(std::move(sentence), user_error ? ErrorKind::bad_input : ErrorKind::failed);
    } else if (in.good() && kind == ReaderAnswer::here) {
        understood = take(in) && in.good();
    }
    if (understood) peak = in.number<std::uint64_t>();
    answer.reset();
    const auto [status, cpu_s] = understood || !source.late() ? child.end_by(deadline) : child.end();
    if (usage) *usage = {std::chrono::duration<double>(Clock::now() - started).count(), cpu_s, peak};
    if (understood) return result;

    if (source.late() || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
        return refuse("takes longer than " + std::to_string((job.deadline.count() + 999) / 1000) + " s to read",
                      "simplify it, or save it again");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return fail("cannot be read: the program " + program.string() + " does not start. Install it beside vitrine", ErrorKind::missing);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 3)
        return fail("cannot be read: the reading process could not shut itself in, so it read nothing. This system lacks what that needs",
                    ErrorKind::missing);
    return refuse("is so damaged that reading it broke off", "save or export it again");
}

}  // namespace vitrine
