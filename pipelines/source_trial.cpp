#include "pipelines/source_trial.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "engine/messages.h"
#include "engine/preflight.h"
#include "engine/source_url.h"
#include "pipelines/capture/camera_feed.h"
#include "pipelines/capture/codec_names.h"
#include "pipelines/capture/explain.h"
#include "pipelines/capture/picture_copy.h"
#include "pipelines/capture/rtsp_knock.h"
#include "pipelines/capture/source.h"
#include "pipelines/program/still.h"

namespace vitrine {
namespace {

using Clock = std::chrono::steady_clock;

bool on_network(const SourceSpec& source) { return source.scheme == "rtsp" || source.scheme == "rtsps" || source.scheme == "srt"; }

void name_parts(const std::string& location, SourceTrial& trial) {
    const auto begin = location.find("://");
    if (begin == std::string::npos) return;
    std::string rest = location.substr(begin + 3);
    const auto slash = rest.find_first_of("/?#");
    if (slash != std::string::npos) trial.path = without_secrets(location.substr(0, begin + 3) + rest).substr(begin + 3 + slash);
    rest = rest.substr(0, slash);
    const auto colon = rest.rfind(':');
    const bool port = colon != std::string::npos && rest.find(']', colon) == std::string::npos;
    trial.port = port ? std::atoi(rest.c_str() + colon + 1) : location.starts_with("rtsps") ? 322 : 554;
    trial.host = port ? rest.substr(0, colon) : rest;
    trial.fillable = location.substr(0, begin + 3) + "USER:PASSWORD@" + rest + trial.path;
}

/// What has been seen of a source so far. Filled on its threads.
struct Watched {
    std::mutex mutex;
    std::condition_variable changed;
    FramePool pool;
    VideoFramePtr newest;
    int pictures = 0;
    Nanoseconds first = 0, last = 0;
    std::string codec, sound_codec, broken;
    bool answered = false, sound = false, over = false;

    template <class Change>
    void note(Change change) {
        {
            std::lock_guard lock(mutex);
            change();
        }
        changed.notify_all();
    }

