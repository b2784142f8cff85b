#pragma once
// A stretch of a file as a body, read on a thread of its own: a disk that stalls holds up nobody but its readers.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/result.h"
#include "pipelines/deliver/web/awaited.h"
#include "pipelines/deliver/web/body_source.h"
#include "pipelines/deliver/web/work_thread.h"

namespace vitrine::web {

/// A regular file, open for reading; closed with the last of its bodies.
struct OpenFile {
    int fd = -1;
    std::uint64_t size = 0;
    std::string etag;  ///< of time and size

    OpenFile() = default;
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile();

    /// missing: there is none, or it is no regular file; failed: it is there and cannot be opened just now.
    static Result<std::shared_ptr<const OpenFile>> open(const std::filesystem::path& path);
    /// Null when the file has become shorter or the disk fails. Blocks.
    std::shared_ptr<const std::string> read(std::uint64_t at, std::size_t bytes) const;
};

/// `bytes` of `file` from `first`. Once `reading` is gone nothing more is read.
std::shared_ptr<BodySource> file_body(std::shared_ptr<const OpenFile> file, std::uint64_t first, std::uint64_t bytes,
                                      std::weak_ptr<WorkThreads> reading, Awaited& awaited);

}  // namespace vitrine::web
