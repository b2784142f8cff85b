#include "tools/reader/sandbox.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#ifdef VITRINE_SECCOMP
#include <seccomp.h>

#include <cerrno>
#endif

namespace vitrine {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;  // reserves terabytes of addresses, and looks into /proc when it reports
#else
constexpr bool sanitized = false;
#endif

int status_file = -1;

bool limit(int what, rlim_t most) {
    const rlimit both{most, most};
    return setrlimit(static_cast<__rlimit_resource_t>(what), &both) == 0;
}

/// Mapped now, bytes.
std::uint64_t mapped() {
    unsigned long pages = 0;
    if (FILE* file = std::fopen("/proc/self/statm", "re")) {
        if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
        std::fclose(file);
    }
    return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

bool filter_calls() {
#ifdef VITRINE_SECCOMP
    if (sanitized) return true;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter) return false;
    bool good = true;
    for (const int call :
         {SCMP_SYS(read),           SCMP_SYS(pread64),      SCMP_SYS(write),  SCMP_SYS(fstat),      SCMP_SYS(newfstatat),
          SCMP_SYS(lseek),          SCMP_SYS(close),        SCMP_SYS(brk),    SCMP_SYS(munmap),     SCMP_SYS(mremap),
          SCMP_SYS(madvise),        SCMP_SYS(futex),        SCMP_SYS(exit),   SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),
          SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction), SCMP_SYS(getpid), SCMP_SYS(gettid),     SCMP_SYS(clock_gettime),
          SCMP_SYS(getrandom)})
        good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
    // Memory, but never memory that is code.
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
        good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, 4, 0)) == 0;  // 4: PROT_EXEC
    good = good &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()))) == 0;
    good = good && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return good;
#else
    return true;
#endif
}

}  // namespace

bool shut_in(std::uint64_t bytes, unsigned cpu_seconds) {
    status_file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    const std::uint64_t program = mapped();
    bool good = limit(RLIMIT_CPU, cpu_seconds) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, 16);
    if (!sanitized) good = good && program > 0 && limit(RLIMIT_AS, program + bytes);
    good = good && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    if (!sanitized) good = good && prctl(PR_SET_DUMPABLE, 0) == 0;
    return good && filter_calls();
}

std::uint64_t peak_bytes() {
    std::array<char, 4096> text{};
    if (status_file < 0 || pread(status_file, text.data(), text.size() - 1, 0) <= 0) return 0;
    const char* line = std::strstr(text.data(), "VmHWM:");
    return line ? std::strtoull(line + 6, nullptr, 10) * 1024 : 0;
}

}  // namespace vitrine
