#include "overlays/painting/painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <tuple>
#include <utility>

#include "overlays/painting/badge.h"
#include "overlays/painting/brand.h"
#include "overlays/painting/callout.h"
#include "overlays/painting/card.h"
#include "overlays/painting/dimension.h"
#include "overlays/painting/font_book.h"
#include "overlays/painting/holding.h"
#include "overlays/painting/label_layout.h"
#include "overlays/painting/lower_third.h"
#include "overlays/painting/picture_place.h"
#include "overlays/painting/picture_scale.h"
#include "overlays/painting/slate.h"
#include "overlays/painting/sprite_cache.h"
#include "overlays/painting/stroke.h"
#include "overlays/painting/ticker.h"

namespace vitrine {

namespace {

constexpr float least_visibility = 0.05F, full_visibility = 0.5F;
constexpr std::size_t most_whole_frames = 16;
constexpr int steps = SpritePlace::steps;

std::uint8_t opacity_of(float visibility) {
    const float share = (visibility - least_visibility) / (full_visibility - least_visibility);
    return static_cast<std::uint8_t>(std::lround(255 * std::clamp(share, 0.0F, 1.0F)));
}

/// A place in the picture in sixteenths of a pixel.
int to_steps(double normalised, int size) { return static_cast<int>(std::floor(std::clamp(normalised, -100.0, 100.0) * size * steps)); }

LabelRect in_steps(const LabelRect& r) { return {r.x * steps, r.y * steps, r.width * steps, r.height * steps}; }

/// Whole pixels that hold it.
LabelRect in_pixels(const LabelRect& r) {
    const auto down = [](int v) { return v >> 4; };
    const int x = down(r.x), y = down(r.y);
    return {x, y, down(r.x + r.width + steps - 1) - x, down(r.y + r.height + steps - 1) - y};
}

/// Round the target, every point that may carry a callout and every dimension line, in sixteenths of a pixel; nothing when none of it lies
/// before the camera.
std::optional<LabelRect> product_box(const ProductConfig& product, const Anchor& anchor, const std::set<std::string>& hidden, int width,
                                     int height) {
    std::vector<std::array<double, 3>> points;
    if (product.target) {
        const auto& t = *product.target;
        const double h = t.height_mm > 0 ? t.height_mm : t.width_mm;
        points = {{0, 0, 0}, {t.width_mm, 0, 0}, {t.width_mm, h, 0}, {0, h, 0}};
    }
    for (const CalloutConfig& callout : product.callouts) points.push_back(callout.at_mm);
    for (const DimensionConfig& dimension : product.dimensions) {
        if (hidden.count(dimension.id)) continue;
        const auto ends = dimension.line_mm();
        points.insert(points.end(), ends.begin(), ends.end());
    }
    std::optional<LabelRect> box;
    for (const auto& point : points) {
        const auto at = project(anchor, point);
        if (!at || !std::isfinite((*at)[0] + (*at)[1])) continue;
        const int x = to_steps((*at)[0], width), y = to_steps((*at)[1], height);
        if (!box) box = LabelRect{x, y, 1, 1};
        const int right = std::max(box->x + box->width, x + 1), bottom = std::max(box->y + box->height, y + 1);
        box->x = std::min(box->x, x);
        box->y = std::min(box->y, y);
        box->width = right - box->x;
        box->height = bottom - box->y;
    }
    return box;
}

void place(const I420View& picture, const PlateSprite& plate, const LabelRect& at, std::uint8_t opacity) {
    blend(picture, plate.sprite, at.x - plate.margin, at.y - plate.margin, opacity);
}

}  // namespace

struct Painter::Core {
    explicit Core(std::shared_ptr<const ShowConfig> s)
        : show(std::move(s)), languages(show->languages), accent(readable_accent(show->brand)), edited(show) {
        if (show->brand.logo) logo = load_logo(*show->brand.logo);
        // Wakes up fontconfig and reads the fonts, slow once per process, here rather than in the first frame.
        FontBook::of_this_thread().set("A 中 ع", "en", {16, false, {}, 0, 1});
    }

    std::shared_ptr<const ShowConfig> show;
    PictureLanguages languages;
    Rgb accent;
    std::optional<LogoPicture> logo;

