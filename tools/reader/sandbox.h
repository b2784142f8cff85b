#pragma once
// A process gives up its rights before it reads what nobody vouches for: memory, processor time and file sizes are bounded, no new rights,
// no core dump, and the kernel refuses every call but reading and writing what is open and getting memory (seccomp). It ends with its
// parent.

#include <cstdint>

namespace vitrine {

/// `bytes` of address space beyond what is mapped already. Without the kernel's filter (built without libseccomp, or a sanitizer's run-time
/// needs more calls) the bounds hold alone. False when something could not be given up: read nothing then.
bool shut_in(std::uint64_t bytes, unsigned cpu_seconds);

/// Greatest resident memory so far, bytes. shut_in keeps what this needs.
std::uint64_t peak_bytes();

}  // namespace vitrine
