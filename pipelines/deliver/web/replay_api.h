#pragma once
// The show again, after it has ended: the clean recording in pieces (HTTP ranges, RFC 9110 14) and its scene frames. Net thread only, but
// files are read on a thread of their own, as their readers take them; the caller has checked the session.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/result.h"
#include "pipelines/deliver/web/awaited.h"
#include "pipelines/deliver/web/http_message.h"
#include "pipelines/deliver/web/replay_files.h"
#include "pipelines/deliver/web/work_thread.h"

namespace vitrine::web {

/// Bytes `first` to `last`, both there, of a file of `size` bytes.
struct ByteRange {
    std::uint64_t first = 0, last = 0;
    bool operator==(const ByteRange&) const = default;
};
/// The one range of "bytes=0-99", "bytes=100-" or "bytes=-100", cut to what is there. Nothing: not understood or several, so that the
/// header does not count. An error: nothing of it is there (416).
tl::expected<std::optional<ByteRange>, int> parse_range(std::string_view header, std::uint64_t size);

class ReplayApi {
  public:
    ReplayApi(std::function<std::optional<ReplayFiles>()> find, Awaited& awaited);
    ~ReplayApi();

    /// /api/replay/video and /api/replay/scenes. `ended`: before that there is nothing to replay.
    void handle(const Request& request, bool ended, Responder respond);
    /// The show document's "replay", JSON.
    std::string document(bool ended);

  private:
    std::function<std::optional<ReplayFiles>()> find_;
    Awaited& awaited_;
    std::filesystem::path described_;  ///< what document_ is about
    std::string document_;
    std::shared_ptr<WorkThreads> reading_;
};

}  // namespace vitrine::web