    // The painting thread's. What a sprite shows is named by ids and sizes; callouts, which can be edited, also by how often their words
    // have changed.
    std::shared_ptr<const ShowConfig> edited;  ///< the show as it was painted last
    std::map<std::string, int> callout_editions;
    SpriteCache sprites;
    std::string product;  ///< the state below belongs to it
    struct LabelState {
        LabelPlacement placement;  ///< in sixteenths of a pixel
        RestingPlace resting;
    };
    std::map<std::string, LabelState> labels;        ///< by callout id, of the frame before
    std::map<std::string, RestingPlace> dimensions;  ///< by dimension id, of the frame before
    CardSide card_side;
    Fade badges_fade, lower_third_fade, ticker_fade;
    std::string speaker;      ///< shown last, for the time of its going
    std::string ticker_line;  ///< likewise

    /// The show may be another from one frame to the next: masks, callouts. Places of callouts are read afresh in every frame anyway.
    void follow(const std::shared_ptr<const ShowConfig>& now) {
        if (!now || now == edited) return;
        for (const ProductConfig& before : edited->products) {
            const ProductConfig* after = now->product(before.id);
            if (!after) continue;
            for (const CalloutConfig& callout : before.callouts) {
                const auto same = std::find_if(after->callouts.begin(), after->callouts.end(), [&](const CalloutConfig& c) {
                    return c.id == callout.id && c.text == callout.text && c.spec == callout.spec;
                });
                if (same == after->callouts.end()) ++callout_editions[callout.id];
            }
        }
        edited = now;
    }

    std::mutex whole_frames_mutex;
    std::map<std::string, std::shared_ptr<const VideoFrame>> whole_frames;  ///< slates and holding pictures by what they say
    std::uint64_t frames_rendered = 0;

    template <class Render>
    std::shared_ptr<const VideoFrame> whole_frame(const std::string& key, Render render) {
        {
            const std::lock_guard lock(whole_frames_mutex);
            if (const auto found = whole_frames.find(key); found != whole_frames.end()) return found->second;
        }
        std::shared_ptr<const VideoFrame> frame = render();  // two threads may both render it: harmless, and neither waits for the other
        const std::lock_guard lock(whole_frames_mutex);
        ++frames_rendered;
        if (whole_frames.size() >= most_whole_frames) whole_frames.clear();
        whole_frames[key] = frame;
        return frame;
    }
};

namespace {

/// One frame being painted: everything that its parts need to know of each other.
class Frame {
  public:
    Frame(Painter::Core& core, const I420View& picture, const SceneFrame& scene, const Snapshot& snapshot)
        : core_(core),
          picture_(picture),
          scene_(scene),
          snapshot_(snapshot),
          scale_(picture.width, picture.height),
          size_(std::to_string(picture.width) + "x" + std::to_string(picture.height) + "/"),
          rtl_(is_right_to_left(core.languages.first)),
          safe_(scale_.safe),
          spacing_(PictureScale::even(scale_.px(12))),
          taken_(insets_of(scene, picture.width, picture.height)) {}

    void paint() {
        const ProductConfig* product = snapshot_.pinned.empty() ? nullptr : core_.edited->product(snapshot_.pinned);
        if (core_.product != snapshot_.pinned) {
            core_.product = snapshot_.pinned;
            core_.labels.clear();
            core_.dimensions.clear();
            core_.card_side.reset();
        }
        set_brand();
        set_badges(product);
        set_ticker();
        set_lower_third();
        if (product) paint_product(*product);
        for (const Part& part : parts_) place(picture_, *part.plate, part.at, part.opacity);
    }

  private:
    struct Part {
        const PlateSprite* plate;
        LabelRect at;
        std::uint8_t opacity;
    };

    int end_x(int width) const { return rtl_ ? safe_.x : (safe_.x + safe_.width - width) & ~1; }
    int start_x(int width) const { return rtl_ ? (safe_.x + safe_.width - width) & ~1 : safe_.x; }

    void stand(const PlateSprite& plate, const LabelRect& at, std::uint8_t opacity) {
        if (opacity > 0) parts_.push_back({&plate, at, opacity});
        taken_.push_back(at);
    }

    void set_brand() {
        const PlateSprite& brand = core_.sprites.get(
            size_ + "brand", [&] { return render_brand(core_.show->brand, core_.logo ? &*core_.logo : nullptr, core_.languages, scale_); });
        if (brand.sprite.empty()) return;
        brand_ = {end_x(brand.width()), safe_.y, brand.width(), brand.height()};
        stand(brand, brand_, 255);
    }

