#pragma once
// One source opened for a few seconds: what it is, or which of the usual things is wrong with it. Nothing here holds a password.

#include <string>

#include "engine/config.h"
#include "engine/frame.h"
#include "engine/frame_stage.h"
#include "engine/result.h"

namespace vitrine {

enum class Trouble {
    none,
    bad_address,     ///< not even an address
    no_such_host,    ///< the name is not known
    refused,         ///< the machine is there, nobody listens at that port
    no_route,        ///< another network
    timed_out,       ///< nothing answers
    not_rtsp,        ///< something else answers
    needs_password,  ///< and none was given
    wrong_password,
    not_found,  ///< no stream at that path
    no_decoder,
    no_picture,  ///< it answers, but no picture comes
    other,       ///< `why` says it
};
/// "needs_password": also the end of its key in messages.h, "trial.needs_password".
std::string_view to_string(Trouble);

struct SourceTrial {
    Trouble trouble = Trouble::none;
    std::string why;         ///< a sentence, or what the decoder lacks
    std::string address;     ///< as it may be shown
    std::string host, path;  ///< of a network source
    std::string fillable;    ///< the address with USER:PASSWORD where those belong
    int port = 0;
    int width = 0, height = 0;
    double fps = 0;
    std::string codec;  ///< "H.264"; "uncompressed"; empty: not known
    bool sound = false;
    std::string sound_codec;
    VideoFramePtr picture;  ///< the newest; null when there is trouble
};

struct TrialLimits {
    Nanoseconds watch = 2'000'000'000;    ///< from the first picture on
    Nanoseconds connect = 4'000'000'000;  ///< until the other side has accepted
    Nanoseconds altogether = 15'000'000'000;
};

/// Blocks for as long as that. `stage` draws simulated cameras. Reentrant.
SourceTrial try_source(const SourceSpec& source, FrameStage& stage, const TrialLimits& limits = {});

/// What to say in a language, filled in; `fix` false: what is or what is wrong, true: what to do (empty when nothing). Reentrant.
std::string trial_sentence(const SourceTrial& trial, std::string_view language, bool fix);

/// A small JPEG of it, at most `width` px wide. Reentrant.
Result<std::string> small_jpeg(const ConstI420View& picture, int width);

}  // namespace vitrine
