#pragma once
// Which parts of the window a frame changes against the frame drawn before it, read from ImGui's draw lists: without a GPU, painting the
// whole window thirty times a second costs half a core, and mostly only the pictures change. Thread-bound.

#include <imgui.h>

#include <optional>
#include <vector>

namespace vitrine::panel {

class Damage {
  public:
    /// Rectangles {x1, y1, x2, y2} in ImGui's coordinates; none: nothing changed; nothing at all: the whole window. `renewed`: textures
    /// whose pixels are others than at the frame before.
    std::optional<std::vector<ImVec4>> next(const ImDrawData& data, const std::vector<ImTextureID>& renewed);
    /// The next frame is drawn whole: another size, another font texture.
    void forget() { known_ = false; }

  private:
    struct Command {
        ImVec4 clip;
        ImTextureID texture;
        unsigned vertex_offset, index_offset, count;
        bool operator==(const Command& other) const;
    };
    struct List {
        std::vector<ImDrawVert> vertices;
        std::vector<ImDrawIdx> indices;
        std::vector<Command> commands;
    };
    static List copy(const ImDrawList& from);
    static bool same_shape(const List& a, const List& b);

    std::vector<List> before_;
    bool known_ = false;
};

}  // namespace vitrine::panel
