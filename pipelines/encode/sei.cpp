#include "pipelines/encode/sei.h"

#include <algorithm>

#include "engine/scene_frame.h"
#include "pipelines/encode/annex_b.h"

namespace vitrine {
namespace {

constexpr std::uint8_t user_data_unregistered = 5;

std::vector<std::uint8_t> without_emulation_prevention(std::span<const std::uint8_t> escaped) {
    std::vector<std::uint8_t> raw;
    raw.reserve(escaped.size());
    int zeros = 0;
    for (const std::uint8_t byte : escaped) {
        if (zeros >= 2 && byte == 3) {
            zeros = 0;
            continue;
        }
        zeros = byte == 0 ? zeros + 1 : 0;
        raw.push_back(byte);
    }
    return raw;
}

/// A number coded as in sei_message(): 0xff adds 255 and goes on.
std::optional<std::size_t> read_coded(std::span<const std::uint8_t> bytes, std::size_t& at) {
    std::size_t value = 0;
    while (at < bytes.size()) {
        const std::uint8_t byte = bytes[at++];
        value += byte;
        if (byte != 0xff) return value;
    }
    return std::nullopt;
}

std::optional<std::vector<std::uint8_t>> scene_in(std::span<const std::uint8_t> sei_body) {
    const auto raw = without_emulation_prevention(sei_body.subspan(1));
    const std::span<const std::uint8_t> bytes(raw);
    std::size_t at = 0;
    // Two bytes is the shortest message; what is left after the last one is rbsp_trailing_bits.
    while (at + 2 < bytes.size()) {
        const auto type = read_coded(bytes, at);
        const auto size = type ? read_coded(bytes, at) : std::nullopt;
        if (!size || *size > bytes.size() - at) return std::nullopt;
        const auto payload = bytes.subspan(at, *size);
        if (*type == user_data_unregistered && payload.size() >= scene_frame_uuid.size() &&
            std::equal(scene_frame_uuid.begin(), scene_frame_uuid.end(), payload.begin())) {
            const auto cbor = payload.subspan(scene_frame_uuid.size());
            return std::vector<std::uint8_t>(cbor.begin(), cbor.end());
        }
        at += *size;
    }
    return std::nullopt;
}

}  // namespace

std::vector<std::uint8_t> make_scene_sei(std::span<const std::uint8_t> cbor) {
    const std::size_t size = scene_frame_uuid.size() + cbor.size();
    std::vector<std::uint8_t> raw;
    raw.reserve(size + size / 255 + 4);
    raw.push_back(user_data_unregistered);
    for (std::size_t left = size;; left -= 255) {
        raw.push_back(static_cast<std::uint8_t>(std::min<std::size_t>(left, 255)));
        if (left < 255) break;
    }
    raw.insert(raw.end(), scene_frame_uuid.begin(), scene_frame_uuid.end());
    raw.insert(raw.end(), cbor.begin(), cbor.end());
    raw.push_back(0x80);  // rbsp_trailing_bits

    std::vector<std::uint8_t> nal{0, 0, 0, 1, nal_sei};
    nal.reserve(raw.size() + raw.size() / 2 + nal.size());
    int zeros = 0;
    for (const std::uint8_t byte : raw) {
        if (zeros >= 2 && byte <= 3) {
            nal.push_back(3);
            zeros = 0;
        }
        nal.push_back(byte);
        zeros = byte == 0 ? zeros + 1 : 0;
    }
    return nal;
}

std::optional<std::size_t> sei_position(std::span<const std::uint8_t> access_unit) {
    NalReader reader(access_unit);
    while (const auto nal = reader.next())
        if (nal->is_slice()) return nal->start;
    return std::nullopt;
}

std::optional<std::vector<std::uint8_t>> find_scene_sei(std::span<const std::uint8_t> access_unit) {
    NalReader reader(access_unit);
    while (const auto nal = reader.next()) {
        if (nal->is_slice()) return std::nullopt;  // SEI precedes the primary coded picture
        if (nal->type() != nal_sei) continue;
        if (auto scene = scene_in(nal->body)) return scene;
    }
    return std::nullopt;
}

}  // namespace vitrine
