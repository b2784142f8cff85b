#pragma once
// One request to the control listener of a show that runs on this machine.

#include <string>

#include "engine/result.h"
#include "tools/announcement.h"

namespace vitrine {

/// The body of a 2xx answer; else what the show says is wrong.
Result<std::string> control_call(const Announcement& show, const std::string& method, const std::string& path,
                                 const std::string& body = {});

}  // namespace vitrine
