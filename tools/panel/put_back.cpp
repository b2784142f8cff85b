#include "tools/panel/put_back.h"

#include <algorithm>

namespace vitrine::panel {
namespace {

void masks(const ShowView& was, const ShowView& now, std::vector<Command>& out) {
    for (const CameraItem& camera : was.cameras)
        if (const CameraItem* there = now.find_camera(camera.id); there && there->masks != camera.masks)
            out.emplace_back(SetMasks{camera.id, camera.masks, false});
}

void model(const ProductItem& was, const ProductItem& now, std::vector<Command>& out) {
    if (!was.model || !now.model || !was.model->shown) return;
    out.emplace_back(ShowModel{was.id, true});
    if (!was.model->variant.empty()) out.emplace_back(ChooseModelVariant{was.id, was.model->variant});
    if (was.model->explode > 0) out.emplace_back(ExplodeModel{was.id, was.model->explode});
    if (was.model->x_ray) out.emplace_back(XRayModel{was.id, true});
    if (was.model->section) out.emplace_back(SectionModel{was.id, was.model->section});
}

void products(const ShowView& was, const ShowView& now, std::vector<Command>& out) {
    for (const ProductItem& product : was.products) {
        const ProductItem* there = now.find_product(product.id);
        if (!there) continue;
        for (const CalloutItem& callout : product.callouts) {
            const auto same = std::find_if(there->callouts.begin(), there->callouts.end(),
                                           [&](const CalloutItem& each) { return each.id == callout.id; });
            if (same != there->callouts.end() && same->visible != callout.visible)
                out.emplace_back(ShowCallout{callout.id, callout.visible});
        }
        model(product, *there, out);
    }
}

void sounds(const ShowView& was, const ShowView& now, std::vector<Command>& out) {
    for (const SoundItem& sound : was.sounds) {
        const auto there = std::find_if(now.sounds.begin(), now.sounds.end(), [&](const SoundItem& each) { return each.id == sound.id; });
        if (there == now.sounds.end()) continue;
        if (there->muted != sound.muted) out.emplace_back(MuteSource{sound.id, sound.muted});
        if (there->gain_db != sound.gain_db) out.emplace_back(SetSourceGain{sound.id, sound.gain_db});
    }
}

}  // namespace

std::vector<Command> commands_back(const ShowView& was, const ShowView& now) {
    std::vector<Command> out;
    masks(was, now, out);
    if (was.scene != now.scene && now.find_scene(was.scene)) out.emplace_back(SwitchScene{was.scene, 0});
    if (was.pinned != now.pinned && (was.pinned.empty() || now.find_product(was.pinned))) out.emplace_back(PinProduct{was.pinned});
    if (was.card != now.card) out.emplace_back(ShowCard{was.card});
    if (was.badges != now.badges) out.emplace_back(ShowBadges{was.badges});
    if (was.specs != now.specs) out.emplace_back(ShowSpecs{was.specs});
    if (was.ticker != now.ticker) out.emplace_back(ShowTicker{was.ticker});
    if (was.speaker != now.speaker) out.emplace_back(ShowLowerThird{was.speaker});
    products(was, now, out);
    if (was.muted != now.muted) out.emplace_back(Mute{was.muted});
    sounds(was, now, out);
    if (was.safe != now.safe) out.emplace_back(HoldSafe{was.safe});
    if (was.recording.wanted && !now.recording.wanted) out.emplace_back(SetRecording{true, was.recording.folder});
    return out;
}

}  // namespace vitrine::panel
