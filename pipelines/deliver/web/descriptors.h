#pragma once
// File descriptors: how many this process may have, and who may take which share. Whoever runs out of them cannot even end well (GLib
// aborts), so what strangers can ask for is bounded below the limit and the rest is the show's own: cameras, recordings, encoders, store.

#include <cstddef>

namespace vitrine {

/// Raises the soft limit as far as the system lets it and a show can use (`most_useful_descriptors`); never lowers it. At the start of the
/// program. The limit from now on.
std::size_t raise_descriptor_limit();
inline constexpr std::size_t most_useful_descriptors = 16384;

/// Thread-safe.
std::size_t descriptor_limit();
/// Thread-safe. How many are open; the limit when that cannot be told, so that nothing more is begun.
std::size_t open_descriptors();

struct DescriptorShares {
    int connections = 0;  ///< of the buyer listener: pages, downloads, sockets
    int control = 0;      ///< connections of the control listener
    int streams = 0;      ///< viewers
    bool operator==(const DescriptorShares&) const = default;
};

/// What the show itself may come to need while it runs, beyond what is open when its web server starts.
inline constexpr std::size_t descriptors_of_the_show = 64;
/// What one viewer's stream takes: its sockets, and what wakes its threads. A machine with many addresses needs more; so it is counted anew
/// before each stream (descriptors_for_a_stream).
inline constexpr std::size_t descriptors_of_a_stream = 10;

/// Splits what is left of `limit` beyond `in_use` and the show's own; nobody gets more than they want. Never below one stream, 16
/// connections and 8 of the control listener's: with fewer descriptors than that a show would not start.
DescriptorShares share_descriptors(std::size_t limit, std::size_t in_use, const DescriptorShares& wanted);

/// Thread-safe. Whether one more stream leaves the show what is its own.
bool descriptors_for_a_stream();

}  // namespace vitrine
