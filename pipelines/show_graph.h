#pragma once
// READ FIRST. The whole signal path of a show:
//
//   Camera… (mask) ──newest──> Program thread: pick, mix, describe ──ProgramTap clean──> VideoEncoder clean (SEI) ──> WebRtcPeer…, Recorder
//   clean
//                                                  │
//                                                  └─(while needed)─> Painter thread ──ProgramTap burned──> VideoEncoder burned ──>
//                                                  Recorder burned
//   Microphone… ──AudioTap──> Sound (mix, delay, level) ──AudioTap──> AudioEncoder ──> WebRtcPeer…;  Recorder
//
// Commands come in through Show; this graph listens to its snapshots and reports back. Nothing downstream can stall anything upstream.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "engine/buyers.h"
#include "engine/frame_stage.h"
#include "engine/result.h"
#include "engine/show.h"
#include "pipelines/deliver/web/desk_files.h"

namespace vitrine {

struct GraphOptions {
    std::filesystem::path page;  ///< built buyer page
    std::filesystem::path token_file;
    std::string buyer_path;                       ///< path and fragment of the open link
    std::optional<std::filesystem::path> record;  ///< record from the start, into this folder
    DeskFiles files;                              ///< what becomes of the desk outside the web server
    std::function<std::string()> metrics;         ///< more Prometheus lines; may be empty
};

class ShowGraph {
  public:
    /// Opens everything. `show`, `buyers` and `stage` outlive the graph.
    static Result<std::unique_ptr<ShowGraph>> start(Show& show, Buyers& buyers, FrameStage& stage, GraphOptions options);
    /// Closes files and tells buyers.
    virtual ~ShowGraph() = default;
    virtual std::string buyer_origin() const = 0;
    virtual int buyer_port() const = 0;
    virtual std::string control_url() const = 0;

    struct Figures {
        std::uint64_t program_frames = 0;  ///< made
        std::uint64_t late_frames = 0;     ///< finished after their tick had passed by more than one frame
        double mix_ms_mean = 0, mix_ms_max = 0;
        int viewers = 0;
        std::string encoder;
    };
    virtual Figures figures() const = 0;
};

}  // namespace vitrine