    SourceEvents events() {
        SourceEvents events;
        events.answered = [this] { note([&] { answered = true; }); };
        events.picture = [this](GstSample* sample, Nanoseconds at) {
            auto copy = copy_picture(sample, pool);
            if (!copy) return;
            note([&] {
                newest = std::move(copy);
                if (pictures++ == 0) first = at;
                last = at;
            });
        };
        events.sound = [this](const std::int16_t*, std::size_t, Nanoseconds) { note([&] { sound = true; }); };
        events.broken = [this](std::string reason) { note([&] { broken = std::move(reason), over = true; }); };
        events.ended = [this] { note([&] { over = true; }); };
        events.encoding = [this](bool of_sound, const std::string& name) { note([&] { (of_sound ? sound_codec : codec) = name; }); };
        return events;
    }
};

Trouble trouble_of(const SourceSpec& source, const std::string& reason, bool answered) {
    const auto holds = [&](std::initializer_list<const char*> words) {
        std::string lower(reason);
        std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return std::any_of(words.begin(), words.end(), [&](const char* word) { return lower.find(word) != std::string::npos; });
    };
    if (reason.starts_with("its pictures are ")) return Trouble::other;
    if (holds({"missing", "no decoder", "plug-in", "plugin"})) return Trouble::no_decoder;
    if (!on_network(source)) return Trouble::other;
    if (holds({"unauthorized", "not authorized", "401", "forbidden", "403"})) return Trouble::wrong_password;
    if (holds({"not found", "404"})) return Trouble::not_found;
    if (source.scheme == "srt" && !answered) return Trouble::timed_out;
    return Trouble::other;
}

/// One way of reaching it. True when there is nothing more to try.
bool watch(const SourceSpec& source, SourceWay way, Clock::time_point until, const TrialLimits& limits, SourceTrial& trial) {
    Watched seen;
    SourceRequest request;
    request.spec = source;
    request.way = way;
    request.latency_ms = 200;
    request.epoch = steady_now();
    const auto opened = GstSource::open(request, seen.events());
    {
        std::unique_lock lock(seen.mutex);
        const auto have_picture = [&] { return seen.over || seen.pictures > 0; };
        // A source that sends but shows nothing may wait for its next key picture.
        seen.changed.wait_until(lock, std::min(until, Clock::now() + std::chrono::seconds(8)), have_picture);
        if (seen.pictures > 0 && !seen.over) seen.changed.wait_for(lock, std::chrono::nanoseconds(limits.watch), [&] { return seen.over; });
    }
    opened->close();
    opened->wait_gone(Clock::now() + std::chrono::seconds(3));  // the next one to open it finds it free
    std::lock_guard lock(seen.mutex);
    if (!seen.codec.empty()) trial.codec = seen.codec;
    if (seen.pictures > 0) {
        trial.trouble = Trouble::none;
        trial.picture = seen.newest;
        trial.width = seen.newest->width();
        trial.height = seen.newest->height();
        if (seen.pictures > 2 && seen.last > seen.first)
            trial.fps = (seen.pictures - 1) * 1e9 / static_cast<double>(seen.last - seen.first);
        trial.sound = seen.sound;
        trial.sound_codec = seen.sound ? seen.sound_codec : "";
        if (trial.codec.empty()) trial.codec = "uncompressed";
        return true;
    }
    if (seen.broken.empty()) {
        trial.trouble = seen.answered || !on_network(source) ? Trouble::no_picture : Trouble::timed_out;
        return !on_network(source);
    }
    trial.trouble = trouble_of(source, seen.broken, seen.answered);
    trial.why = explain_failure(source, seen.broken, seen.answered);
    return !on_network(source) || !another_way_may_help(seen.broken) || trial.trouble != Trouble::other;
}

SourceTrial try_simulated(const SourceSpec& source, FrameStage& stage, const TrialLimits& limits, SourceTrial trial) {
    CameraFeed feed(source, stage);
    const Nanoseconds begin = steady_now();
    Nanoseconds first = 0, last = 0;
    int pictures = 0;
    while (pictures == 0 || steady_now() - first < limits.watch) {
        const auto picture = feed.next(pictures == 0 ? limits.altogether : limits.watch);
        if (!picture) {
            if (pictures > 0) break;
            trial.trouble = Trouble::other;
            trial.why = picture.error().message;
            return trial;
        }
        trial.picture = *picture;
        last = steady_now();
        if (pictures++ == 0) first = last;
        if (last - begin > limits.altogether) break;
    }
    trial.width = trial.picture->width();
    trial.height = trial.picture->height();
    if (last > first) trial.fps = (pictures - 1) * 1e9 / static_cast<double>(last - first);
    trial.codec = "simulated";
    return trial;
}

}  // namespace

std::string_view to_string(Trouble trouble) {
    static constexpr std::array<std::string_view, 13> names{"none",       "bad_address", "no_such_host",   "refused",        "no_route",
                                                            "timed_out",  "not_rtsp",    "needs_password", "wrong_password", "not_found",
                                                            "no_decoder", "no_picture",  "other"};
    return names[static_cast<std::size_t>(trouble)];
}

SourceTrial try_source(const SourceSpec& source, FrameStage& stage, const TrialLimits& limits) {
    gst::init();
    SourceTrial trial;
    trial.address = source.text();
    if (source.scheme == "sim") return try_simulated(source, stage, limits, std::move(trial));
    const Clock::time_point until = Clock::now() + std::chrono::nanoseconds(limits.altogether);
    if (on_network(source)) {
        const SourceUrl url = split_url(source.rest);
        name_parts(url.location, trial);
        if (source.scheme != "srt") {
            trial.trouble = knock(url.location, !url.user.empty(), limits.connect);
            if (trial.trouble != Trouble::none) return trial;
        }
    }
    // Four ways, the first of them twice: right after the knock a camera may still be putting that away and refuse who comes next, and the
    // second way does without sound.
    const int tries = source.scheme.starts_with("rtsp") ? 5 : 1;
    SourceWay way;
    for (int i = 0; i < tries && !watch(source, way, until, limits, trial) && Clock::now() < until; ++i)
        if (i > 0) way = next_way(way);
    return trial;
}

std::string trial_sentence(const SourceTrial& trial, std::string_view language, bool fix) {
    char fps[32];
    std::snprintf(fps, sizeof fps, trial.fps >= 10 ? "%.0f" : "%.1f", trial.fps);
    const std::map<std::string, std::string> args{
        {"address", trial.address},
        {"host", trial.host},
        {"port", std::to_string(trial.port)},
        {"path", trial.path.empty() ? "/" : trial.path},
        {"fillable", trial.fillable},
        {"encoding", std::string(encoding_advice())},
        {"width", std::to_string(trial.width)},
        {"height", std::to_string(trial.height)},
        {"fps", fps},
        {"codec", has_message("trial.codec." + trial.codec, "en") ? message("trial.codec." + trial.codec, language) : trial.codec},
        {"sound", trial.sound_codec},
        {"why", trial.why}};
    if (trial.trouble != Trouble::none) {
        const std::string key = "trial." + std::string(to_string(trial.trouble)) + (fix ? ".fix" : "");
        return fix && !has_message(key, "en") ? "" : sentence(key, args, language);
    }
    if (fix) return {};
    return sentence("trial.works", args, language) + sentence(!trial.sound                ? "trial.works.silent"
                                                              : trial.sound_codec.empty() ? "trial.works.sound"
                                                                                          : "trial.works.sound_codec",
                                                              args, language);
}

Result<std::string> small_jpeg(const ConstI420View& picture, int width) {
    const int w = std::max(2, std::min(width, picture.width) / 2 * 2);
    const int h = std::max(2, static_cast<int>(std::lround(static_cast<double>(picture.height) * w / picture.width)) / 2 * 2);
    VideoFrame small(w, h);
    const I420View to = small.view();
    // Each new pixel is the mean of those it covers.
    const auto shrink = [](const std::uint8_t* from, int stride, int from_w, int from_h, std::uint8_t* out, int out_stride, int out_w,
                           int out_h) {
        for (int y = 0; y < out_h; ++y) {
            const int y0 = y * from_h / out_h, y1 = std::max(y0 + 1, (y + 1) * from_h / out_h);
            for (int x = 0; x < out_w; ++x) {
                const int x0 = x * from_w / out_w, x1 = std::max(x0 + 1, (x + 1) * from_w / out_w);
                unsigned sum = 0;
                for (int row = y0; row < y1; ++row)
                    for (int column = x0; column < x1; ++column) sum += from[row * stride + column];
                out[y * out_stride + x] = static_cast<std::uint8_t>(sum / static_cast<unsigned>((y1 - y0) * (x1 - x0)));
            }
        }
    };
    shrink(picture.y, picture.stride_y, picture.width, picture.height, to.y, to.stride_y, w, h);
    shrink(picture.u, picture.stride_uv, picture.width / 2, picture.height / 2, to.u, to.stride_uv, w / 2, h / 2);
    shrink(picture.v, picture.stride_uv, picture.width / 2, picture.height / 2, to.v, to.stride_uv, w / 2, h / 2);
    return jpeg_of(to, 85);
}

}  // namespace vitrine
