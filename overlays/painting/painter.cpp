#include "overlays/painting/painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "overlays/painting/blend.h"
#include "overlays/painting/brand.h"
#include "overlays/painting/callout.h"
#include "overlays/painting/card.h"
#include "overlays/painting/font_book.h"
#include "overlays/painting/holding.h"
#include "overlays/painting/label_layout.h"
#include "overlays/painting/picture_scale.h"
#include "overlays/painting/slate.h"

namespace vitrine {

namespace {

constexpr float least_visibility = 0.05F, full_visibility = 0.5F;
constexpr std::size_t most_sprites = 64, most_slates = 16;

std::uint8_t opacity_of(float visibility) {
    const float share = (visibility - least_visibility) / (full_visibility - least_visibility);
    return static_cast<std::uint8_t>(std::lround(255 * std::clamp(share, 0.0F, 1.0F)));
}

int to_px(double normalised, int size) { return static_cast<int>(std::floor(std::clamp(normalised, -1000.0, 1000.0) * size)); }

/// Round the target and every point that may carry a callout; nothing when none of it lies before the camera.
std::optional<LabelRect> product_box(const ProductConfig& product, const Anchor& anchor, int width, int height) {
    std::vector<std::array<double, 3>> points;
    if (product.target) {
        const auto& t = *product.target;
        const double h = t.height_mm > 0 ? t.height_mm : t.width_mm;
        points = {{0, 0, 0}, {t.width_mm, 0, 0}, {t.width_mm, h, 0}, {0, h, 0}};
    }
    for (const CalloutConfig& callout : product.callouts) points.push_back(callout.at_mm);
    std::optional<LabelRect> box;
    for (const auto& point : points) {
        const auto at = project(anchor, point);
        if (!at || !std::isfinite((*at)[0] + (*at)[1])) continue;
        const int x = to_px((*at)[0], width), y = to_px((*at)[1], height);
        if (!box) box = LabelRect{x, y, 1, 1};
        const int right = std::max(box->x + box->width, x + 1), bottom = std::max(box->y + box->height, y + 1);
        box->x = std::min(box->x, x);
        box->y = std::min(box->y, y);
        box->width = right - box->x;
        box->height = bottom - box->y;
    }
    return box;
}

std::int64_t shared_area(const LabelRect& a, const LabelRect& b) {
    const std::int64_t w = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x),
                       h = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
    return w > 0 && h > 0 ? w * h : 0;
}

/// Camera pictures that lie in another one, as the presenter's in a picture-in-picture scene does: labels keep off them. Not the one that
/// shows the product.
std::vector<LabelRect> insets(const SceneFrame& scene, const LabelRect& product, int width, int height) {
    const int x = product.x + product.width / 2, y = product.y + product.height / 2;
    const auto contains = [](const std::array<float, 4>& a, const std::array<float, 4>& b) {
        return a[0] <= b[0] && a[1] <= b[1] && a[0] + a[2] >= b[0] + b[2] && a[1] + a[3] >= b[1] + b[3];
    };
    std::vector<LabelRect> rects;
    for (const SceneSource& s : scene.sources) {
        const bool inset = std::any_of(scene.sources.begin(), scene.sources.end(),
                                       [&](const SceneSource& o) { return o.rect != s.rect && contains(o.rect, s.rect); });
        if (!inset) continue;
        const int left = to_px(s.rect[0], width), top = to_px(s.rect[1], height), right = to_px(s.rect[0] + s.rect[2], width),
                  bottom = to_px(s.rect[1] + s.rect[3], height);
        const LabelRect rect{left, top, right - left, bottom - top};
        if (shared_area(rect, {x, y, 1, 1}) == 0) rects.push_back(rect);
    }
    return rects;
}

/// Which side the card stands on. It leaves its side only when the product has been largely behind it for a while and the other side is
/// clearly better, and then fades out and in again.
class CardSide {
  public:
    /// Gives (on the end side, opacity) for this frame.
    std::pair<bool, std::uint8_t> next(const std::optional<LabelRect>& product, const LabelRect& at_end, const LabelRect& at_start) {
        if (product) {
            const std::int64_t here = shared_area(*product, at_end_ ? at_end : at_start),
                               there = shared_area(*product, at_end_ ? at_start : at_end);
            const std::int64_t area = std::int64_t{product->width} * product->height;
            const bool better = here * 4 > area && there * 2 < here;
            if (fresh_ && better) at_end_ = !at_end_;  // nothing shown yet: no need to wait
            covered_ = better && !fresh_ ? covered_ + 1 : 0;
            fresh_ = false;
        } else {
            covered_ = 0;
        }
        if (covered_ >= patience) {
            if (opacity_ > 0)
                opacity_ -= step;
            else
                at_end_ = !at_end_, covered_ = 0;
        } else if (opacity_ < 255) {
            opacity_ += step;
        }
        return {at_end_, static_cast<std::uint8_t>(opacity_)};
    }
    void reset() { *this = {}; }

