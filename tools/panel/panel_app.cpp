#include "tools/panel/panel_app.h"

#include <epoxy/gl.h>
// epoxy comes first: it stands in for the system's GL header.
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <string>

#include "tools/panel/control_client.h"

namespace vitrine {

Result<void> run_panel(const PanelOptions& options) {
    if (!glfwInit()) return fail("The panel needs a display and found none. Start it from a desktop session.", ErrorKind::missing);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    GLFWwindow* window = glfwCreateWindow(options.width, options.height, "Vitrine", nullptr, nullptr);
    if (window == nullptr) {
        glfwTerminate();
        return fail("The panel needs OpenGL 3.2 and this display does not offer it.", ErrorKind::missing);
    }
    glfwMakeContextCurrent(window);
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui_ImplGlfw_InitForOpenGL(window, true);
    ImGui_ImplOpenGL3_Init("#version 150");
    {
        ControlClient client(options.control_url, options.token_file);
        while (!glfwWindowShouldClose(window)) {
            glfwWaitEventsTimeout(1.0 / 30);
            ImGui_ImplOpenGL3_NewFrame();
            ImGui_ImplGlfw_NewFrame();
            ImGui::NewFrame();
            const auto view = client.view();
            ImGui::TextWrapped("%s", view.snapshot ? view.snapshot->dump(2).c_str() : view.trouble.c_str());
            ImGui::Render();
            glClear(GL_COLOR_BUFFER_BIT);
            ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
            glfwSwapBuffers(window);
        }
    }
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
    glfwDestroyWindow(window);
    glfwTerminate();
    return {};
}

}  // namespace vitrine
