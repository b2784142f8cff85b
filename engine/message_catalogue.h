#pragma once
// Where the texts of messages.h stand: one list per subject.

#include <span>
#include <string_view>

namespace vitrine {

struct MessageEntry {
    std::string_view key, language, text;
};

/// Of offers and orders, and of the report after a show.
std::span<const MessageEntry> offer_messages();
std::span<const MessageEntry> report_messages();
/// Of what pre-flight finds.
std::span<const MessageEntry> preflight_messages();
/// Of a source that was tried out, and of a rehearsal.
std::span<const MessageEntry> trial_messages();
std::span<const MessageEntry> rehearsal_messages();
/// Of the making of a new show.
std::span<const MessageEntry> new_show_messages();
/// Of the show's log.
std::span<const MessageEntry> log_messages();

}  // namespace vitrine