  private:
    static constexpr int patience = 20, step = 51;
    bool at_end_ = true, fresh_ = true;
    int covered_ = 0, opacity_ = 255;
};

struct Label {
    const CalloutConfig* callout = nullptr;
    const PlateSprite* plate = nullptr;
    double x = 0, y = 0;  ///< of the part, px
};

std::string join(std::initializer_list<std::string> parts) {
    std::string key;
    for (const auto& part : parts) key += part + '\x1f';
    return key;
}

}  // namespace

struct Painter::Core {
    explicit Core(std::shared_ptr<const ShowConfig> s) : show(std::move(s)), languages(show->languages) {
        if (show->brand.logo) logo = load_logo(*show->brand.logo);
        // Wakes up fontconfig and reads the fonts, slow once per process, here rather than in the first frame.
        FontBook::of_this_thread().set("A 中 ع", "en", {16, false, {}, 0, 1});
    }

    std::shared_ptr<const ShowConfig> show;
    PictureLanguages languages;
    std::optional<LogoPicture> logo;

    // The painting thread's.
    struct Cached {
        PlateSprite plate;
        std::uint64_t used = 0;
    };
    std::unordered_map<std::string, Cached> sprites;
    std::uint64_t rendered = 0, paints = 0;
    std::string product;                          ///< the state below belongs to it
    std::map<std::string, LabelPlacement> stood;  ///< by callout id, in the frame before
    CardSide card_side;

    std::mutex slates_mutex;
    std::map<std::string, std::shared_ptr<const VideoFrame>> slates;  ///< and holding pictures: whole frames by what they say
    std::uint64_t frames_rendered = 0;

    template <class Render>
    std::shared_ptr<const VideoFrame> whole_frame(const std::string& key, Render render) {
        {
            const std::lock_guard lock(slates_mutex);
            if (const auto found = slates.find(key); found != slates.end()) return found->second;
        }
        std::shared_ptr<const VideoFrame> frame = render();  // two threads may both render it: harmless, and neither waits for the other
        const std::lock_guard lock(slates_mutex);
        ++frames_rendered;
        if (slates.size() >= most_slates) slates.clear();
        slates[key] = frame;
        return frame;
    }

    template <class Render>
    const PlateSprite& cached(const std::string& key, Render render) {
        auto found = sprites.find(key);
        if (found == sprites.end()) {
            found = sprites.emplace(key, Cached{render(), 0}).first;
            ++rendered;
        }
        found->second.used = paints;
        return found->second.plate;
    }

    void forget_unused() {
        if (sprites.size() <= most_sprites) return;
        std::erase_if(sprites, [&](const auto& entry) { return entry.second.used + 300 < paints; });
        if (sprites.size() > 4 * most_sprites) sprites.clear();
    }

    const PlateSprite& brand_plate(const PictureScale& scale, const std::string& size) {
        return cached(join({"brand", size}), [&] { return render_brand(show->brand, logo ? &*logo : nullptr, languages, scale); });
    }

    const PlateSprite& card_plate(const ProductConfig& config, const PictureScale& scale, const std::string& size, int width, int height) {
        const CardContent content = card_content(config, languages);
        std::string key =
            join({"card", size, std::to_string(height), content.name.first, content.name.second, content.description.first,
                  content.description.second, std::to_string(content.specs_left_out), std::to_string(content.tiers_left_out)});
        for (const auto& spec : content.specs) key += join({spec.label.first, spec.label.second, spec.value, spec.unit});
        for (const auto& tier : content.tiers) key += join({tier.quantity, tier.price, tier.currency});
        return cached(key, [&] { return render_card(content, scale, width, height); });
    }

