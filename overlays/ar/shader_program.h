#pragma once
// A GL program with its uniforms by name. Inner header of overlays/ar; thread-bound like its context.

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "overlays/ar/gl.h"
#include "overlays/models/model_placement.h"

namespace vitrine {

class ShaderProgram {
  public:
    explicit ShaderProgram(gl::Program program) : program_(std::move(program)) {}

    void use() const { glUseProgram(program_.get()); }
    // Each sets a uniform of the program in use; one that the compiler has dropped is passed over.
    void set(std::string_view name, float v) { glUniform1f(at(name), v); }
    void set(std::string_view name, int v) { glUniform1i(at(name), v); }
    void set(std::string_view name, const std::array<float, 2>& v) { glUniform2fv(at(name), 1, v.data()); }
    void set(std::string_view name, const std::array<float, 3>& v) { glUniform3fv(at(name), 1, v.data()); }
    void set(std::string_view name, const std::array<float, 4>& v) { glUniform4fv(at(name), 1, v.data()); }
    void set(std::string_view name, const std::array<std::array<float, 3>, 9>& v) { glUniform3fv(at(name), 9, v[0].data()); }
    void set(std::string_view name, const Matrix4& v) {
        std::array<float, 16> m;
        for (std::size_t i = 0; i < 16; ++i) m[i] = static_cast<float>(v[i]);
        glUniformMatrix4fv(at(name), 1, GL_FALSE, m.data());
    }
    void set_matrix3(std::string_view name, const std::array<float, 9>& v) { glUniformMatrix3fv(at(name), 1, GL_FALSE, v.data()); }

  private:
    GLint at(std::string_view name) {
        const auto found = places_.find(name);
        if (found != places_.end()) return found->second;
        const std::string text(name);
        return places_.emplace(text, glGetUniformLocation(program_.get(), text.c_str())).first->second;
    }
    gl::Program program_;
    std::map<std::string, GLint, std::less<>> places_;
};

}  // namespace vitrine
