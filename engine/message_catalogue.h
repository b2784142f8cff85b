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

}  // namespace vitrine
