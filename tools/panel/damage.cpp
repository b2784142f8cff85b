#include "tools/panel/damage.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace vitrine::panel {
namespace {

constexpr float spare = 2;           // what smoothed edges take beyond their corners
constexpr std::size_t run_gap = 32;  // changed vertices this near belong to the same thing
constexpr std::size_t most_rects = 10;

bool empty(const ImVec4& r) { return r.z <= r.x || r.w <= r.y; }
ImVec4 both(const ImVec4& a, const ImVec4& b) { return {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.z, b.z), std::max(a.w, b.w)}; }
ImVec4 shared(const ImVec4& a, const ImVec4& b) { return {std::max(a.x, b.x), std::max(a.y, b.y), std::min(a.z, b.z), std::min(a.w, b.w)}; }
const ImVec4 nowhere{1e9f, 1e9f, -1e9f, -1e9f};

void take_in(ImVec4& rect, const ImVec2& p) { rect = both(rect, {p.x - spare, p.y - spare, p.x + spare, p.y + spare}); }

/// Parts that touch become one; too many become one, too.
std::vector<ImVec4> joined(std::vector<ImVec4> rects) {
    for (bool again = true; again;) {
        again = false;
        for (std::size_t i = 0; i < rects.size() && !again; ++i)
            for (std::size_t j = i + 1; j < rects.size() && !again; ++j)
                if (!empty(shared(rects[i], rects[j]))) {
                    rects[i] = both(rects[i], rects[j]);
                    rects.erase(rects.begin() + static_cast<std::ptrdiff_t>(j));
                    again = true;
                }
    }
    if (rects.size() <= most_rects) return rects;
    ImVec4 all = nowhere;
    for (const ImVec4& rect : rects) all = both(all, rect);
    return {all};
}

}  // namespace

bool Damage::Command::operator==(const Command& other) const {
    return std::memcmp(&clip, &other.clip, sizeof clip) == 0 && texture == other.texture && vertex_offset == other.vertex_offset &&
           index_offset == other.index_offset && count == other.count;
}

Damage::List Damage::copy(const ImDrawList& from) {
    List list;
    list.vertices.assign(from.VtxBuffer.begin(), from.VtxBuffer.end());
    list.indices.assign(from.IdxBuffer.begin(), from.IdxBuffer.end());
    for (const ImDrawCmd& c : from.CmdBuffer) list.commands.push_back({c.ClipRect, c.TextureId, c.VtxOffset, c.IdxOffset, c.ElemCount});
    return list;
}

bool Damage::same_shape(const List& a, const List& b) {
    return a.vertices.size() == b.vertices.size() && a.commands == b.commands && a.indices == b.indices;
}

std::optional<std::vector<ImVec4>> Damage::next(const ImDrawData& data, const std::vector<ImTextureID>& renewed) {
    std::vector<List> now;
    for (int i = 0; i < data.CmdListsCount; ++i) now.push_back(copy(*data.CmdLists[i]));
    now.swap(before_);
    const std::vector<List>& was = now;
    bool whole = !std::exchange(known_, true) || was.size() != before_.size();
    for (std::size_t i = 0; !whole && i < was.size(); ++i) whole = !same_shape(was[i], before_[i]);
    if (whole) return std::nullopt;

    std::vector<ImVec4> rects;
    for (std::size_t i = 0; i < was.size(); ++i) {
        const List &a = was[i], &b = before_[i];
        ImVec4 run = nowhere;
        std::size_t last = 0;
        for (std::size_t v = 0; v < a.vertices.size(); ++v) {
            if (std::memcmp(&a.vertices[v], &b.vertices[v], sizeof(ImDrawVert)) == 0) continue;
            if (!empty(run) && v - last > run_gap) {
                rects.push_back(run);
                run = nowhere;
            }
            take_in(run, a.vertices[v].pos);
            take_in(run, b.vertices[v].pos);
            last = v;
        }
        if (!empty(run)) rects.push_back(run);
        for (const Command& command : b.commands) {
            if (std::find(renewed.begin(), renewed.end(), command.texture) == renewed.end()) continue;
            ImVec4 covered = nowhere;
            for (unsigned k = 0; k < command.count; ++k)
                take_in(covered, b.vertices[command.vertex_offset + b.indices[command.index_offset + k]].pos);
            covered = shared(covered, command.clip);
            if (!empty(covered)) rects.push_back(covered);
        }
    }
    return joined(std::move(rects));
}

}  // namespace vitrine::panel
