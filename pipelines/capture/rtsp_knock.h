#pragma once
// Asks a network camera's door before GStreamer does, which would say no more than "could not open": is the name known, is the machine
// there, does anybody listen, is it RTSP, does it want a password, does it know the path? No user name or password is sent.

#include <string>

#include "engine/clock.h"
#include "pipelines/source_trial.h"

namespace vitrine {

/// `location`: a URL without user information; rtsps:// and tcp:// are only connected to. `password_given` tells a camera that wants one
/// from one that might take it. Reentrant; blocks at most twice `most`.
Trouble knock(const std::string& location, bool password_given, Nanoseconds most);

}  // namespace vitrine