    const PlateSprite& callout_plate(const ProductConfig& config, const CalloutConfig& callout, const PictureScale& scale,
                                     const std::string& size) {
        CalloutContent content{bilingual(callout.text, languages), "", "", languages};
        const auto spec = std::find_if(config.specs.begin(), config.specs.end(),
                                       [&](const Spec& s) { return !callout.spec.empty() && s.key == callout.spec; });
        if (spec != config.specs.end()) {
            content.value = spec->value;
            content.unit = spec->unit;
        }
        return cached(join({"callout", size, content.text.first, content.text.second, content.value, content.unit}),
                      [&] { return render_callout(content, scale); });
    }

    void paint_callouts(const I420View& picture, const ProductConfig& config, const Anchor& anchor, const LabelRect& box,
                        const LabelRect& bounds, const std::vector<LabelRect>& obstacles, const std::set<std::string>& hidden,
                        const PictureScale& scale, const std::string& size);
};

void Painter::Core::paint_callouts(const I420View& picture, const ProductConfig& config, const Anchor& anchor, const LabelRect& box,
                                   const LabelRect& bounds, const std::vector<LabelRect>& obstacles, const std::set<std::string>& hidden,
                                   const PictureScale& scale, const std::string& size) {
    LabelLayoutInput input{bounds, box, obstacles, {}, static_cast<int>(scale.px(28)), static_cast<int>(scale.px(12))};
    std::vector<Label> labels;
    for (const CalloutConfig& callout : config.callouts) {
        if (hidden.count(callout.id)) continue;
        const auto at = project(anchor, callout.at_mm);
        // A part outside the safe area gets no callout: its dot would lie where the picture may be cut and the frame code is.
        const LabelRect& safe = scale.safe;
        if (!at || !std::isfinite((*at)[0] + (*at)[1])) continue;
        if (shared_area(safe, {to_px((*at)[0], picture.width), to_px((*at)[1], picture.height), 1, 1}) == 0) continue;
        const PlateSprite& plate = callout_plate(config, callout, scale, size);
        labels.push_back({&callout, &plate, (*at)[0] * picture.width, (*at)[1] * picture.height});
        const auto before = stood.find(callout.id);
        input.labels.push_back({static_cast<int>(labels.back().x), static_cast<int>(labels.back().y), plate.width(), plate.height(),
                                before == stood.end() ? LabelPlacement{} : before->second});
    }
    const std::vector<LabelPlacement> placements = layout_labels(input);

    const std::uint8_t opacity = opacity_of(anchor.visibility);
    const Look::Picture& sizes = look().picture;
    stood.clear();
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const LabelPlacement& p = placements[i];
        if (!p.shown) continue;
        stood[labels[i].callout->id] = p;
        const auto [port_x, port_y] = label_port(p, labels[i].plate->width(), labels[i].plate->height());
        Leader leader{double(port_x),
                      double(port_y),
                      labels[i].x,
                      labels[i].y,
                      std::max(1.25, scale.px(sizes.leader_px)),
                      std::max(3.0, scale.px(sizes.dot_px)),
                      to_ycc(look().dark.ink)};
        Leader halo = leader;  // keeps the line legible on a bright picture
        halo.width += std::max(2.0, scale.px(2.5));
        halo.dot += std::max(2.5, scale.px(4));
        halo.colour = to_ycc(look().dark.ground);
        draw_leader(picture, halo, static_cast<std::uint8_t>(opacity * 0.65));
        draw_leader(picture, leader, opacity);
    }
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (placements[i].shown)
            blend(picture, labels[i].plate->sprite, placements[i].x - labels[i].plate->margin, placements[i].y - labels[i].plate->margin,
                  opacity);
}

Painter::Painter(std::shared_ptr<const ShowConfig> show) : core_(std::make_unique<Core>(std::move(show))) {}
Painter::~Painter() = default;

std::uint64_t Painter::sprites_rendered() const { return core_->rendered; }

std::uint64_t Painter::frames_rendered() const {
    const std::lock_guard lock(core_->slates_mutex);
    return core_->frames_rendered;
}

std::vector<std::string> Painter::font_problems() { return FontBook::of_this_thread().problems(); }

