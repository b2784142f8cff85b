// What is said about a source that was tried out: every trouble in both languages, no place left empty, no password; names of encodings; a
// thumbnail's size. Real cameras are tried in tests/e2e/try_source.test.mjs.

#include <turbojpeg.h>

#include <memory>

#include "engine/messages.h"
#include "pipelines/capture/codec_names.h"
#include "pipelines/source_trial.h"
#include "tests/pipelines/capture/camera_fixtures.h"
#include "tests/support/catch.h"

namespace vitrine {

TEST_CASE("encodings have the names that people know", "[trial]") {
    CHECK(codec_name("video/x-h264, stream-format=(string)avc, profile=(string)high") == "H.264");
    CHECK(codec_name("H264") == "H.264");
    CHECK(codec_name("H265") == "H.265");
    CHECK(codec_name("image/jpeg") == "Motion JPEG");
    CHECK(codec_name("PCMU") == "G.711");
    CHECK(codec_name("audio/mpeg, mpegversion=(int)4") == "AAC");
    CHECK(codec_name("audio/mpeg, mpegversion=(int)1, layer=(int)3") == "MP3");
    CHECK(codec_name("video/mpeg, mpegversion=(int)2, systemstream=(boolean)true") == "");
    for (const char* other : {"", "video/x-raw, format=(string)I420", "video/quicktime", "application/x-rtp", "ANY"})
        CHECK(codec_name(other) == "");
}

TEST_CASE("every trouble has a sentence and what to do, in both languages", "[trial]") {
    SourceTrial trial;
    trial.address = "rtsp://***@192.168.1.20/live";
    trial.host = "192.168.1.20";
    trial.path = "/live";
    trial.port = 554;
    trial.why = "It was unplugged.";
    for (int i = 1; i <= static_cast<int>(Trouble::other); ++i) {
        trial.trouble = static_cast<Trouble>(i);
        INFO(to_string(trial.trouble));
        for (const char* language : {"en", "zh"}) {
            const std::string what = trial_sentence(trial, language, false), fix = trial_sentence(trial, language, true);
            CHECK(what.find("trial.") == std::string::npos);
            CHECK(what.find('{') == std::string::npos);
            CHECK(fix.find('{') == std::string::npos);
            CHECK(what.size() > 5);
            if (trial.trouble != Trouble::other) CHECK(fix.size() > 5);
        }
    }
    trial.trouble = Trouble::none;
    trial.width = 1280;
    trial.height = 720;
    trial.fps = 24.96;
    trial.codec = "H.264";
    CHECK(trial_sentence(trial, "en", false) == "It works: 1280 × 720, 25 pictures a second, H.264, without sound.");
    trial.sound = true;
    trial.sound_codec = "AAC";
    trial.fps = 7.5;
    CHECK(trial_sentence(trial, "en", false) == "It works: 1280 × 720, 7.5 pictures a second, H.264, with sound (AAC).");
    CHECK(trial_sentence(trial, "en", true).empty());
}

TEST_CASE("a simulated camera is tried as any other", "[trial]") {
    testing::BareStage stage;
    TrialLimits limits;
    limits.watch = 500'000'000;
    const SourceTrial works = try_source({"sim", "plain"}, stage, limits);
    CHECK(works.trouble == Trouble::none);
    REQUIRE(works.picture);
    CHECK(works.width == works.picture->width());
    CHECK(works.fps > 10);
    limits.altogether = 500'000'000;
    const SourceTrial none = try_source({"sim", "nothing"}, stage, limits);
    CHECK(none.trouble == Trouble::other);
    CHECK_FALSE(none.picture);
}

TEST_CASE("a thumbnail is a JPEG of at most that width, never larger than the picture", "[trial]") {
    for (const auto& [w, h, want_w, want_h] :
         {std::array{1280, 720, 480, 270}, {640, 480, 480, 360}, {320, 240, 320, 240}, {1080, 1920, 480, 852}}) {
        VideoFrame frame(w, h);
        fill(frame.view(), 120, 100, 160);
        const auto jpeg = small_jpeg(frame.view(), 480);
        REQUIRE(jpeg);
        const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), tjDestroy);
        int width = 0, height = 0, subsampling = 0, colours = 0;
        REQUIRE(tjDecompressHeader3(decoder.get(), reinterpret_cast<const unsigned char*>(jpeg->data()), jpeg->size(), &width, &height,
                                    &subsampling, &colours) == 0);
        CHECK(width == want_w);
        CHECK(height == want_h);
    }
}

}  // namespace vitrine
