#include "overlays/models/gltf_accessor.h"

#include <tiny_gltf.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "overlays/reading/refusal.h"

namespace vitrine {
namespace {

constexpr std::string_view export_again = "export it again as .glb";

std::string number(std::uint64_t value) { return std::to_string(value); }

template <class T>
T load(const std::uint8_t* at) {
    T value;
    std::memcpy(&value, at, sizeof value);  // glTF is little-endian, and so is every machine this runs on
    return value;
}

/// glTF 2.0, 3.6.2.2 and 3.11: normalised integers cover −1 to 1 or 0 to 1.
float component(const std::uint8_t* at, int type, bool normalised) {
    switch (type) {
        case TINYGLTF_COMPONENT_TYPE_BYTE: {
            const float value = load<std::int8_t>(at);
            return normalised ? std::max(value / 127.0f, -1.0f) : value;
        }
        case TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE: {
            const float value = load<std::uint8_t>(at);
            return normalised ? value / 255.0f : value;
        }
        case TINYGLTF_COMPONENT_TYPE_SHORT: {
            const float value = load<std::int16_t>(at);
            return normalised ? std::max(value / 32767.0f, -1.0f) : value;
        }
        case TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT: {
            const float value = load<std::uint16_t>(at);
            return normalised ? value / 65535.0f : value;
        }
        default:
            return load<float>(at);
    }
}

std::size_t component_bytes(int type) {
    switch (type) {
        case TINYGLTF_COMPONENT_TYPE_BYTE:
        case TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE:
            return 1;
        case TINYGLTF_COMPONENT_TYPE_SHORT:
        case TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT:
            return 2;
        case TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT:
        case TINYGLTF_COMPONENT_TYPE_FLOAT:
            return 4;
        default:
            return 0;
    }
}

std::uint32_t unsigned_at(const std::uint8_t* at, int type) {
    switch (type) {
        case TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE:
            return load<std::uint8_t>(at);
        case TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT:
            return load<std::uint16_t>(at);
        default:
            return load<std::uint32_t>(at);
    }
}

bool is_unsigned(int type) {
    return type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE || type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT ||
           type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT;
}

int components_of(int type) {
    switch (type) {
        case TINYGLTF_TYPE_SCALAR:
            return 1;
        case TINYGLTF_TYPE_VEC2:
            return 2;
        case TINYGLTF_TYPE_VEC3:
            return 3;
        case TINYGLTF_TYPE_VEC4:
            return 4;
        default:
            return 0;  // no attribute of ours is a matrix
    }
}

}  // namespace

struct GltfAccessors::Elements {
    std::size_t count = 0, stride = 0, element = 0;
    int type = 0;
    bool normalised = false;
    const std::uint8_t* base = nullptr;   ///< nullptr: all zero
    std::vector<std::uint32_t> replaced;  ///< ascending
    const std::uint8_t* replacements = nullptr;

    /// Calls back with the index and the bytes of every element, nullptr for one that is zero.
    template <class Each>
    void for_each(Each each) const {
        std::size_t next = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint8_t* at = base ? base + i * stride : nullptr;
            if (next < replaced.size() && replaced[next] == i) at = replacements + next++ * element;
            each(i, at);
        }
    }
};

Result<std::span<const std::uint8_t>> GltfAccessors::range(int index, std::uint64_t offset, std::uint64_t bytes,
                                                           const std::string& whose) const {
    if (index < 0 || static_cast<std::size_t>(index) >= model_.bufferViews.size())
        return refuse("is damaged: " + whose + " names buffer view " + std::to_string(index) + ", which does not exist", export_again);
    const auto& view = model_.bufferViews[static_cast<std::size_t>(index)];
    if (view.buffer < 0 || static_cast<std::size_t>(view.buffer) >= model_.buffers.size())
        return refuse(
            "is damaged: buffer view " + std::to_string(index) + " names buffer " + std::to_string(view.buffer) + ", which does not exist",
            export_again);
    const auto& data = model_.buffers[static_cast<std::size_t>(view.buffer)].data;
    const std::uint64_t start = view.byteOffset, length = view.byteLength;
    if (start > data.size() || length > data.size() - start)
        return refuse("is damaged: buffer view " + std::to_string(index) + " reaches past its buffer of " + number(data.size()) + " bytes",
                      export_again);
    if (offset > length || bytes > length - offset)
        return refuse("is damaged: " + whose + " reaches past buffer view " + std::to_string(index) + " of " + number(length) + " bytes",
                      export_again);
    return std::span<const std::uint8_t>(data).subspan(start + offset, bytes);
}

Result<std::span<const std::uint8_t>> GltfAccessors::view(int index) const {
    auto start = range(index, 0, 0, "an image");
    if (!start) return start;
    return range(index, 0, model_.bufferViews[static_cast<std::size_t>(index)].byteLength, "an image");
}

