// vitrine-reader BYTES SECONDS model|picture|font LIMITS…: parses its standard input, shut in, and writes what it found to standard output
// (overlays/reading). Started by the show for every file that a customer's folder names; of no use to people.

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "overlays/models/model_parser.h"
#include "overlays/models/model_reader.h"
#include "overlays/models/model_wire.h"
#include "overlays/reading/font_check.h"
#include "overlays/reading/picture_decoder.h"
#include "overlays/reading/refusal.h"
#include "tools/reader/sandbox.h"

namespace {

using namespace vitrine;

Result<std::vector<std::uint8_t>> all_of_input(std::uint64_t most) {
    std::vector<std::uint8_t> bytes;
    const off_t size = lseek(0, 0, SEEK_END);
    if (size < 0 || lseek(0, 0, SEEK_SET) != 0) return fail("cannot be read");
    if (static_cast<std::uint64_t>(size) > most) return refuse("is larger than it may be", "make it smaller");
    bytes.resize(static_cast<std::size_t>(size));
    std::size_t at = 0;
    while (at < bytes.size()) {
        const ssize_t got = read(0, bytes.data() + at, bytes.size() - at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail("cannot be read");
        if (got == 0) break;  // cut short while it was read: the parser will say so
        at += static_cast<std::size_t>(got);
    }
    bytes.resize(at);
    return bytes;
}

Result<void> serve_model(const std::vector<std::string>& words, WireWriter& out) {
    const auto limits = limits_of(words);
    if (!limits) return fail("cannot be read: the reader was called wrongly");
    return all_of_input(limits->file_bytes)
        .and_then([&](const auto& bytes) { return parse_model(bytes, *limits); })
        .map([&](const ModelData& model) {
            out.number(static_cast<std::uint8_t>(ReaderAnswer::here));
            write_model(model, out);
        });
}

Result<void> serve_picture(const std::vector<std::string>& words, WireWriter& out) {
    if (words.size() != 3) return fail("cannot be read: the reader was called wrongly");
    const int side = std::atoi(words[1].c_str());
    const std::uint64_t pixels = std::strtoull(words[2].c_str(), nullptr, 10);
    return all_of_input(std::uint64_t{64} << 20)
        .and_then([&](const auto& bytes) { return decode_picture(bytes, side, pixels); })
        .map([&](const Picture& picture) {
            out.number(static_cast<std::uint8_t>(ReaderAnswer::here));
            out.number<std::int32_t>(picture.width);
            out.number<std::int32_t>(picture.height);
            out.array(picture.rgba);
        });
}

Result<void> serve_font(WireWriter& out) {
    return all_of_input(std::uint64_t{32} << 20)
        .and_then([](const auto& bytes) { return check_font(bytes); })
        .map([&](const FontFacts& facts) {
            out.number(static_cast<std::uint8_t>(ReaderAnswer::here));
            out.text(facts.family);
            out.number<std::int32_t>(facts.glyphs);
        });
}

Result<void> serve(const std::vector<std::string>& words, WireWriter& out) {
    try {
        if (words[0] == "model") return serve_model(words, out);
        if (words[0] == "picture") return serve_picture(words, out);
        if (words[0] == "font") return serve_font(out);
        return fail("cannot be read: the reader was called wrongly");
    } catch (const std::bad_alloc&) {
        return refuse("needs more memory than it may", "make it smaller");
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    if (!shut_in(std::strtoull(argv[1], nullptr, 10), static_cast<unsigned>(std::max(1, std::atoi(argv[2]))))) return 3;
    WireWriter out(1);
    if (const auto served = serve({argv + 3, argv + argc}, out); !served) {
        out.number(static_cast<std::uint8_t>(ReaderAnswer::refused));
        out.flag(served.error().kind == ErrorKind::bad_input);
        out.text(served.error().message.substr(0, 2000));
    }
    out.number<std::uint64_t>(peak_bytes());
    out.flush();
    _exit(0);  // nothing is worth tidying up
}
