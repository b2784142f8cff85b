#include "engine/preview.h"
#include "engine/scene_frame.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "tests/support/catch.h"

using namespace vitrine;

namespace {

std::unique_ptr<PreviewWriter> make_writer(const std::vector<std::string>& slots = {"program", "line"}) {
    auto writer = PreviewWriter::create(slots);
    INFO((writer ? "" : writer.error().message));
    REQUIRE(writer.has_value());
    return std::move(*writer);
}

std::unique_ptr<PreviewReader> make_reader(const PreviewWriter& writer) {
    auto reader = PreviewReader::open(writer.name());
    INFO((reader ? "" : reader.error().message));
    REQUIRE(reader.has_value());
    return std::move(*reader);
}

std::string refusal(const std::string& name) {
    const auto reader = PreviewReader::open(name);
    return reader ? "opened" : reader.error().message;
}

/// The region itself, as a hostile or older process would see it.
class Region {
  public:
    explicit Region(const std::string& name) {
        fd_ = shm_open(name.c_str(), O_RDWR, 0);
        REQUIRE(fd_ >= 0);
        REQUIRE(fstat(fd_, &status) == 0);
        memory_ = static_cast<std::uint8_t*>(mmap(nullptr, size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0));
        REQUIRE(memory_ != MAP_FAILED);
    }
    ~Region() {
        munmap(memory_, size());
        close(fd_);
    }
    std::size_t size() const { return static_cast<std::size_t>(status.st_size); }
    template <class T>
    T exchange(std::size_t offset, T value) {
        T before;
        std::memcpy(&before, memory_ + offset, sizeof before);
        std::memcpy(memory_ + offset, &value, sizeof value);
        return before;
    }

    struct stat status {};