void Painter::paint(const I420View& picture, const SceneFrame& scene, const Snapshot& snapshot) {
    if (picture.width < 64 || picture.height < 64) return;
    Core& core = *core_;
    ++core.paints;
    core.forget_unused();
    const PictureScale scale(picture.width, picture.height);
    const std::string size = std::to_string(picture.width) + "x" + std::to_string(picture.height);
    const bool rtl = is_right_to_left(core.languages.first);
    const LabelRect& safe = scale.safe;
    const int spacing = PictureScale::even(scale.px(12));

    const PlateSprite& brand = core.brand_plate(scale, size);
    LabelRect brand_rect;
    if (!brand.sprite.empty())
        brand_rect = {rtl ? safe.x : (safe.x + safe.width - brand.width()) & ~1, safe.y, brand.width(), brand.height()};

    const ProductConfig* product = snapshot.pinned.empty() ? nullptr : core.show->product(snapshot.pinned);
    if (core.product != snapshot.pinned) {
        core.product = snapshot.pinned;
        core.stood.clear();
        core.card_side.reset();
    }
    if (product) {
        const auto anchor = std::find_if(scene.anchors.begin(), scene.anchors.end(),
                                         [&](const Anchor& a) { return a.product == product->id && a.visibility > least_visibility; });
        const auto box = anchor == scene.anchors.end() ? std::nullopt : product_box(*product, *anchor, picture.width, picture.height);

        LabelRect bounds = safe;
        const PlateSprite* card = nullptr;
        LabelRect card_rect;
        std::uint8_t card_opacity = 255;
        if (snapshot.card_visible) {
            const int below_brand = brand_rect.height > 0 ? brand_rect.height + spacing : 0;
            const int width = scale.portrait() ? safe.width & ~1 : static_cast<int>(picture.width * look().picture.card_width) & ~1;
            const int height = scale.portrait() ? picture.height / 3 & ~1 : (safe.height - below_brand) & ~1;
            card = &core.card_plate(*product, scale, size, width, height);
            if (card->sprite.empty()) card = nullptr;
        }
        if (card && scale.portrait()) {
            card_rect = {safe.x, (safe.y + safe.height - card->height()) & ~1, card->width(), card->height()};
            bounds.height = card_rect.y - spacing - bounds.y;
        } else if (card) {
            const int left = safe.x, right = (safe.x + safe.width - card->width()) & ~1;
            LabelRect at_end{rtl ? left : right, safe.y, card->width(), card->height()},
                at_start{rtl ? right : left, safe.y, card->width(), card->height()};
            if (brand_rect.height > 0) at_end.y += brand_rect.height + spacing;
            bool end = true;
            std::tie(end, card_opacity) = core.card_side.next(box, at_end, at_start);
            card_rect = end ? at_end : at_start;
            bounds.width = safe.width - card_rect.width - spacing;
            if (card_rect.x == left) bounds.x = safe.x + card_rect.width + spacing;
        }
        if (box) {
            std::vector<LabelRect> obstacles = insets(scene, *box, picture.width, picture.height);
            if (brand_rect.width > 0) obstacles.push_back(brand_rect);
            core.paint_callouts(picture, *product, *anchor, *box, bounds, obstacles, snapshot.hidden_callouts, scale, size);
        } else {
            core.stood.clear();
        }
        if (card) blend(picture, card->sprite, card_rect.x - card->margin, card_rect.y - card->margin, card_opacity);
    }
    blend(picture, brand.sprite, brand_rect.x - brand.margin, brand_rect.y - brand.margin);
}

void Painter::paint_slate(const I420View& picture, const CameraConfig& camera, CameraState state) {
    Core& core = *core_;
    std::string key =
        join({camera.id, std::to_string(static_cast<int>(state)), std::to_string(picture.width), std::to_string(picture.height)});
    for (const auto& [language, name] : camera.name.by_language) key += join({language, name});
    copy(core.whole_frame(key, [&] { return render_slate(*core.show, camera, state, picture.width, picture.height); })->view(), picture);
}

void Painter::paint_holding(const I420View& picture) {
    Core& core = *core_;
    const std::string key = join({"", "holding", std::to_string(picture.width), std::to_string(picture.height)});  // no camera has no id
    const LogoPicture* logo = core.logo ? &*core.logo : nullptr;
    copy(core.whole_frame(key, [&] { return render_holding(*core.show, logo, picture.width, picture.height); })->view(), picture);
}

}  // namespace vitrine
