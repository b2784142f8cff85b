#pragma once
// The process in which files that nobody vouches for are parsed: the program vitrine-reader beside the running one (or $VITRINE_READER),
// started with the open file as its input, a pipe as its output and nothing else: no other descriptor, no environment. It takes away its
// own rights (tools/reader/sandbox.h) before it reads the first byte. Whatever becomes of it, the show gets a sentence.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/result.h"
#include "overlays/reading/wire.h"

namespace vitrine {

/// What one reading took; for tests and figures.
struct ReaderUsage {
    double wall_s = 0, cpu_s = 0;
    std::uint64_t peak_bytes = 0;  ///< resident memory of the reading process, as it says itself; 0 when it did not live to say it
};

struct ReaderJob {
    std::vector<std::string> words;  ///< of the reader's command line: "picture", "40000000" …
    std::uint64_t file_bytes = 0;    ///< a larger file is refused unopened
    std::uint64_t child_bytes = 0;   ///< address space beyond what the program itself needs; not held under a sanitizer
    std::chrono::milliseconds deadline{0};
    const char* what = "a file";  ///< "a model": for sentences
};

/// First byte of the reader's answer.
enum class ReaderAnswer : std::uint8_t { refused = 1, here = 2 };

/// Starts a reader and hands its answer to `take`, which says whether the answer made sense. Blocks until the answer or the deadline; the
/// reader is gone afterwards. Reentrant.
Result<void> run_reader(const std::filesystem::path& file, const ReaderJob& job, const std::function<bool(WireReader&)>& take,
                        ReaderUsage* usage = nullptr);

}  // namespace vitrine