    void set_badges(const ProductConfig* product) {
        const bool any = product && !product->badges.empty();
        const std::uint8_t opacity = core_.badges_fade.next(any && snapshot_.badges_visible);
        if (!any || opacity == 0) return;
        const int width = safe_.width - (brand_.width > 0 ? brand_.width + 2 * spacing_ : 0);
        const PlateSprite& badges = core_.sprites.get(size_ + "badges/" + product->id, [&] {
            std::vector<std::optional<LogoPicture>> marks;
            for (const BadgeConfig& badge : product->badges) marks.push_back(badge.image ? load_logo(*badge.image) : std::nullopt);
            return render_badges(product->badges, marks, core_.languages, scale_, width);
        });
        if (!badges.sprite.empty()) stand(badges, {start_x(badges.width()), safe_.y, badges.width(), badges.height()}, opacity);
    }

    /// The newest orders in turn, each fading out before the next.
    void set_ticker() {
        constexpr std::size_t most = 12;
        std::string wanted;
        if (const auto& orders = snapshot_.desk->orders; snapshot_.ticker && !orders.empty()) {
            const std::size_t count = std::min(most, orders.size());
            wanted = order_line(orders[orders.size() - 1 - ticker_turn(scene_.capture_utc_us, count)], core_.languages.first);
        }
        const std::uint8_t opacity = core_.ticker_fade.next(!wanted.empty() && (core_.ticker_line.empty() || core_.ticker_line == wanted));
        if (opacity == 0 || core_.ticker_line.empty()) core_.ticker_line = wanted;
        if (core_.ticker_line.empty() || opacity == 0) return;
        const PlateSprite& plate = core_.sprites.get(size_ + "ticker/" + core_.ticker_line, [&] {
            return render_ticker(core_.ticker_line, core_.languages, scale_, core_.accent, safe_.width);
        });
        if (plate.sprite.empty()) return;
        stand(plate, {start_x(plate.width()), (safe_.y + safe_.height - plate.height()) & ~1, plate.width(), plate.height()}, opacity);
    }

    void set_lower_third() {
        if (!snapshot_.speaker.empty()) core_.speaker = snapshot_.speaker;
        const std::uint8_t opacity = core_.lower_third_fade.next(!snapshot_.speaker.empty());
        const SpeakerConfig* speaker = core_.show->speaker(core_.speaker);
        if (!speaker || opacity == 0) return;
        const int width = (scale_.portrait() ? safe_.width : safe_.width * 45 / 100) & ~1;
        const PlateSprite& plate = core_.sprites.get(
            size_ + "speaker/" + speaker->id, [&] { return render_lower_third(*speaker, core_.languages, scale_, core_.accent, width); });
        if (plate.sprite.empty()) return;
        // At the bottom of what is free there: above a camera that stands small in that corner.
        const LabelRect room =
            free_part({start_x(plate.width()), (safe_.y + safe_.height / 3) & ~1, plate.width(), safe_.height * 2 / 3}, taken_, spacing_);
        if (room.height < plate.height()) return;
        stand(plate, {room.x, (room.y + room.height - plate.height()) & ~1, plate.width(), plate.height()}, opacity);
    }

    /// The product's card or its table in a part of a column that is free.
    const PlateSprite& card_plate(const ProductConfig& product, int width, const LabelRect& room) {
        const bool table = snapshot_.specs_visible;
        const std::string key = size_ + (table ? "specs/" : "card/") + product.id + "/" + std::to_string(room.height);
        return core_.sprites.get(key, [&] {
            if (table)
                return render_spec_table(product, core_.languages, scale_, width, scale_.portrait() ? width : (safe_.width * 3 / 5) & ~1,
                                         room.height);
            CardContent content = card_content(product, core_.languages);
            content.accent = core_.accent;
            return render_card(content, scale_, width, room.height);
        });
    }

