#include "tools/bench_ffmpeg.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <string>
#include <vector>

extern char** environ;

namespace vitrine {

namespace {

constexpr int frames = 300;

/// Processor time of ffmpeg with these words, s.
Result<double> seconds_of(std::vector<std::string> words) {
    std::vector<std::string> all{
        "ffmpeg", "-nostdin", "-v",       "error",    "-threads", "1",  "-filter_threads", "1",  "-filter_complex_threads",
        "1",      "-f",       "rawvideo", "-pix_fmt", "yuv420p",  "-s", "1920x1080",       "-r", "30",
        "-i",     "/dev/zero"};
    all.insert(all.end(), words.begin(), words.end());
    for (const std::string& word :
         {std::string("-frames:v"), std::to_string(frames), std::string("-f"), std::string("null"), std::string("-")})
        all.push_back(word);
    std::vector<char*> argv;
    for (std::string& word : all) argv.push_back(word.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int stream : {1, 2}) posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0);
    pid_t pid = -1;
    const bool started = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    if (!started) return fail("There is no ffmpeg to compare with; install the package ffmpeg.", ErrorKind::missing);
    int status = 0;
    rusage used{};
    if (wait4(pid, &status, 0, &used) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail("ffmpeg did not come to an end as it should, so there is nothing to compare with.", ErrorKind::failed);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

Result<double> ffmpeg_overlay_ms() {
    double with = 1e9, without = 1e9;
    for (int i = 0; i < 3; ++i) {
        const auto plain = seconds_of({"-vf", "null"});
        if (!plain) return tl::unexpected(plain.error());
        const auto overlaid = seconds_of({"-f", "lavfi", "-i", "color=c=0x4080C0@0.5:s=900x500:r=30,format=yuva420p,trim=end_frame=1",
                                          "-filter_complex", "[0][1]overlay=510:290:format=yuv420"});
        if (!overlaid) return tl::unexpected(overlaid.error());
        without = std::min(without, *plain);
        with = std::min(with, *overlaid);
    }
    return (with - without) * 1000 / frames;
}

}  // namespace vitrine
