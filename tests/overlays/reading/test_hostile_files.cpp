// Every hostile file is refused by the reading process: within a second, in bounded memory, with a sentence that names what is wrong, and
// without a trace in this process.

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "overlays/models/model_reader.h"
#include "overlays/reading/font_reader.h"
#include "overlays/reading/picture_reader.h"
#include "overlays/reading/refusal.h"
#include "test_places.h"
#include "tests/overlays/reading/hostile_files.h"
#include "tests/support/catch.h"
#include "tests/support/patience.h"

using namespace vitrine;

namespace {

namespace fs = std::filesystem;

class Scratch {
  public:
    Scratch() {
        std::string name = (fs::temp_directory_path() / "vitrine-hostile-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()));
        folder_ = name;
    }
    ~Scratch() { fs::remove_all(folder_); }
    fs::path write(const std::string& name, const hostile::Bytes& bytes) const {
        std::ofstream out(folder_ / name, std::ios::binary);
        out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return folder_ / name;
    }

  private:
    fs::path folder_;
};

/// Resident memory of this process now, bytes.
std::uint64_t resident() {
    std::uint64_t size = 0, pages = 0;
    std::ifstream("/proc/self/statm") >> size >> pages;
    return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

using test::sanitized;  // memory and time are the sanitizer's own there

struct Worst {
    double wall_s = 0;
    std::uint64_t peak = 0;
};

template <class Read>
Worst expect_refusals(const std::vector<hostile::File>& files, std::uint64_t most_bytes, Read read) {
    const Scratch scratch;
    Worst worst;
    for (const auto& file : files) {
        INFO(file.name);
        const fs::path path = scratch.write(file.name, file.make());
        ReaderUsage usage;
        auto result = read(path, usage);
        // The clock on the wall also counts what others do on this machine: a second look for what took long by it alone.
        if (usage.wall_s >= 1 && usage.cpu_s < 0.5) result = read(path, usage);
        fs::remove(path);
        CHECK_FALSE(result);
        if (result) continue;
        CAPTURE(result.error().message);
        CHECK(result.error().kind == ErrorKind::bad_input);
        CHECK(result.error().message.find(file.says) != std::string::npos);
        CHECK_FALSE(halves_of(result.error()).hint.empty());
        // It said so itself: nothing broke off.
        CHECK(usage.peak_bytes > 0);
        CHECK(usage.cpu_s < (sanitized ? 20 : 1));
        CHECK(usage.wall_s < (sanitized ? 20 : 1));
        if (!sanitized) CHECK(usage.peak_bytes < most_bytes);
        worst.wall_s = std::max(worst.wall_s, usage.wall_s);
        worst.peak = std::max(worst.peak, usage.peak_bytes);
    }
    return worst;
}

}  // namespace

TEST_CASE("hostile models are refused", "[reading][hostile]") {
    REQUIRE(hostile::models().size() >= 20);
    const auto worst = expect_refusals(hostile::models(), 256u << 20,
                                       [](const fs::path& path, ReaderUsage& usage) { return read_model(path, {}, &usage); });
    std::cout << "hostile models: " << hostile::models().size() << " refused, at most " << worst.wall_s * 1000 << " ms and "
              << worst.peak / 1e6 << " MB in the reading process\n";
}

TEST_CASE("hostile pictures are refused", "[reading][hostile]") {
    REQUIRE(hostile::pictures().size() >= 20);
    const auto worst = expect_refusals(hostile::pictures(), 64u << 20,
                                       [](const fs::path& path, ReaderUsage& usage) { return read_picture(path, {}, &usage); });
    std::cout << "hostile pictures: " << hostile::pictures().size() << " refused, at most " << worst.wall_s * 1000 << " ms and "
              << worst.peak / 1e6 << " MB\n";
}

TEST_CASE("hostile fonts are refused", "[reading][hostile]") {
    REQUIRE(hostile::fonts().size() >= 20);
    const auto worst =
        expect_refusals(hostile::fonts(), 64u << 20, [](const fs::path& path, ReaderUsage& usage) { return read_font(path, &usage); });
    std::cout << "hostile fonts: " << hostile::fonts().size() << " refused, at most " << worst.wall_s * 1000 << " ms and "
              << worst.peak / 1e6 << " MB\n";
}

TEST_CASE("what the fuzzers found stays refused, or is read without harm", "[reading][hostile]") {
    const fs::path folder = fs::path(VITRINE_SOURCE_DIR) / "tests/fixtures/fuzz";
    int files = 0;
    for (const char* kind : {"model", "picture", "font"}) {
        if (!fs::exists(folder / kind)) continue;
        for (const auto& entry : fs::directory_iterator(folder / kind)) {
            INFO(entry.path().string());
            ReaderUsage usage;
            if (kind == std::string("model")) (void)read_model(entry.path(), {}, &usage);
            if (kind == std::string("picture")) (void)read_picture(entry.path(), {}, &usage);
            if (kind == std::string("font")) (void)read_font(entry.path(), &usage);
            CHECK(usage.peak_bytes > 0);  // the reading process came to its end
            CHECK(usage.cpu_s < (sanitized ? 20 : 1));
            ++files;
        }
    }
    CHECK(files >= 2);
}

TEST_CASE("a text of one gigabyte inside a picture is never unpacked", "[reading][hostile]") {
    const Scratch scratch;
    const fs::path path = scratch.write("text.png", hostile::png_with_inflating_text(std::size_t{1} << 30));
    ReaderUsage usage;
    const auto picture = read_picture(path, {}, &usage);
    REQUIRE(picture);
    CHECK(picture->width == 2);
    if (!sanitized) CHECK(usage.peak_bytes < (32u << 20));
    CHECK(usage.cpu_s < (sanitized ? 20 : 1));
}

TEST_CASE("refusing costs this process no memory and leaves no process and no descriptor behind", "[reading][hostile]") {
    const Scratch scratch;
    const auto& files = hostile::models();
    const auto descriptors = [] { return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()); };
    const fs::path cut = scratch.write(files[1].name, files[1].make());
    CHECK_FALSE(read_model(cut));  // whatever is set up once
    const auto open_before = descriptors();
    const std::uint64_t before = resident();
    for (int i = 0; i < 50; ++i) CHECK_FALSE(read_model(cut));
    CHECK(descriptors() == open_before);
    if (!sanitized) CHECK(resident() < before + (4u << 20));
    // Every child was waited for.
    std::ifstream children("/proc/self/task/" + std::to_string(getpid()) + "/children");
    std::string pid;
    CHECK_FALSE(children >> pid);
}

TEST_CASE("what takes too long is given up at the deadline", "[reading][hostile]") {
    const Scratch scratch;
    const fs::path path = scratch.write("a.png", hostile::sound_png());
    const fs::path sleeper = scratch.write("sleeper", [] {
        const std::string script = "#!/bin/sh\nexec sleep 60\n";
        return hostile::Bytes(script.begin(), script.end());
    }());
    fs::permissions(sleeper, fs::perms::owner_all);
    setenv("VITRINE_READER", sleeper.c_str(), 1);
    PictureLimits limits;
    limits.deadline = std::chrono::milliseconds(200);
    ReaderUsage usage;
    const auto picture = read_picture(path, limits, &usage);
    unsetenv("VITRINE_READER");
    REQUIRE_FALSE(picture);
    CHECK(picture.error().message.find("takes longer than 1 s") != std::string::npos);
    CHECK(usage.wall_s >= 0.2);
    CHECK(usage.wall_s < 5 * test::patience);
}

TEST_CASE("what needs more memory than allowed is refused, and the reading process says so itself", "[reading][hostile]") {
    if (sanitized) return;  // the bound is not held there
    const Scratch scratch;
    const fs::path path = scratch.write("large.gltf", [] {
        hostile::Bytes bytes = hostile::sound_gltf();
        bytes.resize(bytes.size() + (32u << 20), ' ');
        return bytes;
    }());
    ModelLimits limits;
    limits.child_bytes = 8u << 20;
    const auto model = read_model(path, limits);
    REQUIRE_FALSE(model);
    CHECK(model.error().message.find("more memory") != std::string::npos);
    limits.child_bytes = 640u << 20;
    CHECK(read_model(path, limits));
}

TEST_CASE("pipes, folders and what is not there are refused unread", "[reading][hostile]") {
    const Scratch scratch;
    const fs::path there = scratch.write("a.glb", hostile::sound_glb());
    CHECK(read_model(there));
    CHECK_FALSE(read_model(there.parent_path()));
    CHECK_FALSE(read_model(there.parent_path() / "b.glb"));
    const fs::path pipe = there.parent_path() / "pipe.glb";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    const auto model = read_model(pipe);
    REQUIRE_FALSE(model);
    CHECK(model.error().message.find("not a regular file") != std::string::npos);
    ModelLimits small;
    small.file_bytes = 100;
    CHECK_FALSE(read_model(there, small));
}

TEST_CASE("a reader that is not there is said to be missing", "[reading]") {
    const Scratch scratch;
    const fs::path path = scratch.write("a.png", hostile::sound_png());
    setenv("VITRINE_READER", "/nowhere/vitrine-reader", 1);
    const auto picture = read_picture(path);
    unsetenv("VITRINE_READER");
    REQUIRE_FALSE(picture);
    CHECK(picture.error().kind == ErrorKind::missing);
    CHECK(picture.error().message.find("/nowhere/vitrine-reader") != std::string::npos);
    CHECK(read_picture(path));
}

TEST_CASE("a reader that answers nonsense is not believed", "[reading]") {
    const Scratch scratch;
    const fs::path path = scratch.write("a.glb", hostile::sound_glb());
    const fs::path liar = scratch.write("liar", [] {
        const std::string script = "#!/bin/sh\nprintf '\\002'\nhead -c 100000 /dev/urandom\n";
        return hostile::Bytes(script.begin(), script.end());
    }());
    fs::permissions(liar, fs::perms::owner_all);
    setenv("VITRINE_READER", liar.c_str(), 1);
    const auto model = read_model(path);
    const auto picture = read_picture(path);
    unsetenv("VITRINE_READER");
    CHECK_FALSE(model);
    CHECK_FALSE(picture);
}
