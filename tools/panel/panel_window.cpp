#include "tools/panel/panel_window.h"

#include <epoxy/gl.h>
// epoxy stands in for the system's GL header, so it comes first.
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "engine/barrier.h"
#include "engine/log.h"
#include "engine/private_files.h"
#include "tools/panel/panel_state.h"

namespace vitrine::panel {
namespace {

std::string last_glfw_error;

void on_glfw_error(int code, const char* words) {
    last_glfw_error = words ? words : "";
    log::warn("panel", "The window system reported a problem.", {{"code", std::to_string(code)}, {"words", last_glfw_error}});
}

/// True when enough of the window lies on a monitor to be taken hold of.
bool on_a_monitor(const Settings::Place& place) {
    int count = 0;
    GLFWmonitor** monitors = glfwGetMonitors(&count);
    for (int i = 0; i < count; ++i) {
        int x = 0, y = 0, w = 0, h = 0;
        glfwGetMonitorWorkarea(monitors[i], &x, &y, &w, &h);
        const int overlap_x = std::min(place.x + place.width, x + w) - std::max(place.x, x);
        const int overlap_y = std::min(place.y + place.height, y + h) - std::max(place.y, y);
        if (overlap_x >= 200 && overlap_y >= 100 && place.y >= y - 8) return true;
    }
    return false;
}

}  // namespace

struct PanelWindow::Callbacks {
    static PanelWindow& of(GLFWwindow* window) { return *static_cast<PanelWindow*>(glfwGetWindowUserPointer(window)); }