  private:
    int fd_ = -1;
    std::uint8_t* memory_ = nullptr;
};

bool exists(const std::string& name) {
    const int fd = shm_open(name.c_str(), O_RDONLY, 0);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

}  // namespace

TEST_CASE("a region is private, oddly named and gone with its writer", "[preview]") {
    auto writer = make_writer();
    const auto second = make_writer();
    const std::string name = writer->name();
    CHECK(name.starts_with("/vitrine-"));
    CHECK(name.size() == 9 + 32);
    CHECK(name != second->name());
    CHECK((Region(name).status.st_mode & 0777) == 0600);
    writer.reset();
    CHECK_FALSE(exists(name));
    CHECK(exists(second->name()));
    CHECK(refusal(name).starts_with("the show's preview " + name + " cannot be opened: "));
}

TEST_CASE("what a killed show left behind is removed, a living show's region stays", "[preview]") {
    const std::string orphan = "/vitrine-0123456789abcdef0123456789abcdef";
    const int fd = shm_open(orphan.c_str(), O_CREAT | O_RDWR, 0600);
    REQUIRE(fd >= 0);
    close(fd);
    const auto living = make_writer();
    CHECK_FALSE(exists(orphan));
    const auto another = make_writer();
    CHECK(exists(living->name()));
}

TEST_CASE("slots that cannot be are refused", "[preview]") {
    CHECK_FALSE(PreviewWriter::create({}).has_value());
    CHECK_FALSE(PreviewWriter::create(std::vector<std::string>(13, "a")).has_value());
    CHECK_FALSE(PreviewWriter::create({std::string(64, 'a')}).has_value());
    CHECK_FALSE(PreviewWriter::create({"a", ""}).has_value());
    const auto writer = make_writer(std::vector<std::string>(12, std::string(63, 'b')));
    CHECK(make_reader(*writer)->slots() == std::vector<std::string>(12, std::string(63, 'b')));
}

TEST_CASE("a reader refuses regions of another kind", "[preview]") {
    CHECK(refusal("/etc/passwd") == "\"/etc/passwd\" is not the name of a preview");
    CHECK(refusal("/vitrine-../x") == "\"/vitrine-../x\" is not the name of a preview");
    const auto writer = make_writer();
    Region region(writer->name());
    const auto with = [&](std::size_t offset, auto value) {
        const auto before = region.exchange(offset, value);
        const std::string sentence = refusal(writer->name());
        region.exchange(offset, before);
        return sentence;
    };
    CHECK(with(0, std::uint64_t{1}) == writer->name() + " is not a preview of a show");
    CHECK(with(8, std::uint32_t{3}) == "the preview has layout 3, this panel reads 2; use the panel and the show of one version");
    const std::string damaged = "the preview " + writer->name() + " is damaged: its size does not fit its slots";
    CHECK(with(12, std::uint32_t{0}) == damaged);
    CHECK(with(12, std::uint32_t{1}) == damaged);
    CHECK(with(12, std::uint32_t{3}) == damaged);
    CHECK(with(12, std::uint32_t{0xffffffff}) == damaged);
    CHECK(with(16, std::uint64_t{region.size() - 1}) == damaged);
    CHECK(with(32, char{0}) == "the preview " + writer->name() + " is damaged: a slot has no name");
    CHECK(refusal(writer->name()) == "opened");

    const std::string small = "/vitrine-00000000000000000000000000000000";
    const int fd = shm_open(small.c_str(), O_CREAT | O_RDWR, 0600);
    REQUIRE(fd >= 0);
    REQUIRE(ftruncate(fd, 4096) == 0);
    CHECK(refusal(small) == "the preview " + small + " has a size of 4096 bytes that no show makes");
    close(fd);
    shm_unlink(small.c_str());
}

TEST_CASE("pictures arrive in their slot, each once", "[preview]") {
    const auto writer = make_writer();
    const auto reader = make_reader(*writer);
    CHECK(reader->slots() == std::vector<std::string>{"program", "line"});
    std::shared_ptr<VideoFrame> into;
    std::uint64_t last = 0;
    CHECK_FALSE(reader->read(0, into, last));
    CHECK(into == nullptr);

    VideoFrame picture(640, 360);
    fill(picture.view(), 41, 240, 110);
    picture.view().y[5] = 200;
    picture.view().u[picture.view().stride_uv * 179 + 319] = 9;
    picture.view().v[3] = 7;
    writer->write(1, picture.view(), 0);
    CHECK_FALSE(reader->read(0, into, last));
    REQUIRE(reader->read(1, into, last));
    CHECK(last == 0);
    REQUIRE(into != nullptr);
    CHECK(into->width() == 640);
    CHECK(into->height() == 360);
    const I420View v = into->view();
    CHECK(v.y[5] == 200);
    CHECK(v.y[4] == 41);
    CHECK(v.y[v.stride_y * 359 + 639] == 41);
    CHECK(v.u[v.stride_uv * 179 + 319] == 9);
    CHECK(v.u[0] == 240);
    CHECK(v.v[3] == 7);
    CHECK(v.v[v.stride_uv * 179 + 319] == 110);

    const auto kept = into;
    CHECK_FALSE(reader->read(1, into, last));
    CHECK(into == kept);
    for (std::uint64_t n = 1; n <= 10; ++n) {
        fill(picture.view(), static_cast<std::uint8_t>(n), 128, 128);
        writer->write(1, picture.view(), n);
        if (n % 3 != 0) continue;
        REQUIRE(reader->read(1, into, last));
        CHECK(last == n);
        CHECK(into->sequence == n);
        CHECK(into->view().y[0] == n);
    }
    // A camera that came back counts from 0 again.
    writer->write(1, picture.view(), 0);
    CHECK(reader->read(1, into, last));
    CHECK(kept->view().y[0] == 41);  // still ours
    CHECK_FALSE(reader->read(2, into, last));
    writer->write(2, picture.view(), 1);  // no such slot: nothing happens
}

TEST_CASE("a picture carries its own scene frame, and one that is too long or missing reads as none", "[preview]") {
    const auto writer = make_writer();
    const auto reader = make_reader(*writer);
    VideoFrame picture(640, 360);
    fill(picture.view(), 16, 128, 128);
    SceneFrame scene;
    scene.number = 812;
    Anchor anchor;
    anchor.product = "LX-200";
    anchor.visibility = 0.9f;
    scene.anchors.push_back(anchor);
    std::shared_ptr<VideoFrame> into;
    std::uint64_t last = 0;
    std::vector<std::uint8_t> annotation;
    writer->write(0, picture.view(), 1, to_cbor(scene));
    REQUIRE(reader->read(0, into, last, &annotation));
    const auto read = scene_frame_from_cbor(annotation);
    REQUIRE(read);
    CHECK(*read == scene);
    writer->write(0, picture.view(), 2);
    REQUIRE(reader->read(0, into, last, &annotation));
    CHECK(annotation.empty());
    writer->write(0, picture.view(), 3, std::vector<std::uint8_t>(scene_frame_limit + 1, 7));
    REQUIRE(reader->read(0, into, last, &annotation));
    CHECK(annotation.empty());
    writer->write(0, picture.view(), 4, std::vector<std::uint8_t>(scene_frame_limit, 7));
    REQUIRE(reader->read(0, into, last, &annotation));
    CHECK(annotation.size() == scene_frame_limit);
}

TEST_CASE("pictures are scaled down by whole steps to fit", "[preview]") {
    struct Case {
        int width, height, expected_width, expected_height;
    };
    for (const auto& [width, height, expected_width, expected_height] : {Case{640, 360, 640, 360},
                                                                         {1280, 720, 640, 360},
                                                                         {1920, 1080, 640, 360},
                                                                         {3840, 2160, 640, 360},
                                                                         {640, 480, 320, 240},
                                                                         {1080, 1920, 180, 320},
                                                                         {646, 100, 322, 50},
                                                                         {642, 362, 320, 180},
                                                                         {64, 48, 64, 48},
                                                                         {2, 2, 2, 2},
                                                                         {10, 8000, 0, 0}}) {
        CAPTURE(width, height);
        const auto writer = make_writer({"a"});
        const auto reader = make_reader(*writer);
        VideoFrame picture(width, height);
        const I420View v = picture.view();
        // Each plane a slope of its own: averages of a slope are known in closed form.
        for (int y = 0; y < v.height; ++y)
            for (int x = 0; x < v.width; ++x) v.y[y * v.stride_y + x] = static_cast<std::uint8_t>(x * 200 / v.width + y * 50 / v.height);
        for (int y = 0; y < v.height / 2; ++y) {
            for (int x = 0; x < v.width / 2; ++x) {
                v.u[y * v.stride_uv + x] = static_cast<std::uint8_t>(240 - y * 400 / v.height);
                v.v[y * v.stride_uv + x] = static_cast<std::uint8_t>(20 + x * 300 / v.width);
            }
        }
        writer->write(0, picture.view(), 1);
        std::shared_ptr<VideoFrame> into;
        std::uint64_t last = 0;
        REQUIRE(reader->read(0, into, last) == (expected_width > 0));
        if (!into) continue;
        CHECK(into->width() == expected_width);
        CHECK(into->height() == expected_height);
        const I420View s = into->view();
        const int step = width / expected_width;  // the rest at the edge is left out
        for (const auto& [x, y] : {std::pair{0, 0}, {s.width / 2, s.height / 3}, {s.width - 1, s.height - 1}}) {
            CAPTURE(x, y);
            const double cx = (x + 0.5) * step, cy = (y + 0.5) * step;
            CHECK(std::abs(s.y[y * s.stride_y + x] - (cx * 200 / v.width + cy * 50 / v.height)) <= 2 + 200.0 / v.width + 50.0 / v.height);
            CHECK(std::abs(s.u[y / 2 * s.stride_uv + x / 2] - (240 - (y / 2 + 0.5) * step * 400 / v.height)) <= 400 * step / v.height + 2);
            CHECK(std::abs(s.v[y / 2 * s.stride_uv + x / 2] - (20 + (x / 2 + 0.5) * step * 300 / v.width)) <= 300 * step / v.width + 2);
        }
    }
}

TEST_CASE("scaling averages exactly, rounded to the nearest", "[preview]") {
    const auto writer = make_writer({"a"});
    const auto reader = make_reader(*writer);
    VideoFrame picture(1920, 1080);  // three to one
    fill(picture.view(), 100, 128, 128);
    const I420View v = picture.view();
    for (int y = 0; y < 3; ++y)
        for (int x = 0; x < 3; ++x) v.y[(3 + y) * v.stride_y + 6 + x] = static_cast<std::uint8_t>(10 * (3 * y + x));  // mean 40
    v.y[0] = 105;                                                                                                     // 100 + 5/9: 101
    v.y[3] = 104;                                                                                                     // 100 + 4/9: 100
    v.u[2] = 255;                                                                                                     // 128 + 127/9 = 142.1
    writer->write(0, picture.view(), 1);
    std::shared_ptr<VideoFrame> into;
    std::uint64_t last = 0;
    REQUIRE(reader->read(0, into, last));
    const I420View s = into->view();
    CHECK(s.y[s.stride_y + 2] == 40);
    CHECK(s.y[s.stride_y + 1] == 100);
    CHECK(s.y[s.stride_y + 3] == 100);
    CHECK(s.y[0] == 101);
    CHECK(s.y[1] == 100);
    CHECK(s.u[0] == 142);
    CHECK(s.u[1] == 128);
}

TEST_CASE("pictures are wanted while a reader shows life", "[preview]") {
    const auto writer = make_writer();
    CHECK_FALSE(writer->wanted());
    const auto reader = make_reader(*writer);
    CHECK_FALSE(writer->wanted());
    reader->touch();
    CHECK(writer->wanted());
    Region region(writer->name());
    constexpr std::size_t seen = 24;  // in the header: magic 8, layout 4, slots 4, bytes 8
    region.exchange(seen, static_cast<std::uint64_t>(steady_now() - 1'500'000'000));
    CHECK(writer->wanted());
    region.exchange(seen, static_cast<std::uint64_t>(steady_now() - 2'000'000'000));
    CHECK_FALSE(writer->wanted());
}

TEST_CASE("a picture that is overwritten while it is read is never shown", "[preview]") {
    const auto writer = make_writer({"a", "b"});
    const auto reader = make_reader(*writer);
    std::atomic<bool> stop = false;
    std::vector<std::thread> writers;
    for (std::size_t slot = 0; slot < 2; ++slot) {
        writers.emplace_back([&, slot] {
            VideoFrame small(320, 180), large(640, 360);
            for (std::uint64_t n = 1; !stop; ++n) {
                VideoFrame& picture = n % 5 == 0 ? small : large;
                const auto shade = static_cast<std::uint8_t>(n);
                fill(picture.view(), shade, static_cast<std::uint8_t>(shade + 1), static_cast<std::uint8_t>(shade + 2 + slot));
                writer->write(slot, picture.view(), n);
            }
        });
    }
    std::shared_ptr<VideoFrame> into;
    std::uint64_t last = 0;
    int shown = 0, torn = 0;
    const Nanoseconds deadline = steady_now() + 20'000'000'000;
    while (shown < 300 && steady_now() < deadline) {
        if (!reader->read(0, into, last)) continue;
        ++shown;
        const I420View v = into->view();
        const auto shade = static_cast<std::uint8_t>(last);
        bool whole = into->width() == (last % 5 == 0 ? 320 : 640);
        const auto plane = [&](const std::uint8_t* pixels, int stride, int width, int height, std::uint8_t expected) {
            for (int y = 0; y < height; ++y) {
                for (int x = 0; x < width; ++x) whole = whole && pixels[y * stride + x] == expected;
            }
        };
        plane(v.y, v.stride_y, v.width, v.height, shade);
        plane(v.u, v.stride_uv, v.width / 2, v.height / 2, static_cast<std::uint8_t>(shade + 1));
        plane(v.v, v.stride_uv, v.width / 2, v.height / 2, static_cast<std::uint8_t>(shade + 2));
        torn += whole ? 0 : 1;
    }
    stop = true;
    for (auto& thread : writers) thread.join();
    CHECK(shown == 300);
    CHECK(torn == 0);
}
