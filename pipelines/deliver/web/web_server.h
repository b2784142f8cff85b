#pragma once
// The two listeners: buyers (page, WHEP, socket, API) and control (loopback only, bearer token). One thread, "net"; callbacks into the show
// are Show::post/report/snapshot only. Limits and headers as in the security model: header 16 KiB, body 64 KiB, header timeout 10 s, socket
// message 16 KiB, per-address rate limits answered with 429 and Retry-After.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/buyers.h"
#include "engine/preflight.h"
#include "engine/result.h"
#include "engine/show.h"
#include "pipelines/deliver/web/desk_files.h"
#include "pipelines/deliver/web/replay_files.h"
#include "pipelines/deliver/webrtc_peer.h"
#include "pipelines/program/still.h"

namespace vitrine {

struct WebOptions {
    std::filesystem::path page;        ///< the built buyer page (index.html and its files)
    std::filesystem::path token_file;  ///< where the control token is written, 0600
    std::string buyer_path;            ///< path and fragment of the show's open link, told to the panel; may be empty
    std::string preview_name;          ///< shared memory of the previews, told to the panel; may be empty
    WebRtcPeer::Sources sources;
    std::function<std::string()> metrics;   ///< more Prometheus lines; may be empty
    std::function<PreflightFacts()> facts;  ///< of encoder, sound and store, for pre-flight; may be empty
    /// The newest clean program frame, made when asked for; `done` on any thread. Empty: no stills.
    std::function<void(std::function<void(Result<Still>)> done)> still;
    DeskFiles files;
    /// What the show left to see again, once it has ended; on the net thread, at once. Empty: nothing.
    std::function<std::optional<ReplayFiles>()> replay;
    int viewer_cap = 60;
    int control_port = 0;  ///< 0: any free one
};

class WebServer {
  public:
    /// Binds both listeners and starts serving; `show` and `buyers` outlive the server. Errors: port in use, certificate unreadable, page
    /// not built.
    static Result<std::unique_ptr<WebServer>> start(Show& show, Buyers& buyers, WebOptions options);
    /// Tells buyers the show has ended, closes every peer and socket within 2 s.
    virtual ~WebServer() = default;
    virtual std::string buyer_origin() const = 0;  ///< "http://127.0.0.1:8080"
    virtual int buyer_port() const = 0;
    virtual std::string control_url() const = 0;  ///< "http://127.0.0.1:41234"
    virtual int viewers() const = 0;
    /// Thread-safe. One entry of kind "webrtc": the sums over all viewers there are and were, renewed once a second.
    virtual std::vector<OutputStatus> outputs() const = 0;
};

}  // namespace vitrine
