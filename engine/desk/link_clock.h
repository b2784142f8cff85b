#pragma once
// Whether a link lets people in, by two clocks. The wall clock says when it begins and ends, and what it says is not kept: a link that is
// over because the clock is wrong is good again when the clock is right. What has been seen to pass (KeptTime::up_us) ends it as well, once
// that is as long as its life: a clock that was set back ten years makes no link live for ten years.

#include "engine/desk/records.h"

namespace vitrine::desk {

struct LinkClock {
    std::int64_t utc_us = 0, up_us = 0;
};

/// Reentrant.
inline bool is_open(const InviteRecord& invite, LinkClock now) {
    return invite.revoked_us == 0 && now.utc_us >= invite.not_before_us && now.utc_us < invite.expires_us &&
           now.up_us - invite.made_up_us < invite.expires_us - invite.made_us;
}

}  // namespace vitrine::desk
