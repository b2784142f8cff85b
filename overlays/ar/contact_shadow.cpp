#include "overlays/ar/contact_shadow.h"

#include <algorithm>
#include <limits>

#include "overlays/ar/shaders.h"

namespace vitrine {

namespace {

constexpr int size = 128;

std::pair<gl::Texture, gl::Framebuffer> new_map() {
    gl::Texture texture = gl::new_texture();
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, texture.get());
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RG8, size, size, 0, GL_RG, GL_UNSIGNED_BYTE, nullptr);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    gl::Framebuffer framebuffer = gl::new_framebuffer();
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer.get());
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture.get(), 0);
    return {std::move(texture), std::move(framebuffer)};
}

}  // namespace

Ground ground_under(const std::vector<std::array<double, 3>>& points) {
    std::array<double, 3> least, greatest;
    least.fill(std::numeric_limits<double>::max());
    greatest.fill(std::numeric_limits<double>::lowest());
    for (const auto& p : points)
        for (std::size_t k = 0; k < 3; ++k) least[k] = std::min(least[k], p[k]), greatest[k] = std::max(greatest[k], p[k]);
    const double wide = std::max(greatest[0] - least[0], greatest[1] - least[1]);
    const double margin = 0.19 * wide;  // the blur reaches 24 / 128
    return {least[0] - margin, least[1] - margin, greatest[0] - least[0] + 2 * margin, greatest[1] - least[1] + 2 * margin,
            std::max(wide, 1e-3)};
}

Result<ContactShadow> ContactShadow::create() {
    auto height = gl::compile("", shaders::model_vertex, shaders::height_fragment);
    if (!height) return tl::unexpected<Error>(height.error());
    auto blur = gl::compile("", shaders::blur_vertex, shaders::blur_fragment);
    if (!blur) return tl::unexpected<Error>(blur.error());
    auto shadow = gl::compile("", shaders::shadow_vertex, shaders::shadow_fragment);
    if (!shadow) return tl::unexpected<Error>(shadow.error());
    ContactShadow out{ShaderProgram(std::move(*height)), ShaderProgram(std::move(*blur)), ShaderProgram(std::move(*shadow))};
    std::tie(out.heights_, out.to_heights_) = new_map();
    std::tie(out.half_blurred_, out.to_half_blurred_) = new_map();
    if (gl::failed()) return fail("the graphics driver refused the shadow of 3D models");
    return out;
}

void ContactShadow::update(const Cause& cause, const Ground& ground, const gl::VertexArray& quad,
                           const std::function<void(ShaderProgram&, const Matrix4&)>& draw_model) {
    if (cause_ == cause) return;
    cause_ = cause;
    glDisable(GL_SCISSOR_TEST);
    glDisable(GL_DEPTH_TEST);
    glDisable(GL_CULL_FACE);
    glViewport(0, 0, size, size);
    glBindFramebuffer(GL_FRAMEBUFFER, to_heights_.get());
    glClearColor(0, 0, 0, 0);
    glClear(GL_COLOR_BUFFER_BIT);
    glEnable(GL_BLEND);
    glBlendEquation(GL_MAX);
    height_.use();
    height_.set("tall", static_cast<float>(ground.span));
    const double sx = 2 / ground.width, sy = 2 / ground.height;
    draw_model(height_, {sx, 0, 0, 0, 0, sy, 0, 0, 0, 0, 0, 0, -sx * ground.x - 1, -sy * ground.y - 1, 0, 1});
    glBlendEquation(GL_FUNC_ADD);
    glDisable(GL_BLEND);

    blur_.use();
    blur_.set("heights", 0);
    glActiveTexture(GL_TEXTURE0);
    glBindVertexArray(quad.get());
    const auto pass = [&](const gl::Framebuffer& to, const gl::Texture& from, double dx, double dy) {
        glBindFramebuffer(GL_FRAMEBUFFER, to.get());
        glBindTexture(GL_TEXTURE_2D, from.get());
        blur_.set("step", std::array<float, 2>{static_cast<float>(dx / size), static_cast<float>(dy / size)});
        glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    };
    pass(to_half_blurred_, heights_, 2 * ground.span / ground.width, 0);
    pass(to_heights_, half_blurred_, 0, 2 * ground.span / ground.height);
}

void ContactShadow::draw(const Ground& ground, const Matrix4& target_to_eye, const Matrix4& to_clip, float strength,
                         const gl::VertexArray& quad) {
    shadow_.use();
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, heights_.get());
    shadow_.set("heights", 0);
    shadow_.set("to_eye", target_to_eye);
    shadow_.set("to_clip", to_clip);
    shadow_.set("strength", strength);
    shadow_.set("ground", std::array<float, 4>{static_cast<float>(ground.x), static_cast<float>(ground.y), static_cast<float>(ground.width),
                                               static_cast<float>(ground.height)});
    glBindVertexArray(quad.get());
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

}  // namespace vitrine
