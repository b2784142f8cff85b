#pragma once
// The window: GLFW, OpenGL 3.2 core and ImGui's backends for both, behind plain calls. One at a time; thread-bound to the main thread.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/result.h"
#include "tools/panel/damage.h"
#include "tools/panel/hand.h"
#include "tools/panel/settings.h"

struct GLFWwindow;

namespace vitrine::panel {

class PanelWindow {
  public:
    struct Wish {
        int width = 1280, height = 720;        ///< window coordinates
        std::optional<Settings::Place> place;  ///< when it still lies on a monitor
        float scale = 0;                       ///< 0: the monitor's
        bool hidden = false;
    };
    /// missing: no display, no OpenGL 3.2.
    static Result<std::unique_ptr<PanelWindow>> open(const Wish& wish);
    ~PanelWindow();

    bool closing() const;
    bool focused() const;
    bool iconified() const;
    float width() const;
    float height() const;
    /// Window coordinates per px at 1×, and pixels per window coordinate.
    float scale() const;
    float density() const;
    Settings::Place place() const;

    /// Waits for input, at most that long.
    void wait(double seconds);
    /// True when input or a resize came since the last call.
    bool take_input();
    /// Keys pressed since the last call: '0'…'9', 'A'…'Z', ' ', '\n', '?', Escape, undo_key, redo_key, F keys as first_page_key + n. No
    /// others held with Ctrl, Alt or Super, no repeats, and not the Enter or Escape of an input method.
    std::vector<char> take_keys();
    /// Thread-safe. Ends a wait().
    static void wake();
    static double now();

    void begin_frame();
    /// Paints what has changed against the frame before; `renewed`: textures with other pixels than then.
    void end_frame(const std::vector<ImTextureID>& renewed);
    /// The font atlas was built anew.
    void renew_fonts();
    void copy_text(const std::string& text);
    void set_title(const std::string& title);
    /// What end_frame() drew last, as binary PPM.
    Result<void> save_picture(const std::filesystem::path& file);

  private:
    PanelWindow() = default;
    struct Callbacks;
    void take(int key, int mods, bool plain);
    void set_up_canvas(int width, int height);
    void paint_part(ImDrawData& data, const ImVec4& part, int height);

    GLFWwindow* window_ = nullptr;
    float asked_scale_ = 0;
    bool glfw_ = false, backends_ = false, input_ = true, nav_shown_ = false;
    std::vector<char> keys_;
    Composition composition_;
    std::vector<unsigned char> pixels_;
    std::string title_;
    bool keep_pixels_ = false;
    Damage damage_;
    unsigned canvas_ = 0, canvas_pixels_ = 0;  ///< what the window shows; a window's own pixels are lost at every swap
    int canvas_width_ = 0, canvas_height_ = 0;
    float ground_[3] = {-1, -1, -1};

  public:
    /// end_frame() keeps a copy for save_picture().
    void keep_next_picture() { keep_pixels_ = true; }

  private:
    int pixels_width_ = 0, pixels_height_ = 0;
};

}  // namespace vitrine::panel