    /// A camera without a picture says so in its part of the program; nobody could read it under a card.
    bool over_slate(const LabelRect& rect) const {
        return std::any_of(scene_.sources.begin(), scene_.sources.end(), [&](const SceneSource& source) {
            const auto camera = snapshot_.cameras.find(source.camera);
            if (camera == snapshot_.cameras.end() || camera->second.state == CameraState::live || source.opacity <= 0) return false;
            const LabelRect there{static_cast<int>(source.rect[0] * static_cast<float>(picture_.width)),
                                  static_cast<int>(source.rect[1] * static_cast<float>(picture_.height)),
                                  static_cast<int>(source.rect[2] * static_cast<float>(picture_.width)),
                                  static_cast<int>(source.rect[3] * static_cast<float>(picture_.height))};
            return shared_area(rect, there) > 0;
        });
    }

    /// Gives what is left for callouts.
    LabelRect set_card(const ProductConfig& product, const std::optional<LabelRect>& box) {
        if (!snapshot_.card_visible && !snapshot_.specs_visible) return safe_;
        const int width = scale_.portrait() ? safe_.width & ~1 : static_cast<int>(picture_.width * look().picture.card_width) & ~1;
        LabelRect bounds = safe_;
        if (scale_.portrait()) {
            const int height = (picture_.height / 3) & ~1;
            const LabelRect low{safe_.x, (safe_.y + safe_.height - 3 * height / 2) & ~1, width, 3 * height / 2};
            LabelRect room = free_part(low, taken_, spacing_);
            const int bottom = room.y + room.height;
            room.height = std::min(room.height, height);
            const PlateSprite& card = card_plate(product, width, room);
            const LabelRect rect{safe_.x, (bottom - card.height()) & ~1, card.width(), card.height()};
            if (card.sprite.empty() || over_slate(rect)) return safe_;
            stand(card, rect, 255);
            bounds.height = std::max(0, taken_.back().y - spacing_ - bounds.y);
            return bounds;
        }
        const int column = snapshot_.specs_visible ? (safe_.width * 3 / 5) & ~1 : width;  // a table may become wider
        const LabelRect end = free_part({end_x(column), safe_.y, column, safe_.height & ~1}, taken_, spacing_),
                        start = free_part({start_x(column), safe_.y, column, safe_.height & ~1}, taken_, spacing_);
        // A camera that stands small at the end side makes that side worse, but not by itself a bad one.
        const bool home_is_end = 2 * end.height >= start.height;
        const auto stands_in = [&](const LabelRect& room, bool at_end) {
            const PlateSprite& card = card_plate(product, width, room);
            return std::pair(&card, LabelRect{at_end ? end_x(card.width()) : start_x(card.width()), room.y, card.width(), card.height()});
        };
        const auto [at_end, opacity] = core_.card_side.next(box, end, start, home_is_end);
        const auto [card, rect] = stands_in(at_end ? end : start, at_end);
        if (card->sprite.empty() || over_slate(rect)) return safe_;
        stand(*card, rect, opacity);
        bounds.width = std::max(0, safe_.width - rect.width - spacing_);
        if (rect.x == safe_.x) bounds.x = safe_.x + rect.width + spacing_;
        return bounds;
    }

    void paint_product(const ProductConfig& product) {
        const auto anchor = std::find_if(scene_.anchors.begin(), scene_.anchors.end(),
                                         [&](const Anchor& a) { return a.product == product.id && a.visibility > least_visibility; });
        const auto box = anchor == scene_.anchors.end()
                             ? std::nullopt
                             : product_box(product, *anchor, snapshot_.hidden_callouts, picture_.width, picture_.height);
        const std::size_t before_card = taken_.size();
        const LabelRect bounds = set_card(product, box ? std::optional(in_pixels(*box)) : std::nullopt);
        if (!box) {
            core_.labels.clear();
            core_.dimensions.clear();
            return;
        }
        std::vector<LabelRect> obstacles;
        const LabelRect middle{box->x + box->width / 2, box->y + box->height / 2, 1, 1};
        for (std::size_t i = 0; i < before_card; ++i)  // a small camera that shows the product is no obstacle to its labels
            if (shared_area(in_steps(taken_[i]), middle) == 0) obstacles.push_back(in_steps(taken_[i]));
        const auto plates = paint_dimensions(product, *anchor);
        for (const auto& [plate, rect] : plates) obstacles.push_back(rect);
        paint_callouts(product, *anchor, *box, bounds, obstacles);
        for (const auto& [plate, rect] : plates)
            blend(picture_, plate->sprite, SpritePlace{rect.x - plate->margin * steps, rect.y - plate->margin * steps},
                  opacity_of(anchor->visibility));
    }

