#include "tools/panel/preview_pictures.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vitrine::panel {
namespace {

/// Cameras are looked at, the program is watched: theirs are drawn every second frame, which halves what previews cost.
constexpr double camera_s = 2.0 / 30;

constexpr double touch_every_s = 0.5, reopen_every_s = 1;

// A triangle that covers everything, from the vertex number alone.
constexpr const char* vertex_source = R"(#version 150
out vec2 at;
void main() {
    at = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
    gl_Position = vec4(at * 2.0 - 1.0, 0.0, 1.0);
}
)";

// ITU-R BT.709-6, section 3: studio range Y' 16…235, C 16…240; the result stays gamma coded, as the window wants it.
constexpr const char* fragment_source = R"(#version 150
uniform sampler2D luma, cb, cr;
in vec2 at;
out vec4 colour;
void main() {
    float y = (texture(luma, at).r * 255.0 - 16.0) / 219.0;
    float b = (texture(cb, at).r * 255.0 - 128.0) / 224.0;
    float r = (texture(cr, at).r * 255.0 - 128.0) / 224.0;
    colour = vec4(clamp(vec3(y + 1.5748 * r, y - 0.1873 * b - 0.4681 * r, y + 1.8556 * b), 0.0, 1.0), 1.0);
}
)";

GLuint compile(GLenum kind, const char* source) {
    const GLuint shader = glCreateShader(kind);
    glShaderSource(shader, 1, &source, nullptr);
    glCompileShader(shader);
    GLint fine = 0;
    glGetShaderiv(shader, GL_COMPILE_STATUS, &fine);
    if (fine) return shader;
    glDeleteShader(shader);
    return 0;
}

void set_up_texture(GLuint texture, GLint inner, GLenum format, int width, int height) {
    glBindTexture(GL_TEXTURE_2D, texture);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexImage2D(GL_TEXTURE_2D, 0, inner, width, height, 0, format, GL_UNSIGNED_BYTE, nullptr);
}

}  // namespace

Result<std::unique_ptr<PreviewPictures>> PreviewPictures::create() {
    std::unique_ptr<PreviewPictures> pictures(new PreviewPictures);
    const GLuint vertex = compile(GL_VERTEX_SHADER, vertex_source), fragment = compile(GL_FRAGMENT_SHADER, fragment_source);
    pictures->program_ = glCreateProgram();
    if (vertex) glAttachShader(pictures->program_, vertex);
    if (fragment) glAttachShader(pictures->program_, fragment);
    glLinkProgram(pictures->program_);
    glDeleteShader(vertex);
    glDeleteShader(fragment);
    GLint fine = 0;
    glGetProgramiv(pictures->program_, GL_LINK_STATUS, &fine);
    if (!fine) return fail("This display's OpenGL does not run the panel's shaders. Update the graphics driver.", ErrorKind::missing);
    glUseProgram(pictures->program_);
    const char* names[] = {"luma", "cb", "cr"};
    for (int i = 0; i < 3; ++i) glUniform1i(glGetUniformLocation(pictures->program_, names[i]), i);
    glUseProgram(0);
    glGenVertexArrays(1, &pictures->vertices_);
    return pictures;
}

PreviewPictures::~PreviewPictures() {
    close();
    glDeleteProgram(program_);
    glDeleteVertexArrays(1, &vertices_);
}

void PreviewPictures::close() {
    for (Slot& slot : slots_) {
        glDeleteTextures(3, slot.planes);
        glDeleteTextures(1, &slot.rgb);
        glDeleteFramebuffers(1, &slot.target);
    }
    slots_.clear();
    reader_.reset();
    dropped_ = true;
}

void PreviewPictures::follow(const std::string& memory, double now) {
    if (memory != name_) {
        close();
        name_ = memory;
        try_again_at_ = now;
    }
    if (!reader_ && !name_.empty() && now >= try_again_at_) {
        try_again_at_ = now + reopen_every_s;
        if (auto reader = PreviewReader::open(name_)) {
            reader_ = std::move(*reader);
            slots_.resize(reader_->slots().size());
        }
    }
    if (reader_ && now >= touched_at_ + touch_every_s) {
        touched_at_ = now;
        reader_->touch();
    }
}

bool PreviewPictures::update(std::map<std::string, Picture>& pictures, std::optional<SceneFrame>& scene, double now, bool hold_program) {
    bool changed = dropped_;
    if (dropped_) {
        pictures.clear();
        scene.reset();
    }
    std::vector<std::uint8_t> annotation;
    dropped_ = false;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        Slot& slot = slots_[i];
        const bool program = i == 0;  // the show's first slot
        if (program ? hold_program : now < slot.next_at) continue;
        if (!reader_->read(i, slot.frame, slot.sequence, program ? &annotation : nullptr)) continue;
        if (program) {
            auto read = scene_frame_from_cbor(annotation);
            scene = read ? std::optional(std::move(*read)) : std::nullopt;
        }
        // Half a step early, or the clock's grain would make it every third frame.
        slot.next_at = now + camera_s - 0.008;
        convert(slot);
        pictures[reader_->slots()[i]] = {slot.rgb, slot.width, slot.height, now};
        changed = true;
    }
    return changed;
}

void PreviewPictures::resize(Slot& slot, int width, int height) {
    if (slot.width == width && slot.height == height) return;
    if (!slot.rgb) {
        glGenTextures(3, slot.planes);
        glGenTextures(1, &slot.rgb);
        glGenFramebuffers(1, &slot.target);
    }
    slot.width = width;
    slot.height = height;
    for (int i = 0; i < 3; ++i) set_up_texture(slot.planes[i], GL_R8, GL_RED, i ? width / 2 : width, i ? height / 2 : height);
    set_up_texture(slot.rgb, GL_RGBA8, GL_RGBA, width, height);
    glBindFramebuffer(GL_FRAMEBUFFER, slot.target);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, slot.rgb, 0);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

void PreviewPictures::convert(Slot& slot) {
    const ConstI420View view = static_cast<const VideoFrame&>(*slot.frame).view();
    resize(slot, view.width, view.height);
    const std::uint8_t* planes[] = {view.y, view.u, view.v};
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    for (int i = 0; i < 3; ++i) {
        glActiveTexture(static_cast<GLenum>(GL_TEXTURE0 + i));
        glBindTexture(GL_TEXTURE_2D, slot.planes[i]);
        glPixelStorei(GL_UNPACK_ROW_LENGTH, i ? view.stride_uv : view.stride_y);
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, i ? view.width / 2 : view.width, i ? view.height / 2 : view.height, GL_RED,
                        GL_UNSIGNED_BYTE, planes[i]);
    }
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glBindFramebuffer(GL_FRAMEBUFFER, slot.target);
    glViewport(0, 0, view.width, view.height);
    glDisable(GL_BLEND);
    glDisable(GL_SCISSOR_TEST);
    glUseProgram(program_);
    glBindVertexArray(vertices_);
    glDrawArrays(GL_TRIANGLES, 0, 3);
    glBindVertexArray(0);
    glUseProgram(0);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glActiveTexture(GL_TEXTURE0);
}

}  // namespace vitrine::panel
