#include "tools/panel/preview_pictures.h"

#include <libyuv/convert_argb.h>

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

}  // namespace

PreviewPictures::~PreviewPictures() { close(); }

void PreviewPictures::close() {
    for (Slot& slot : slots_) glDeleteTextures(1, &slot.texture);
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
        show(slot);
        pictures[reader_->slots()[i]] = {slot.texture, slot.width, slot.height, now};
        changed = true;
    }
    return changed;
}

void PreviewPictures::show(Slot& slot) {
    const ConstI420View view = static_cast<const VideoFrame&>(*slot.frame).view();
    rgba_.resize(std::size_t{4} * static_cast<std::size_t>(view.width) * static_cast<std::size_t>(view.height));
    // ITU-R BT.709-6, studio range; R, G, B, A in memory.
    libyuv::H420ToABGR(view.y, view.stride_y, view.u, view.stride_uv, view.v, view.stride_uv, rgba_.data(), 4 * view.width, view.width,
                       view.height);
    if (!slot.texture) glGenTextures(1, &slot.texture);
    glBindTexture(GL_TEXTURE_2D, slot.texture);
    if (slot.width != view.width || slot.height != view.height) {
        slot.width = view.width;
        slot.height = view.height;
        for (const GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER}) glTexParameteri(GL_TEXTURE_2D, filter, GL_LINEAR);
        for (const GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T}) glTexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, view.width, view.height, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba_.data());
    } else {
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, view.width, view.height, GL_RGBA, GL_UNSIGNED_BYTE, rgba_.data());
    }
}

}  // namespace vitrine::panel