    static void key(GLFWwindow* window, int key, int scancode, int action, int mods) {
        PanelWindow& self = of(window);
        self.input_ = true;
        const bool plain = !(mods & (GLFW_MOD_CONTROL | GLFW_MOD_ALT | GLFW_MOD_SUPER));
        const bool ends = key == GLFW_KEY_ENTER || key == GLFW_KEY_KP_ENTER || key == GLFW_KEY_ESCAPE;
        if (action == GLFW_PRESS && ends && self.composition_.takes_key()) return;
        if (action != GLFW_RELEASE && plain && key >= GLFW_KEY_SPACE && key <= GLFW_KEY_WORLD_2) self.composition_.letter_key();
        ImGui_ImplGlfw_KeyCallback(window, key, scancode, action, mods);
        if (action == GLFW_PRESS) self.take(of_layout(key, scancode), mods, plain);
    }
    static void letter(GLFWwindow* window, unsigned int code) {
        PanelWindow& self = of(window);
        self.input_ = true;
        self.composition_.letter_came();
        ImGui_ImplGlfw_CharCallback(window, code);
    }
    /// GLFW names keys by where they lie on an American keyboard; people by the letter on them.
    static int of_layout(int key, int scancode) {
        if (key < GLFW_KEY_A || key > GLFW_KEY_Z) return key;
        const char* name = glfwGetKeyName(key, scancode);
        if (!name || name[0] < 'a' || name[0] > 'z' || name[1] != 0) return key;
        return GLFW_KEY_A + (name[0] - 'a');
    }
    static void install(GLFWwindow* window) {
        // Before ImGui's own, which call these in turn.
        glfwSetMouseButtonCallback(window, barrier::barred<"panel input", [](GLFWwindow* w, int, int, int) { of(w).input_ = true; }>);
        glfwSetScrollCallback(window, barrier::barred<"panel input", [](GLFWwindow* w, double, double) { of(w).input_ = true; }>);
        glfwSetCursorPosCallback(window, barrier::barred<"panel input", [](GLFWwindow* w, double, double) { of(w).input_ = true; }>);
        glfwSetCursorEnterCallback(window, barrier::barred<"panel input", [](GLFWwindow* w, int) { of(w).input_ = true; }>);
        glfwSetWindowFocusCallback(window, barrier::barred<"panel input", [](GLFWwindow* w, int) { of(w).input_ = true; }>);
        glfwSetWindowIconifyCallback(window, barrier::barred<"panel input", [](GLFWwindow* w, int) { of(w).input_ = true; }>);
        glfwSetWindowRefreshCallback(window, barrier::barred<"panel refresh", [](GLFWwindow* w) {
                                         of(w).input_ = true;
                                         of(w).damage_.forget();  // its pixels are lost
                                     }>);
        glfwSetFramebufferSizeCallback(window, barrier::barred<"panel input", [](GLFWwindow* w, int, int) { of(w).input_ = true; }>);
    }
    /// In the place of ImGui's: not every key is for it.
    static void install_keys(GLFWwindow* window) {
        glfwSetKeyCallback(window, barrier::barred<"panel key", &Callbacks::key>);
        glfwSetCharCallback(window, barrier::barred<"panel letter", &Callbacks::letter>);
    }
};

void PanelWindow::take(int key, int mods, bool plain) {
    if (key == GLFW_KEY_Z && (mods & GLFW_MOD_CONTROL)) return keys_.push_back(mods & GLFW_MOD_SHIFT ? redo_key : undo_key);
    if (key == GLFW_KEY_Y && (mods & GLFW_MOD_CONTROL)) return keys_.push_back(redo_key);
    if (!plain) return;
    if (key == GLFW_KEY_ENTER || key == GLFW_KEY_KP_ENTER)
        keys_.push_back('\n');
    else if (key >= GLFW_KEY_KP_0 && key <= GLFW_KEY_KP_9)
        keys_.push_back(static_cast<char>('0' + key - GLFW_KEY_KP_0));
    else if (key == GLFW_KEY_ESCAPE)
        keys_.push_back('\x1b');
    else if (key == GLFW_KEY_F1)
        keys_.push_back(static_cast<char>(static_cast<unsigned char>(first_page_key) + static_cast<int>(Page::help)));
    else if (key >= GLFW_KEY_F2 && key <= GLFW_KEY_F10)
        keys_.push_back(static_cast<char>(static_cast<unsigned char>(first_page_key) + key - GLFW_KEY_F2));
    else if (key == GLFW_KEY_SLASH && (mods & GLFW_MOD_SHIFT))
        keys_.push_back('?');
    else if (key == GLFW_KEY_SPACE || (key >= GLFW_KEY_0 && key <= GLFW_KEY_9) || (key >= GLFW_KEY_A && key <= GLFW_KEY_Z))
        keys_.push_back(static_cast<char>(key));
}

Result<std::unique_ptr<PanelWindow>> PanelWindow::open(const Wish& wish) {
    std::unique_ptr<PanelWindow> self(new PanelWindow);
    glfwSetErrorCallback(barrier::barred<"window system", &on_glfw_error>);
    if (!glfwInit()) {
        return fail(
            "The panel needs a display and found none (" + last_glfw_error + "). Start it from a desktop session; a show runs without it.",
            ErrorKind::missing);
    }
    self->glfw_ = true;
    self->asked_scale_ = wish.scale;
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_DEPTH_BITS, 0);
    glfwWindowHint(GLFW_STENCIL_BITS, 0);
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    const bool placed = wish.place && on_a_monitor(*wish.place);
    if (!placed && wish.scale == 0) glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    const int width = placed ? wish.place->width : wish.width, height = placed ? wish.place->height : wish.height;
    self->window_ = glfwCreateWindow(width, height, "Vitrine", nullptr, nullptr);
    if (!self->window_) {
        return fail("The panel needs OpenGL 3.2 and this display does not offer it (" + last_glfw_error +
                        "). Update the graphics driver, or install Mesa's software renderer (package libgl1-mesa-dri).",
                    ErrorKind::missing);
    }
    GLFWwindow* window = self->window_;
    if (placed) glfwSetWindowPos(window, wish.place->x, wish.place->y);
    glfwSetWindowSizeLimits(window, 640, 360, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwSetWindowUserPointer(window, self.get());
    glfwMakeContextCurrent(window);
    if (epoxy_gl_version() < 32)
        return fail("The panel needs OpenGL 3.2; this display offers less. Update the graphics driver.", ErrorKind::missing);
    glfwSwapInterval(0);  // paced by wait(): a hidden window may otherwise block in the swap
    Callbacks::install(window);
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    ImGui_ImplGlfw_InitForOpenGL(window, true);
    Callbacks::install_keys(window);
    ImGui_ImplOpenGL3_Init("#version 150");
    self->backends_ = true;
    if (!wish.hidden) glfwShowWindow(window);
    return self;
}

PanelWindow::~PanelWindow() {
    if (backends_) {
        ImGui_ImplOpenGL3_Shutdown();
        ImGui_ImplGlfw_Shutdown();
        ImGui::DestroyContext();
    }
    if (window_) glfwDestroyWindow(window_);
    if (glfw_) glfwTerminate();
}

bool PanelWindow::closing() const { return glfwWindowShouldClose(window_); }
bool PanelWindow::focused() const { return glfwGetWindowAttrib(window_, GLFW_FOCUSED); }
bool PanelWindow::iconified() const { return glfwGetWindowAttrib(window_, GLFW_ICONIFIED); }

float PanelWindow::width() const {
    int w = 0, h = 0;
    glfwGetWindowSize(window_, &w, &h);
    return static_cast<float>(std::max(w, 1));
}

float PanelWindow::height() const {
    int w = 0, h = 0;
    glfwGetWindowSize(window_, &w, &h);
    return static_cast<float>(std::max(h, 1));
}

float PanelWindow::density() const {
    int w = 0, h = 0;
    glfwGetFramebufferSize(window_, &w, &h);
    return w > 0 ? static_cast<float>(w) / width() : 1;
}

float PanelWindow::scale() const {
    if (asked_scale_ > 0) return asked_scale_;
    float x = 1, y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    return std::clamp(std::max(x, y) / density(), 0.5f, 4.0f);
}

Settings::Place PanelWindow::place() const {
    Settings::Place place;
    glfwGetWindowPos(window_, &place.x, &place.y);
    glfwGetWindowSize(window_, &place.width, &place.height);
    return place;
}

void PanelWindow::wait(double seconds) {
    if (seconds > 0)
        glfwWaitEventsTimeout(seconds);
    else
        glfwPollEvents();
}

bool PanelWindow::take_input() { return std::exchange(input_, false); }
std::vector<char> PanelWindow::take_keys() { return std::exchange(keys_, {}); }
void PanelWindow::wake() { glfwPostEmptyEvent(); }
double PanelWindow::now() { return glfwGetTime(); }

void PanelWindow::begin_frame() {
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
#if IMGUI_VERSION_NUM < 18700
    // Later versions press the focused control with Enter as well as with Space.
    const bool enter = glfwGetKey(window_, GLFW_KEY_ENTER) == GLFW_PRESS || glfwGetKey(window_, GLFW_KEY_KP_ENTER) == GLFW_PRESS;
    if (enter && ImGui::GetIO().NavVisible) ImGui::GetIO().NavInputs[ImGuiNavInput_Activate] = 1;
#endif
    ImGui::NewFrame();
}

void PanelWindow::end_frame(const std::vector<ImTextureID>& renewed) {
    ImGui::Render();
    int w = 0, h = 0;
    glfwGetFramebufferSize(window_, &w, &h);
    if (w <= 0 || h <= 0) return;
    const ImVec4 ground = ImGui::GetStyle().Colors[ImGuiCol_WindowBg];
    if (const float now[3] = {ground.x, ground.y, ground.z}; !std::equal(now, now + 3, ground_)) {
        std::copy(now, now + 3, ground_);
        damage_.forget();
    }
    set_up_canvas(w, h);
    ImDrawData& data = *ImGui::GetDrawData();
    const auto parts = damage_.next(data, renewed);
    if (parts && parts->empty() && !keep_pixels_) return;
    glBindFramebuffer(GL_FRAMEBUFFER, canvas_);
    glViewport(0, 0, w, h);
    glClearColor(ground.x, ground.y, ground.z, 1);
    if (!parts) {
        glDisable(GL_SCISSOR_TEST);
        glClear(GL_COLOR_BUFFER_BIT);
        ImGui_ImplOpenGL3_RenderDrawData(&data);
    } else {
        for (const ImVec4& part : *parts) paint_part(data, part, h);
    }
    glDisable(GL_SCISSOR_TEST);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, canvas_);
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
    glBlitFramebuffer(0, 0, w, h, 0, 0, w, h, GL_COLOR_BUFFER_BIT, GL_NEAREST);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    if (std::exchange(keep_pixels_, false)) {
        pixels_width_ = w;
        pixels_height_ = h;
        pixels_.resize(static_cast<std::size_t>(w) * h * 3);
        glPixelStorei(GL_PACK_ALIGNMENT, 1);
        glReadPixels(0, 0, w, h, GL_RGB, GL_UNSIGNED_BYTE, pixels_.data());
    }
    glfwSwapBuffers(window_);
}

