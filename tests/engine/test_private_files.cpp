#include "engine/private_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "tests/support/catch.h"
#include "tests/support/scratch_folder.h"

using namespace vitrine;
namespace fs = std::filesystem;

namespace {

int mode_of(const fs::path& path) {
    struct stat about {};
    REQUIRE(::lstat(path.c_str(), &about) == 0);
    return about.st_mode & 0777;
}

/// As a shell leaves it, whoever runs the tests.
struct OpenUmask {
    mode_t before = ::umask(022);
    ~OpenUmask() { ::umask(before); }
};

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("What is written is for this user alone, under any umask", "[private_files]") {
    const OpenUmask shell;
    const test::ScratchFolder scratch;
    const fs::path inner = scratch.path() / "a/b/c";
    REQUIRE(make_private_folder(inner));
    for (const char* folder : {"a", "a/b", "a/b/c"}) CHECK(mode_of(scratch.path() / folder) == 0700);
    REQUIRE(make_private_folder(inner));
    REQUIRE(write_private_file(inner / "file", "one"));
    CHECK(mode_of(inner / "file") == 0600);
    ::chmod((inner / "file").c_str(), 0644);
    REQUIRE(write_private_file(inner / "file", "two", false));
    CHECK(mode_of(inner / "file") == 0600);
    CHECK(text_of(inner / "file") == "two");
    CHECK(std::distance(fs::directory_iterator(inner), fs::directory_iterator()) == 1);
    CHECK(make_private_file(inner / "empty"));
    CHECK(mode_of(inner / "empty") == 0600);
    CHECK_FALSE(make_private_file(inner / "empty"));
    CHECK_FALSE(write_private_file(inner / "none/file", "x"));
    CHECK_FALSE(make_private_folder(inner / "file/inside"));
}

TEST_CASE("What an older version left open is closed; another's, links and common folders are left alone", "[private_files]") {
    const OpenUmask shell;
    const test::ScratchFolder scratch;
    const fs::path folder = scratch.path() / "show", outside = scratch.path() / "outside";
    fs::create_directory(folder);
    for (const fs::path& file : {folder / "program-1.mp4", folder / "other", outside}) std::ofstream(file) << "x";
    fs::create_symlink(outside, folder / "program-2.mp4");
    const auto told = tighten(folder, [](const fs::path& path) { return path.filename().string().starts_with("program-"); });
    CHECK(told.closed == 2);
    CHECK(told.left_open.empty());
    CHECK(mode_of(folder) == 0700);
    CHECK(mode_of(folder / "program-1.mp4") == 0600);
    CHECK(mode_of(folder / "other") == 0644);
    CHECK(mode_of(outside) == 0644);
    CHECK(tighten(folder).closed == 0);

    const fs::path common = scratch.path() / "common";
    fs::create_directory(common);
    REQUIRE(::chmod(common.c_str(), 01777) == 0);
    CHECK(tighten(common).closed == 0);
    CHECK(mode_of(common) == 0777);
    CHECK(tighten(scratch.path() / "missing").closed == 0);
}
