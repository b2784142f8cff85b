#pragma once
// OpenGL 3.3 core without a window, and owners of its objects. Inner header of overlays/ar. Everything is thread-bound to the thread that
// made the context and made it current; objects must be gone before their context.

#include <epoxy/gl.h>

#include <memory>
#include <string>
#include <utility>

#include "engine/result.h"

namespace vitrine::gl {

/// A context on the first of: Mesa's surfaceless platform (which takes a GPU where there is one, llvmpipe otherwise), an EGL device,
/// EGL's default display. Current on this thread until it is destroyed. The display stays open as long as the process: other contexts
/// may live on it.
class Context {
  public:
    /// missing (ErrorKind) when this machine has no EGL or no OpenGL 3.3.
    static Result<std::unique_ptr<Context>> create();
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    /// "llvmpipe (LLVM 15.0.6, 256 bits)"
    const std::string& device() const { return device_; }
    int most_samples() const { return most_samples_; }
    int largest_texture() const { return largest_texture_; }

  private:
    Context() = default;
    void* display_ = nullptr;
    void* context_ = nullptr;
    std::string device_;
    int most_samples_ = 0, largest_texture_ = 0;
};

/// The name of an object, deleted with it.
template <void (*remove)(GLuint)>
class Name {
  public:
    Name() = default;
    explicit Name(GLuint id) : id_(id) {}
    Name(Name&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
    Name& operator=(Name&& other) noexcept {
        std::swap(id_, other.id_);
        return *this;
    }
    ~Name() {
        if (id_ != 0) remove(id_);
    }
    GLuint get() const { return id_; }
    explicit operator bool() const { return id_ != 0; }

  private:
    GLuint id_ = 0;
};

inline void remove_texture(GLuint id) { glDeleteTextures(1, &id); }
inline void remove_buffer(GLuint id) { glDeleteBuffers(1, &id); }
inline void remove_vertex_array(GLuint id) { glDeleteVertexArrays(1, &id); }
inline void remove_renderbuffer(GLuint id) { glDeleteRenderbuffers(1, &id); }
inline void remove_framebuffer(GLuint id) { glDeleteFramebuffers(1, &id); }
inline void remove_program(GLuint id) { glDeleteProgram(id); }

using Texture = Name<remove_texture>;
using Buffer = Name<remove_buffer>;
using VertexArray = Name<remove_vertex_array>;
using Renderbuffer = Name<remove_renderbuffer>;
using Framebuffer = Name<remove_framebuffer>;
using Program = Name<remove_program>;

Texture new_texture();
Buffer new_buffer();
VertexArray new_vertex_array();
Renderbuffer new_renderbuffer();
Framebuffer new_framebuffer();

/// `defines` come between "#version 330 core" and the sources. The error holds the compiler's first words.
Result<Program> compile(const std::string& defines, const char* vertex, const char* fragment);
/// Whether GL has reported an error since the last call; a lost context counts.
bool failed();

}  // namespace vitrine::gl
