#pragma once
// Scene frames inside H.264 (ITU-T H.264 Annex D.1.7, user_data_unregistered, payload type 5). The message goes before the first slice
// of the access unit, after AUD and parameter sets, with emulation prevention.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace vitrine {

/// Reentrant. The whole NAL unit with a 4-byte start code; payload is uuid + bytes.
std::vector<std::uint8_t> make_scene_sei(std::span<const std::uint8_t> cbor);
/// Reentrant. Where in an Annex B access unit the SEI belongs (offset of the first slice NAL's start code); nothing when it has no slice.
std::optional<std::size_t> sei_position(std::span<const std::uint8_t> access_unit);
/// Reentrant. The first scene frame message in an Annex B access unit, without emulation prevention bytes.
std::optional<std::vector<std::uint8_t>> find_scene_sei(std::span<const std::uint8_t> access_unit);

}  // namespace vitrine
