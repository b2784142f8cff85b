#pragma once
// The catalogue's parts, one file each. Help texts ("help.…") say what a control does and what to expect; its key is shown beside it by the
// control itself. Terse and natural in both languages; nothing here is read by buyers.

#include <span>
#include <string_view>

namespace vitrine::panel::texts {

struct Text {
    std::string_view key, en, zh;
};

std::span<const Text> program();  ///< what is always there: bar, pictures, scenes, status
std::span<const Text> pages();    ///< the rail's pages but buyers'
std::span<const Text> buyers();
std::span<const Text> new_show();  ///< making one, rehearsing
std::span<const Text> asking();    ///< questions before what cannot be taken back, and what can
std::span<const Text> start();     ///< before and around a show: start, pre-flight, keys, guide

}  // namespace vitrine::panel::texts
