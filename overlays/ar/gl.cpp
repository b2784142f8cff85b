#include "overlays/ar/gl.h"

#include <dlfcn.h>
#include <epoxy/egl.h>

#include <array>
#include <vector>

namespace vitrine::gl {

namespace {

tl::unexpected<Error> missing(const std::string& what) {
    return fail("3D models cannot be drawn into the picture: " + what + "; install the packages libegl1 and libgl1-mesa-dri",
                ErrorKind::missing);
}

/// libepoxy ends the process when a library that it wants is not there, so it is asked for first. Never closed: epoxy keeps it too.
bool has_library(const char* name) { return dlopen(name, RTLD_LAZY | RTLD_LOCAL) != nullptr; }

bool has_word(const char* list, std::string_view word) {
    if (list == nullptr) return false;
    std::string_view rest(list);
    while (!rest.empty()) {
        const auto end = std::min(rest.find(' '), rest.size());
        if (rest.substr(0, end) == word) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

std::vector<EGLDisplay> displays() {
    std::vector<EGLDisplay> out;
    const char* client = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
    if (has_word(client, "EGL_EXT_platform_base")) {
        if (has_word(client, "EGL_MESA_platform_surfaceless"))
            out.push_back(eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr));
        if (has_word(client, "EGL_EXT_platform_device") && has_word(client, "EGL_EXT_device_enumeration")) {
            std::array<EGLDeviceEXT, 8> devices{};
            EGLint count = 0;
            if (eglQueryDevicesEXT(static_cast<EGLint>(devices.size()), devices.data(), &count))
                for (int i = 0; i < count; ++i) out.push_back(eglGetPlatformDisplayEXT(EGL_PLATFORM_DEVICE_EXT, devices[i], nullptr));
        }
    }
    out.push_back(eglGetDisplay(EGL_DEFAULT_DISPLAY));
    return out;
}

/// A current context without a surface, or EGL_NO_CONTEXT.
EGLContext open_on(EGLDisplay display) {
    if (display == EGL_NO_DISPLAY || !eglInitialize(display, nullptr, nullptr) || !eglBindAPI(EGL_OPENGL_API)) return EGL_NO_CONTEXT;
    const char* extensions = eglQueryString(display, EGL_EXTENSIONS);
    if (!has_word(extensions, "EGL_KHR_surfaceless_context")) return EGL_NO_CONTEXT;
    const EGLint wanted[] = {EGL_SURFACE_TYPE, EGL_DONT_CARE, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
    EGLConfig config = nullptr;
    EGLint count = 0;
    if (!eglChooseConfig(display, wanted, &config, 1, &count) || count == 0) return EGL_NO_CONTEXT;
    const EGLint version[] = {EGL_CONTEXT_MAJOR_VERSION,           3,       EGL_CONTEXT_MINOR_VERSION, 3, EGL_CONTEXT_OPENGL_PROFILE_MASK,
                              EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
    const EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, version);
    if (context == EGL_NO_CONTEXT) return EGL_NO_CONTEXT;
    if (eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context)) return context;
    eglDestroyContext(display, context);
    return EGL_NO_CONTEXT;
}

Result<GLuint> compile_stage(GLenum kind, const std::string& head, const char* source) {
    const GLuint shader = glCreateShader(kind);
    const char* parts[] = {head.c_str(), source};
    glShaderSource(shader, 2, parts, nullptr);
    glCompileShader(shader);
    GLint good = 0;
    glGetShaderiv(shader, GL_COMPILE_STATUS, &good);
    if (good) return shader;
    std::array<char, 400> words{};
    glGetShaderInfoLog(shader, static_cast<GLsizei>(words.size()), nullptr, words.data());
    glDeleteShader(shader);
    return fail(std::string("a shader was refused by the graphics driver: ") + words.data());
}

}  // namespace

Result<std::unique_ptr<Context>> Context::create() {
    if (!has_library("libEGL.so.1")) return missing("this machine has no EGL");
    if (!has_library("libOpenGL.so.0") && !has_library("libGL.so.1")) return missing("this machine has no OpenGL");
    for (const EGLDisplay display : displays()) {
        const EGLContext made = open_on(display);
        if (made == EGL_NO_CONTEXT) continue;
        std::unique_ptr<Context> context(new Context);
        context->display_ = display;
        context->context_ = made;
        if (epoxy_gl_version() < 33) continue;
        if (const auto* name = reinterpret_cast<const char*>(glGetString(GL_RENDERER))) context->device_ = name;
        glGetIntegerv(GL_MAX_SAMPLES, &context->most_samples_);
        glGetIntegerv(GL_MAX_TEXTURE_SIZE, &context->largest_texture_);
        return context;
    }
    return missing("this machine's graphics driver offers no OpenGL 3.3 without a window");
}

Context::~Context() {
    eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    eglDestroyContext(display_, context_);
    eglReleaseThread();
}

Texture new_texture() {
    GLuint id = 0;
    glGenTextures(1, &id);
    return Texture(id);
}
Buffer new_buffer() {
    GLuint id = 0;
    glGenBuffers(1, &id);
    return Buffer(id);
}
VertexArray new_vertex_array() {
    GLuint id = 0;
    glGenVertexArrays(1, &id);
    return VertexArray(id);
}
Renderbuffer new_renderbuffer() {
    GLuint id = 0;
    glGenRenderbuffers(1, &id);
    return Renderbuffer(id);
}
Framebuffer new_framebuffer() {
    GLuint id = 0;
    glGenFramebuffers(1, &id);
    return Framebuffer(id);
}

Result<Program> compile(const std::string& defines, const char* vertex, const char* fragment) {
    const std::string head = "#version 330 core\n" + defines;
    const auto a = compile_stage(GL_VERTEX_SHADER, head, vertex);
    if (!a) return tl::unexpected<Error>(a.error());
    const auto b = compile_stage(GL_FRAGMENT_SHADER, head, fragment);
    if (!b) {
        glDeleteShader(*a);
        return tl::unexpected<Error>(b.error());
    }
    Program program(glCreateProgram());
    glAttachShader(program.get(), *a);
    glAttachShader(program.get(), *b);
    glLinkProgram(program.get());
    glDeleteShader(*a);
    glDeleteShader(*b);
    GLint good = 0;
    glGetProgramiv(program.get(), GL_LINK_STATUS, &good);
    if (good) return program;
    std::array<char, 400> words{};
    glGetProgramInfoLog(program.get(), static_cast<GLsizei>(words.size()), nullptr, words.data());
    return fail(std::string("a shader was refused by the graphics driver: ") + words.data());
}

bool failed() {
    bool any = false;
    // A lost context may report for ever.
    for (int i = 0; i < 16 && glGetError() != GL_NO_ERROR; ++i) any = true;
    return any;
}

}  // namespace vitrine::gl