    /// Draws the lines; gives the plates and where they belong, in sixteenths.
    std::vector<std::pair<const PlateSprite*, LabelRect>> paint_dimensions(const ProductConfig& product, const Anchor& anchor) {
        std::vector<std::pair<const PlateSprite*, LabelRect>> plates;
        const LabelRect safe = in_steps(safe_);
        std::map<std::string, RestingPlace> still_here;
        for (const DimensionConfig& dimension : product.dimensions) {
            if (snapshot_.hidden_callouts.count(dimension.id)) continue;
            const PlateSprite& plate = core_.sprites.get(size_ + "dimension/" + dimension.id, [&] {
                return render_dimension(dimension_text(dimension, core_.languages), core_.languages, scale_);
            });
            if (plate.sprite.empty()) continue;
            const auto placed = place_dimension(dimension, anchor, scale_, plate.width(), plate.height());
            if (!placed) continue;
            const SpritePlace wanted = SpritePlace::at(placed->plate[0] - plate.width() / 2.0, placed->plate[1] - plate.height() / 2.0);
            const LabelRect there{wanted.x, wanted.y, plate.width() * steps, plate.height() * steps};
            // Whole inside the safe area or not at all, as for callouts.
            const bool inside = there.x >= safe.x && there.y >= safe.y && there.x + there.width <= safe.x + safe.width &&
                                there.y + there.height <= safe.y + safe.height;
            const auto meets = [&](const LabelRect& taken) { return shared_area(in_steps(taken), there) > 0; };
            if (!inside || std::any_of(taken_.begin(), taken_.end(), meets)) continue;
            RestingPlace& resting = still_here[dimension.id] = core_.dimensions[dimension.id];
            const SpritePlace at = resting.next(wanted);
            draw_dimension(picture_, *placed, scale_, opacity_of(anchor.visibility));
            plates.emplace_back(&plate, LabelRect{at.x, at.y, there.width, there.height});
        }
        core_.dimensions = std::move(still_here);
        return plates;
    }

    void paint_callouts(const ProductConfig& product, const Anchor& anchor, const LabelRect& box, const LabelRect& bounds,
                        const std::vector<LabelRect>& obstacles);

