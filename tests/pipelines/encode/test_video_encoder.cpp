#include <gst/video/gstvideoencoder.h>

#include <algorithm>
#include <mutex>

#include "engine/frame_code.h"
#include "pipelines/encode/annex_b.h"
#include "pipelines/encode/encoders.h"
#include "pipelines/gst.h"
#include "tests/pipelines/support/decode.h"
#include "tests/pipelines/support/test_program.h"
#include "tests/pipelines/support/wait.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::test;
using namespace std::chrono_literals;

namespace {

const Rung small{.name = "test", .width = 320, .height = 180, .fps = 30, .bitrate_kbps = 400, .keyframe_s = 2};

/// Pushes pictures one at a time, each after the last one's access unit has come out.
std::vector<EncodedUnit> encode(TestProgram& program, EncodedTap::Reader& reader, int count, const std::function<void(int)>& before = {}) {
    std::vector<EncodedUnit> units;
    REQUIRE(wait_until([&] { return program.video->readers() == 1; }));
    for (int i = 0; i < count; ++i) {
        if (before) before(i);
        program.video->push(program.next());
        auto unit = reader.pop(5s);
        REQUIRE(unit);
        units.push_back(std::move(*unit));
    }
    return units;
}

std::vector<int> nal_types(const EncodedUnit& unit) {
    GstMapInfo map;
    NalReader reader(bytes_of(unit.buffer.get(), map));
    std::vector<int> types;
    while (const auto nal = reader.next()) types.push_back(nal->type());
    gst_buffer_unmap(unit.buffer.get(), &map);
    return types;
}

}  // namespace

