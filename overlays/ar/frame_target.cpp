#include "overlays/ar/frame_target.h"

#include <algorithm>

namespace vitrine {

bool FrameTarget::Storage::fit(int w, int h, int s, bool with_depth) {
    if (framebuffer && w <= width && h <= height && s == samples) return true;
    const auto rounded = [](int v) { return (v + 63) / 64 * 64; };
    width = rounded(std::max(w, s == samples ? width : 0));
    height = rounded(std::max(h, s == samples ? height : 0));
    samples = s;
    framebuffer = gl::new_framebuffer();
    colour = gl::new_renderbuffer();
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer.get());
    glBindRenderbuffer(GL_RENDERBUFFER, colour.get());
    glRenderbufferStorageMultisample(GL_RENDERBUFFER, samples > 1 ? samples : 0, GL_RGBA8, width, height);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colour.get());
    if (with_depth) {
        depth = gl::new_renderbuffer();
        glBindRenderbuffer(GL_RENDERBUFFER, depth.get());
        glRenderbufferStorageMultisample(GL_RENDERBUFFER, samples > 1 ? samples : 0, GL_DEPTH24_STENCIL8, width, height);
        glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_STENCIL_ATTACHMENT, GL_RENDERBUFFER, depth.get());
    }
    return glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE && !gl::failed();
}

bool FrameTarget::begin(int width, int height, int samples) {
    width_ = width;
    height_ = height;
    if (!drawn_.fit(width, height, samples, true)) return false;
    glBindFramebuffer(GL_FRAMEBUFFER, drawn_.framebuffer.get());
    glViewport(0, 0, width, height);
    glEnable(GL_SCISSOR_TEST);
    glScissor(0, 0, width, height);
    glClearColor(0, 0, 0, 0);
    glClearDepth(1);
    glClearStencil(0);
    glDepthMask(GL_TRUE);
    glStencilMask(0xFF);
    glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
    return true;
}

bool FrameTarget::read(int full_width, int full_height, std::vector<std::uint8_t>& rgba) {
    glDisable(GL_SCISSOR_TEST);
    const Storage* from = &drawn_;
    const auto copy_to = [&](Storage& to, int width, int height, GLenum filter) {
        if (!to.fit(width, height, 1, false)) return false;
        glBindFramebuffer(GL_READ_FRAMEBUFFER, from->framebuffer.get());
        glBindFramebuffer(GL_DRAW_FRAMEBUFFER, to.framebuffer.get());
        glBlitFramebuffer(0, 0, width_, height_, 0, 0, width, height, GL_COLOR_BUFFER_BIT, filter);
        from = &to;
        return true;
    };
    if (drawn_.samples > 1 && !copy_to(resolved_, width_, height_, GL_NEAREST)) return false;
    if ((full_width != width_ || full_height != height_) && !copy_to(enlarged_, full_width, full_height, GL_LINEAR)) return false;
    glBindFramebuffer(GL_READ_FRAMEBUFFER, from->framebuffer.get());
    rgba.resize(static_cast<std::size_t>(full_width) * static_cast<std::size_t>(full_height) * 4);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, full_width, full_height, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
    return !gl::failed();
}

}  // namespace vitrine