    Painter::Core& core_;
    const I420View& picture_;
    const SceneFrame& scene_;
    const Snapshot& snapshot_;
    const PictureScale scale_;
    const std::string size_;
    const bool rtl_;
    const LabelRect& safe_;
    const int spacing_;
    std::vector<LabelRect> taken_;  ///< px, by what stands in the picture before the callouts
    std::vector<Part> parts_;       ///< drawn last, over leaders
    LabelRect brand_;
};

void Frame::paint_callouts(const ProductConfig& product, const Anchor& anchor, const LabelRect& box, const LabelRect& bounds,
                           const std::vector<LabelRect>& obstacles) {
    struct Label {
        const CalloutConfig* callout;
        const PlateSprite* plate;
        double x, y;  ///< of the part, px
    };
    // The layout works on integers: here sixteenths of a pixel, so that labels move as finely as they are drawn.
    LabelLayoutInput input{
        in_steps(bounds), box, obstacles, {}, static_cast<int>(scale_.px(28) * steps), static_cast<int>(scale_.px(12) * steps)};
    std::vector<Label> labels;
    for (const CalloutConfig& callout : product.callouts) {
        if (snapshot_.hidden_callouts.count(callout.id)) continue;
        const auto at = project(anchor, callout.at_mm);
        // A part outside the safe area gets no callout: its dot would lie where the picture may be cut and the frame code is.
        if (!at || !std::isfinite((*at)[0] + (*at)[1])) continue;
        const LabelRect part{to_steps((*at)[0], picture_.width), to_steps((*at)[1], picture_.height), 1, 1};
        if (shared_area(in_steps(safe_), part) == 0) continue;
        // Nor one that a card or a badge covers: its leader would point at that.
        if (std::any_of(parts_.begin(), parts_.end(), [&](const Part& p) { return shared_area(in_steps(p.at), part) > 0; })) continue;
        const auto edition = core_.callout_editions.find(callout.id);
        const std::string words = edition == core_.callout_editions.end() ? callout.id : callout.id + " " + std::to_string(edition->second);
        const PlateSprite& plate = core_.sprites.get(size_ + "callout/" + words, [&] {
            CalloutContent content{bilingual(callout.text, core_.languages), "", "", core_.languages};
            const auto spec = std::find_if(product.specs.begin(), product.specs.end(),
                                           [&](const Spec& s) { return !callout.spec.empty() && s.key == callout.spec; });
            if (spec != product.specs.end()) {
                content.value = spec->value;
                content.unit = spec->unit;
            }
            return render_callout(content, scale_);
        });
        labels.push_back({&callout, &plate, (*at)[0] * picture_.width, (*at)[1] * picture_.height});
        const auto before = core_.labels.find(callout.id);
        input.labels.push_back({part.x, part.y, plate.width() * steps, plate.height() * steps,
                                before == core_.labels.end() ? LabelPlacement{} : before->second.placement});
    }
    const std::vector<LabelPlacement> placements = layout_labels(input);

    const std::uint8_t opacity = opacity_of(anchor.visibility);
    const Look::Picture& sizes = look().picture;
    std::map<std::string, Painter::Core::LabelState> shown;
    std::vector<SpritePlace> drawn(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const LabelPlacement& p = placements[i];
        if (!p.shown) continue;
        auto& state = shown[labels[i].callout->id];
        if (const auto before = core_.labels.find(labels[i].callout->id);
            before != core_.labels.end() && before->second.placement.side == p.side)
            state = before->second;
        state.placement = p;
        drawn[i] = state.resting.next({p.x, p.y});
        const auto [port_x, port_y] =
            label_port({true, p.side, drawn[i].x, drawn[i].y}, labels[i].plate->width() * steps, labels[i].plate->height() * steps);
        const Leader leader{double(port_x) / steps,
                            double(port_y) / steps,
                            labels[i].x,
                            labels[i].y,
                            std::max(1.25, scale_.px(sizes.leader_px)),
                            std::max(3.0, scale_.px(sizes.dot_px)),
                            to_ycc(look().dark.ink)};
        draw_leader(picture_, leader, opacity, line_halo(scale_));
    }
    core_.labels = std::move(shown);
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (placements[i].shown) {
            const int margin = labels[i].plate->margin * steps;
            blend(picture_, labels[i].plate->sprite, SpritePlace{drawn[i].x - margin, drawn[i].y - margin}, opacity);
        }
}

}  // namespace

Painter::Painter(std::shared_ptr<const ShowConfig> show) : core_(std::make_unique<Core>(std::move(show))) {}
Painter::~Painter() = default;

std::uint64_t Painter::sprites_rendered() const { return core_->sprites.rendered(); }

std::uint64_t Painter::frames_rendered() const {
    const std::lock_guard lock(core_->whole_frames_mutex);
    return core_->frames_rendered;
}

std::vector<std::string> Painter::font_problems() { return FontBook::of_this_thread().problems(); }

void Painter::paint(const I420View& picture, const SceneFrame& scene, const Snapshot& snapshot) {
    if (picture.width < 64 || picture.height < 64 || snapshot.safe) return;
    core_->follow(snapshot.show);
    core_->sprites.begin_frame();
    Frame(*core_, picture, scene, snapshot).paint();
}

void Painter::paint_slate(const I420View& picture, const CameraConfig& camera, CameraState state) {
    Core& core = *core_;
    std::string key = camera.id + '\x1f' + std::to_string(static_cast<int>(state)) + '\x1f' + std::to_string(picture.width) + '\x1f' +
                      std::to_string(picture.height);
    for (const auto& [language, name] : camera.name.by_language) key += '\x1f' + language + '\x1f' + name;
    copy(core.whole_frame(key, [&] { return render_slate(*core.show, camera, state, picture.width, picture.height); })->view(), picture);
}

void Painter::paint_holding(const I420View& picture) {
    Core& core = *core_;
    const std::string key =
        "\x1fholding\x1f" + std::to_string(picture.width) + '\x1f' + std::to_string(picture.height);  // no camera has no id
    const LogoPicture* logo = core.logo ? &*core.logo : nullptr;
    copy(core.whole_frame(key, [&] { return render_holding(*core.show, logo, picture.width, picture.height); })->view(), picture);
}

}  // namespace vitrine