TEST_CASE("each access unit carries the scene frame of exactly its picture", "[encode]") {
    TestProgram program;
    VideoEncoder encoder(program.video, small, program.epoch, {});
    const auto reader = encoder.output()->read(100);
    const auto units = encode(program, *reader, 40);
    std::vector<std::shared_ptr<GstBuffer>> buffers;
    for (std::size_t i = 0; i < units.size(); ++i) {
        CHECK(units[i].number == i);
        CHECK(units[i].scene->number == i);
        const auto scene = scene_of(units[i].buffer);
        REQUIRE(scene);
        CHECK(*scene == *units[i].scene);
        CHECK(static_cast<Nanoseconds>(GST_BUFFER_PTS(units[i].buffer.get())) == static_cast<Nanoseconds>(i) * 1'000'000'000 / 30);
        buffers.push_back(units[i].buffer);
    }
    const auto pictures = decode(buffers);
    REQUIRE(pictures.size() == units.size());
    for (std::size_t i = 0; i < pictures.size(); ++i) CHECK(read_frame_code(pictures[i].picture->view(), CodeCorner::bottom_left) == i);
    CHECK(encoder.figures().frames == 40);
    CHECK(encoder.figures().without_scene == 0);
}

TEST_CASE("the stream is constrained baseline, one slice a picture, parameter sets at keyframes", "[encode]") {
    TestProgram program;
    VideoEncoder encoder(program.video, small, program.epoch, {});
    const auto reader = encoder.output()->read(100);
    const auto units = encode(program, *reader, 10);
    REQUIRE(units[0].keyframe);
    const auto first = nal_types(units[0]);
    CHECK(std::count(first.begin(), first.end(), nal_sps) == 1);
    CHECK(std::count(first.begin(), first.end(), nal_pps) == 1);
    CHECK(std::count(first.begin(), first.end(), nal_idr) == 1);
    CHECK(std::find(first.begin(), first.end(), nal_sei) < std::find(first.begin(), first.end(), nal_idr));
    for (std::size_t i = 1; i < units.size(); ++i) CHECK(nal_types(units[i]) == std::vector<int>{nal_sei, nal_slice});
    GstMapInfo map;
    NalReader nals(bytes_of(units[0].buffer.get(), map));
    while (const auto nal = nals.next()) {
        if (nal->type() != nal_sps) continue;
        CHECK(nal->body[1] == 66);          // baseline
        CHECK((nal->body[2] & 0x40) != 0);  // constraint_set1: constrained
    }
    gst_buffer_unmap(units[0].buffer.get(), &map);
}

TEST_CASE("keyframe requests make one keyframe, 300 ms apart at the least", "[encode]") {
    TestProgram program;
    VideoEncoder encoder(program.video, small, program.epoch, {});
    const auto reader = encoder.output()->read(100);
    const auto units = encode(program, *reader, 40, [&](int i) {
        if (i == 5 || i == 6 || i == 20) encoder.request_keyframe();
    });
    std::vector<int> keyframes;
    for (const auto& unit : units)
        if (unit.keyframe) keyframes.push_back(static_cast<int>(unit.number));
    CHECK(keyframes == std::vector<int>{0, 9, 20});  // frame 9 is the first 300 ms after frame 0
}

TEST_CASE("a program of another size is scaled to the rung", "[encode]") {
    TestProgram program(640, 360);
    VideoEncoder encoder(program.video, small, program.epoch, {});
    const auto reader = encoder.output()->read(100);
    const auto units = encode(program, *reader, 3);
    const auto pictures = decode({units[0].buffer, units[1].buffer, units[2].buffer});
    REQUIRE(pictures.size() == 3);
    CHECK(pictures[0].picture->width() == 320);
    CHECK(pictures[0].picture->height() == 180);
}

TEST_CASE("an encoder runs only while somebody reads, and starts again", "[encode]") {
    TestProgram program;
    VideoEncoder encoder(program.video, small, program.epoch, {});
    CHECK_FALSE(encoder.running());
    CHECK(program.video->readers() == 0);
    auto reader = encoder.output()->read(10);
    encode(program, *reader, 2);
    CHECK(encoder.running());
    CHECK(encoder.element() == *choose_h264_encoder(usable_h264_encoders()));
    const auto left = std::chrono::steady_clock::now();
    reader.reset();
    CHECK(encoder.running());  // a page that reloads finds it running
    REQUIRE(wait_until([&] { return !encoder.running(); }));
    CHECK(std::chrono::steady_clock::now() - left >= 1s);
    REQUIRE(wait_until([&] { return program.video->readers() == 0; }));
    reader = encoder.output()->read(10);
    CHECK(encode(program, *reader, 1)[0].keyframe);
}

TEST_CASE("a reader that stalls loses its own frames and nobody else's", "[encode]") {
    TestProgram program;
    VideoEncoder encoder(program.video, small, program.epoch, {});
    const auto stalled = encoder.output()->read(5);
    const auto reader = encoder.output()->read(10);
    const auto units = encode(program, *reader, 30);
    CHECK(units.size() == 30);
    CHECK(reader->dropped() == 0);
    CHECK(stalled->dropped() == 25);
}

// An encoder that opens and fails at its first picture, as a graphics driver does that has lost its device.
namespace {

struct BrokenEncoder {
    GstVideoEncoder parent;
};
struct BrokenEncoderClass {
    GstVideoEncoderClass parent;
};
G_DEFINE_TYPE(BrokenEncoder, broken_encoder, GST_TYPE_VIDEO_ENCODER)

void broken_encoder_init(BrokenEncoder*) {}
void broken_encoder_class_init(BrokenEncoderClass* klass) {
    auto* object = G_OBJECT_CLASS(klass);
    object->set_property = [](GObject*, guint, const GValue*, GParamSpec*) {};
    guint id = 1;
    const auto flags = static_cast<GParamFlags>(G_PARAM_WRITABLE);
    for (const char* name : {"preset", "rc-mode"})
        g_object_class_install_property(object, id++, g_param_spec_string(name, "", "", nullptr, flags));
    for (const char* name : {"zerolatency", "aud"})
        g_object_class_install_property(object, id++, g_param_spec_boolean(name, "", "", FALSE, flags));
    for (const char* name : {"bframes", "bitrate", "gop-size", "vbv-buffer-size"})
        g_object_class_install_property(object, id++, g_param_spec_int(name, "", "", 0, G_MAXINT, 0, flags));
    auto* element = GST_ELEMENT_CLASS(klass);
    gst_element_class_set_static_metadata(element, "Broken", "Codec/Encoder/Video", "fails", "test");
    gst_element_class_add_pad_template(
        element, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, gst_caps_from_string("video/x-raw,format=I420")));
    gst_element_class_add_pad_template(
        element,
        gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                             gst_caps_from_string("video/x-h264,stream-format=byte-stream,alignment=au,profile=constrained-baseline")));
    GST_VIDEO_ENCODER_CLASS(klass)->set_format = [](GstVideoEncoder*, GstVideoCodecState*) -> gboolean { return TRUE; };
    GST_VIDEO_ENCODER_CLASS(klass)->handle_frame = [](GstVideoEncoder* encoder, GstVideoCodecFrame* frame) {
        gst_video_codec_frame_unref(frame);
        GST_ELEMENT_ERROR(encoder, LIBRARY, ENCODE, ("the device is gone"), (nullptr));
        return GST_FLOW_ERROR;
    };
}

}  // namespace

TEST_CASE("an encoder that fails at run time is replaced by the next one, with a sentence", "[encode]") {
    gst::init();
    if (gst::has_element("nvh264enc")) {
        WARN("this machine has nvh264enc; the broken stand-in for it is not tried");
        return;
    }
    REQUIRE(gst_element_register(nullptr, "nvh264enc", GST_RANK_NONE, broken_encoder_get_type()));
    {
        TestProgram program;
        std::mutex mutex;
        std::vector<std::string> notices;
        VideoEncoder encoder(program.video, small, program.epoch, [&](std::string sentence) {
            std::lock_guard lock(mutex);
            notices.push_back(std::move(sentence));
        });
        const auto reader = encoder.output()->read(10);
        std::optional<EncodedUnit> unit;
        REQUIRE(wait_until([&] {
            program.video->push(program.next());
            unit = reader->pop(5ms);
            return unit.has_value();
        }));
        CHECK(unit->keyframe);
        CHECK(encoder.element() == "x264enc");
        std::lock_guard lock(mutex);
        REQUIRE(notices.size() == 1);
        CHECK(notices[0].find("nvh264enc failed") != std::string::npos);
        CHECK(notices[0].find("the device is gone") != std::string::npos);
    }
    GstRegistry* registry = gst_registry_get();
    GstPluginFeature* feature = gst_registry_lookup_feature(registry, "nvh264enc");
    gst_registry_remove_feature(registry, feature);
    gst_object_unref(feature);
    CHECK_FALSE(gst::has_element("nvh264enc"));
}
