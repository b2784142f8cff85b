#pragma once
// The soft shadow of a model on its target's plane: its height over the plane seen from straight above, blurred narrowly where it touches
// and widely where it only keeps the light away. Made anew when the model moves on its target, not when the camera moves. Inner header
// of overlays/ar; thread-bound like its context.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "overlays/ar/gl.h"
#include "overlays/ar/shader_program.h"

namespace vitrine {

/// A rectangle of the target's plane, mm, that holds all of the shadow; `span` is the longer side of what stands on it, the measure of
/// heights and blurs.
struct Ground {
    double x = 0, y = 0, width = 0, height = 0, span = 0;
};
/// Under `points` (target mm), with room for the blur.
Ground ground_under(const std::vector<std::array<double, 3>>& points);

class ContactShadow {
  public:
    struct Cause {
        std::string model;
        ModelPlacement placement;
        float explode = 0;
        std::optional<float> section;
        bool operator==(const Cause&) const = default;
    };

    static Result<ContactShadow> create();
    /// Does nothing when `cause` is the last one. `draw_model` draws it with the program given, from the target's frame to clip.
    void update(const Cause& cause, const Ground& ground, const gl::VertexArray& quad,
                const std::function<void(ShaderProgram&, const Matrix4&)>& draw_model);
    /// Black, with alpha, into the picture being drawn; blending is on.
    void draw(const Ground& ground, const Matrix4& target_to_eye, const Matrix4& to_clip, float strength, const gl::VertexArray& quad);

  private:
    ContactShadow(ShaderProgram height, ShaderProgram blur, ShaderProgram shadow)
        : height_(std::move(height)), blur_(std::move(blur)), shadow_(std::move(shadow)) {}
    ShaderProgram height_, blur_, shadow_;
    gl::Texture heights_, half_blurred_;
    gl::Framebuffer to_heights_, to_half_blurred_;
    std::optional<Cause> cause_;
};

}  // namespace vitrine
