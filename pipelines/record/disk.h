#pragma once
// What can be wrong with the folder that recordings go to, found by asking the file system. All of it may wait for a disk that does not
// answer: never on a thread that something else waits for.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace vitrine {

/// Why nothing is recorded. Sentences for a person: fault_sentence().
struct RecordFault {
    enum class Kind { none, full, gone, read_only, slow, silent, no_pictures, changed, own, other } kind = Kind::none;
    std::string why;  ///< of `other`: the system's words
    bool operator==(const RecordFault&) const = default;
};

std::string fault_sentence(const RecordFault& fault, const std::filesystem::path& folder);

std::optional<std::uint64_t> free_bytes(const std::filesystem::path& folder);
/// Whether a file of `bytes` could be written into that folder now. The folder is there.
RecordFault fault_of(const std::filesystem::path& folder, std::uint64_t bytes);

/// Which file it is, whatever its name: a file whose folder was deleted, or whose disk was taken away, is another one or none.
struct FileIdentity {
    std::uint64_t device = 0, number = 0;
    bool operator==(const FileIdentity&) const = default;
};
struct FileFacts {
    FileIdentity identity;
    std::uint64_t bytes = 0;
};
std::optional<FileFacts> facts_of(const std::filesystem::path& file);

/// The disk that a folder lies on, by the place where it is mounted: a folder that is there again on another disk is not the one that was
/// chosen.
class DiskPlace {
  public:
    /// The folder is there.
    static DiskPlace of(const std::filesystem::path& folder);
    /// Whether a disk is still (or again) mounted there. The root's always is.
    bool mounted() const;

  private:
    std::filesystem::path mount_;  ///< empty: the root's
};

}  // namespace vitrine