Result<GltfAccessors::Elements> GltfAccessors::elements(int index, int components, std::size_t most) const {
    const std::string whose = "accessor " + std::to_string(index);
    if (index < 0 || static_cast<std::size_t>(index) >= model_.accessors.size())
        return refuse("is damaged: it uses " + whose + ", which does not exist", export_again);
    const auto& accessor = model_.accessors[static_cast<std::size_t>(index)];
    Elements out;
    out.count = accessor.count;
    out.type = accessor.componentType;
    out.normalised = accessor.normalized;
    if (out.count == 0 || accessor.count > 0x7fffffff) return refuse("is damaged: " + whose + " has no sensible count", export_again);
    if (out.count > most)
        return refuse("has " + number(out.count) + " elements in " + whose + ", more than the " + number(most) + " allowed", "simplify it");
    if (components_of(accessor.type) != components || component_bytes(out.type) == 0)
        return refuse("is damaged: " + whose + " is not of the type its use needs", export_again);
    out.element = component_bytes(out.type) * static_cast<std::size_t>(components);
    if (accessor.bufferView >= 0) {
        if (static_cast<std::size_t>(accessor.bufferView) < model_.bufferViews.size())
            out.stride = model_.bufferViews[static_cast<std::size_t>(accessor.bufferView)].byteStride;
        if (out.stride == 0) out.stride = out.element;
        if (out.stride < out.element || out.stride > 252)
            return refuse("is damaged: " + whose + " has a stride of " + number(out.stride) + " bytes", export_again);
        auto bytes = range(accessor.bufferView, accessor.byteOffset, std::uint64_t{out.stride} * (out.count - 1) + out.element, whose);
        if (!bytes) return tl::unexpected(bytes.error());
        out.base = bytes->data();
    }
    if (!accessor.sparse.isSparse) return out;

    const auto& sparse = accessor.sparse;
    if (sparse.count < 1 || static_cast<std::size_t>(sparse.count) > out.count || sparse.indices.byteOffset < 0 ||
        sparse.values.byteOffset < 0 || !is_unsigned(sparse.indices.componentType))
        return refuse("is damaged: the sparse part of " + whose + " is out of range", export_again);
    const auto replaced = static_cast<std::size_t>(sparse.count);
    const std::size_t width = component_bytes(sparse.indices.componentType);
    auto indices = range(sparse.indices.bufferView, static_cast<std::uint64_t>(sparse.indices.byteOffset), std::uint64_t{replaced} * width,
                         "the sparse part of " + whose);
    if (!indices) return tl::unexpected(indices.error());
    auto values = range(sparse.values.bufferView, static_cast<std::uint64_t>(sparse.values.byteOffset),
                        std::uint64_t{replaced} * out.element, "the sparse part of " + whose);
    if (!values) return tl::unexpected(values.error());
    out.replacements = values->data();
    out.replaced.reserve(replaced);
    for (std::size_t i = 0; i < replaced; ++i) {
        const std::uint32_t at = unsigned_at(indices->data() + i * width, sparse.indices.componentType);
        if (at >= out.count || (i > 0 && at <= out.replaced.back()))
            return refuse("is damaged: the sparse part of " + whose + " is out of order", export_again);
        out.replaced.push_back(at);
    }
    return out;
}

Result<std::vector<float>> GltfAccessors::numbers(int accessor, int components, std::size_t most) const {
    const auto found = elements(accessor, components, most);
    if (!found) return tl::unexpected(found.error());
    if (found->type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT)
        return refuse("is damaged: accessor " + std::to_string(accessor) + " is not of the type its use needs", export_again);
    const auto each = static_cast<std::size_t>(components);
    const std::size_t width = component_bytes(found->type);
    std::vector<float> out(found->count * each);
    bool finite = true;
    found->for_each([&](std::size_t i, const std::uint8_t* at) {
        for (std::size_t c = 0; at && c < each; ++c) {
            const float value = component(at + c * width, found->type, found->normalised);
            finite = finite && std::isfinite(value);
            out[i * each + c] = value;
        }
    });
    if (!finite) return refuse("is damaged: accessor " + std::to_string(accessor) + " holds numbers that are not finite", export_again);
    return out;
}

Result<std::vector<std::uint32_t>> GltfAccessors::indices(int accessor, std::size_t below, std::size_t most) const {
    const auto found = elements(accessor, 1, most);
    if (!found) return tl::unexpected(found.error());
    if (!is_unsigned(found->type) || found->normalised)
        return refuse("is damaged: accessor " + std::to_string(accessor) + " is not of the type its use needs", export_again);
    std::vector<std::uint32_t> out(found->count);
    bool inside = true;
    found->for_each([&](std::size_t i, const std::uint8_t* at) {
        out[i] = at ? unsigned_at(at, found->type) : 0;
        inside = inside && out[i] < below;
    });
    if (!inside)
        return refuse("is damaged: accessor " + std::to_string(accessor) + " names vertices past the " + number(below) + " there are",
                      export_again);
    return out;
}

}  // namespace vitrine