void PanelWindow::set_up_canvas(int width, int height) {
    if (canvas_ && width == canvas_width_ && height == canvas_height_) return;
    if (!canvas_) {
        glGenFramebuffers(1, &canvas_);
        glGenRenderbuffers(1, &canvas_pixels_);
    }
    canvas_width_ = width;
    canvas_height_ = height;
    glBindRenderbuffer(GL_RENDERBUFFER, canvas_pixels_);
    glRenderbufferStorage(GL_RENDERBUFFER, GL_RGB8, width, height);
    glBindFramebuffer(GL_FRAMEBUFFER, canvas_);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, canvas_pixels_);
    damage_.forget();
}

/// All that lies in one part of the window, and nothing beside it. `part` in ImGui's coordinates.
void PanelWindow::paint_part(ImDrawData& data, const ImVec4& part, int height) {
    const ImVec2 scale = data.FramebufferScale, origin = data.DisplayPos;
    // Whole pixels, outwards: the parts' edges then meet what was painted before.
    const int x1 = static_cast<int>(std::floor((part.x - origin.x) * scale.x)),
              y1 = static_cast<int>(std::floor((part.y - origin.y) * scale.y)),
              x2 = static_cast<int>(std::ceil((part.z - origin.x) * scale.x)),
              y2 = static_cast<int>(std::ceil((part.w - origin.y) * scale.y));
    glEnable(GL_SCISSOR_TEST);
    glScissor(x1, height - y2, x2 - x1, y2 - y1);
    glClear(GL_COLOR_BUFFER_BIT);
    const ImVec4 snapped{static_cast<float>(x1) / scale.x + origin.x, static_cast<float>(y1) / scale.y + origin.y,
                         static_cast<float>(x2) / scale.x + origin.x, static_cast<float>(y2) / scale.y + origin.y};
    std::vector<ImVec4> clips;
    for (int i = 0; i < data.CmdListsCount; ++i)
        for (ImDrawCmd& command : data.CmdLists[i]->CmdBuffer) {
            clips.push_back(command.ClipRect);
            ImVec4& clip = command.ClipRect;
            clip = {std::max(clip.x, snapped.x), std::max(clip.y, snapped.y), std::min(clip.z, snapped.z), std::min(clip.w, snapped.w)};
        }
    ImGui_ImplOpenGL3_RenderDrawData(&data);
    std::size_t at = 0;
    for (int i = 0; i < data.CmdListsCount; ++i)
        for (ImDrawCmd& command : data.CmdLists[i]->CmdBuffer) command.ClipRect = clips[at++];
}

void PanelWindow::renew_fonts() {
    damage_.forget();
#if IMGUI_VERSION_NUM < 19200
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

void PanelWindow::copy_text(const std::string& text) { glfwSetClipboardString(window_, text.c_str()); }

void PanelWindow::set_title(const std::string& title) {
    if (std::exchange(title_, title) != title) glfwSetWindowTitle(window_, title.c_str());
}

Result<void> PanelWindow::save_picture(const std::filesystem::path& file) {
    std::string out = "P6\n" + std::to_string(pixels_width_) + ' ' + std::to_string(pixels_height_) + "\n255\n";
    const std::size_t row = static_cast<std::size_t>(pixels_width_) * 3;
    for (int y = pixels_height_ - 1; y >= 0; --y) out.append(reinterpret_cast<const char*>(pixels_.data()) + row * y, row);
    if (!write_private_file(file, out)) return fail("The picture of the panel could not be written to " + file.string() + ".");
    return {};
}

}  // namespace vitrine::panel
