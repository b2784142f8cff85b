#include "overlays/ar/model_layer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "engine/barrier.h"
#include "engine/clock.h"
#include "overlays/ar/model_motion.h"
#include "overlays/ar/model_renderer.h"
#include "overlays/models/model_reader.h"
#include "overlays/painting/rgba_blend.h"

namespace vitrine {

namespace {

constexpr float least_visibility = 0.05F, full_visibility = 0.5F;  // as callouts
constexpr std::size_t most_loaded = 2;
constexpr int still_frames = 8;
constexpr double still_px = 0.1;
constexpr std::int64_t keep_us = 120'000;  ///< how long a picture may stand in for one that is late

// Best first.
constexpr RenderQuality qualities[] = {{4, 1}, {1, 1}, {1, 2}};
constexpr int worst = 2;
constexpr int first_wait = 45, longest_wait = 900;  // frames

struct Wish {
    std::uint64_t number = 0;
    std::string product;
    ModelView view;
    ModelLook look;
    bool best = false;
};

struct Finished {
    std::uint64_t number = 0;
    Wish wish;
    ModelPicture picture;
    int quality = 0;
};

float opacity_of(float visibility) {
    return std::clamp((visibility - least_visibility) / (full_visibility - least_visibility), 0.0F, 1.0F);
}

/// Where the model's box shows, px: what tells one view from another.
std::vector<std::array<double, 2>> corners_of(const ModelView& view, const std::array<double, 3>& size_mm) {
    std::vector<std::array<double, 2>> out;
    for (unsigned corner = 0; corner < 8; ++corner) {
        std::array<double, 3> p = view.placement.at_mm;
        for (std::size_t k = 0; k < 3; ++k) p[k] += (corner >> k & 1 ? 0.5 : -0.5) * size_mm[k];
        const auto at = transform(view.camera.target_to_camera, p);
        if (!(at[2] > 1)) continue;
        out.push_back({(view.camera.intrinsics[0] * at[0] / at[2] + view.camera.intrinsics[2]) * view.width,
                       (view.camera.intrinsics[1] * at[1] / at[2] + view.camera.intrinsics[3]) * view.height});
    }
    return out;
}

/// The largest way that a corner has gone, px; nothing when the views cannot be compared.
std::optional<double> way_between(const ModelView& a, const ModelView& b, const std::array<double, 3>& size_mm) {
    if (a.width != b.width || a.height != b.height || !(a.within == b.within) || !(a.placement == b.placement)) return std::nullopt;
    const auto p = corners_of(a, size_mm), q = corners_of(b, size_mm);
    if (p.size() != 8 || q.size() != 8) return std::nullopt;
    double most = 0;
    for (std::size_t i = 0; i < 8; ++i) most = std::max(most, std::hypot(p[i][0] - q[i][0], p[i][1] - q[i][1]));
    return most;
}

}  // namespace

struct ModelLayer::Core {
    Core(std::shared_ptr<const ShowConfig> s, std::function<void(Report)> r) : show(std::move(s)), report(std::move(r)) {}

    std::shared_ptr<const ShowConfig> show;
    std::function<void(Report)> report;
    std::chrono::microseconds patience{20'000};
    double budget_ms = 12;

    mutable std::mutex mutex;  // guards down to figures
    std::condition_variable asked, answered;
    bool stopping = false, off = false;
    std::optional<Wish> wish;
    std::shared_ptr<const Finished> finished;
    std::vector<std::shared_ptr<Finished>> spare;  ///< pictures whose memory can be used again
    Figures figures;

    std::thread thread;

    // The layer's thread.
    std::unique_ptr<ModelRenderer> renderer;
    std::deque<std::string> loaded;
    std::set<std::string> unusable;
    int quality = 0, best_moving = 0, slow = 0, quick = 0, since_better = 0, wait = first_wait;

    // The painting thread.
    std::string product;
    ModelMotion motion;
    std::uint64_t wishes = 0;
    std::shared_ptr<const Finished> shown;
    std::int64_t shown_us = 0;
    int still = 0;

    void run();
    void read_facts();
    Result<void> make_ready(const std::string& id);
    void serve(const Wish& next);
    void judge_time(double ms);
    void give_up(const Error& why);
    std::shared_ptr<const Finished> ask(Wish next);
    void show_picture(std::shared_ptr<const Finished> next, std::int64_t now_us);
    void blend_picture(const I420View& picture, const Finished& what, const VisibleRegion& region, int dx, int dy, float opacity) const;
};

void ModelLayer::Core::run() {
    read_facts();
    while (true) {
        Wish next;
        {
            std::unique_lock lock(mutex);
            asked.wait(lock, [&] { return stopping || wish; });
            if (stopping) break;
            next = std::move(*wish);
            wish.reset();
        }
        if (!barrier::run("model picture", [&] { serve(next); })) answered.notify_all();
    }
    renderer.reset();  // on its own thread
}

/// What every model holds, so that its variants can be asked for; the models themselves are read again when one is shown.
void ModelLayer::Core::read_facts() {
    for (const ProductConfig& config : show->products) {
        if (!config.model) continue;
        {
            const std::lock_guard lock(mutex);
            if (stopping) return;
        }
        ModelFacts facts;
        const auto model = read_model(*config.model);
        if (model) {
            facts.variants = model->variants;
        } else {
            facts.problem = model.error().message;
            unusable.insert(config.id);
            report(NoticeReport{"The 3D model " + config.model->filename().string() + " " + facts.problem});
        }
        report(ModelReport{config.id, std::move(facts)});
    }
}

Result<void> ModelLayer::Core::make_ready(const std::string& id) {
    if (!renderer) {
        auto made = ModelRenderer::create();
        if (!made) return tl::unexpected<Error>(made.error());
        renderer = std::move(*made);
        // In software every sample is paid for: edges are smoothed when the product stands still.
        best_moving = quality = renderer->device().find("llvmpipe") == std::string::npos ? 0 : 1;
        const std::lock_guard lock(mutex);
        figures.device = renderer->device();
    }
    if (std::find(loaded.begin(), loaded.end(), id) != loaded.end() || unusable.count(id)) return {};
    const ProductConfig* config = show->product(id);
    auto model = read_model(*config->model);
    Result<void> put = model ? renderer->load(id, *model) : Result<void>(tl::unexpected<Error>(model.error()));
    if (!put) {
        unusable.insert(id);
        report(NoticeReport{"The 3D model " + config->model->filename().string() + " " + put.error().message});
        report(ModelReport{id, {{}, put.error().message}});
        return {};
    }
    loaded.push_back(id);
    if (loaded.size() > most_loaded) {
        renderer->unload(loaded.front());
        loaded.pop_front();
    }
    return {};
}

void ModelLayer::Core::give_up(const Error& why) {
    renderer.reset();
    loaded.clear();
    {
        const std::lock_guard lock(mutex);
        off = true;
        finished.reset();
    }
    answered.notify_all();
    report(NoticeReport{why.message});
}

void ModelLayer::Core::serve(const Wish& next) {
    if (const auto ready = make_ready(next.product); !ready) return give_up(ready.error());
    std::shared_ptr<Finished> made;
    {
        const std::lock_guard lock(mutex);
        const auto free = std::find_if(spare.begin(), spare.end(), [](const auto& one) { return one.use_count() == 1; });
        if (free != spare.end()) made = *free;
    }
    if (!made) made = std::make_shared<Finished>();
    const bool best = next.best && quality > 0;
    made->number = next.number;
    made->wish = next;
    made->quality = best ? 0 : quality;
    made->picture.rect = {};
    const Nanoseconds began = steady_now();
    if (!unusable.count(next.product)) {
        const auto rendered = renderer->render(next.product, next.view, next.look, qualities[made->quality], made->picture);
        if (!rendered) return give_up(rendered.error());
    }
    const double ms = static_cast<double>(steady_now() - began) / 1e6;
    if (!best) judge_time(ms);
    {
        const std::lock_guard lock(mutex);
        if (std::find(spare.begin(), spare.end(), made) == spare.end() && spare.size() < 4) spare.push_back(made);
        finished = made;
        ++figures.rendered;
        figures.last_ms = ms;
        figures.quality = made->quality;
    }
    answered.notify_all();
}

/// One slow frame may be a compiled shader or somebody else's doing; three in a row are too much. A run of quick ones leaves room for
/// better, after a longer run each time that better has turned out too slow.
void ModelLayer::Core::judge_time(double ms) {
    slow = ms > budget_ms ? slow + 1 : 0;
    quick = ms < budget_ms * 0.45 ? quick + 1 : 0;
    ++since_better;
    if (slow >= 3 && quality < worst) {
        ++quality;
        if (since_better < 2 * first_wait) wait = std::min(2 * wait, longest_wait);
        slow = quick = 0;
    } else if (quick >= wait && quality > best_moving) {
        --quality;
        slow = quick = since_better = 0;
    }
}

/// The picture of this wish, if it comes in time.
std::shared_ptr<const Finished> ModelLayer::Core::ask(Wish next) {
    const std::uint64_t number = next.number;
    std::unique_lock lock(mutex);
    wish = std::move(next);
    asked.notify_one();
    answered.wait_for(lock, patience, [&] { return off || stopping || (finished && finished->number == number); });
    return finished && finished->number == number ? finished : nullptr;
}

/// Under the lock, so that the layer's thread may write into a picture that it alone still holds.
void ModelLayer::Core::show_picture(std::shared_ptr<const Finished> next, std::int64_t now_us) {
    const std::lock_guard lock(mutex);
    shown = std::move(next);
    shown_us = now_us;
}

void ModelLayer::Core::blend_picture(const I420View& picture, const Finished& what, const VisibleRegion& region, int dx, int dy,
                                     float opacity) const {
    const PixelRect& rect = what.picture.rect;
    if (rect.empty()) return;
    const int stride = rect.width * 4;
    // The rectangle without what lies before the camera, as bands.
    std::vector<PixelRect> pieces{{rect.x + dx, rect.y + dy, rect.width, rect.height}};
    const auto cut = [&](const PixelRect& hole) {
        std::vector<PixelRect> left;
        const int hx0 = hole.x & ~1, hy0 = hole.y & ~1, hx1 = (hole.x + hole.width + 1) & ~1, hy1 = (hole.y + hole.height + 1) & ~1;
        for (const PixelRect& p : pieces) {
            const int x0 = std::clamp(hx0, p.x, p.x + p.width), x1 = std::clamp(hx1, p.x, p.x + p.width);
            const int y0 = std::clamp(hy0, p.y, p.y + p.height), y1 = std::clamp(hy1, p.y, p.y + p.height);
            for (const PixelRect& piece :
                 {PixelRect{p.x, p.y, p.width, y0 - p.y}, PixelRect{p.x, y0, x0 - p.x, y1 - y0},
                  PixelRect{x1, y0, p.x + p.width - x1, y1 - y0}, PixelRect{p.x, y1, p.width, p.y + p.height - y1}})
                if (!piece.empty()) left.push_back(piece);
        }
        pieces = std::move(left);
    };
    const PixelRect& s = region.shown;
    const int far = 1 << 20;
    for (const PixelRect& outside : {PixelRect{-far, -far, s.x + far, 2 * far}, PixelRect{s.x + s.width, -far, far, 2 * far},
                                     PixelRect{-far, -far, 2 * far, s.y + far}, PixelRect{-far, s.y + s.height, 2 * far, far}})
        cut(outside);
    for (const PixelRect& hole : region.covered)
        if (!hole.empty()) cut(hole);
    for (const PixelRect& piece : pieces) {
        const int sx = piece.x - rect.x - dx, sy = piece.y - rect.y - dy;
        const std::uint8_t* from = what.picture.rgba.data() + static_cast<std::ptrdiff_t>(sy) * stride + std::ptrdiff_t{4} * sx;
        blend_rgba(picture, {from, stride, piece.width, piece.height}, piece.x, piece.y,
                   static_cast<std::uint8_t>(std::lround(255 * opacity)));
    }
}

ModelLayer::ModelLayer(std::shared_ptr<const ShowConfig> show, std::function<void(Report)> report)
    : core_(std::make_shared<Core>(
          std::move(show), report ? std::move(report) : [](Report) {})) {
    const auto& products = core_->show->products;
    if (std::none_of(products.begin(), products.end(), [](const ProductConfig& p) { return p.model.has_value(); })) return;
    core_->patience = std::chrono::microseconds(600'000 / std::max(1, core_->show->program.fps));
    core_->budget_ms = 360.0 / std::max(1, core_->show->program.fps);
    core_->thread = barrier::thread("models", [core = core_.get()] { core->run(); });
}

ModelLayer::~ModelLayer() {
    if (!core_->thread.joinable()) return;
    {
        const std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->asked.notify_all();
    core_->thread.join();
}

ModelLayer::Figures ModelLayer::figures() const {
    const std::lock_guard lock(core_->mutex);
    return core_->figures;
}

void ModelLayer::paint(const I420View& picture, const SceneFrame& scene, const Snapshot& snapshot) {
    Core& core = *core_;
    if (!core.thread.joinable()) return;
    if (core.product != snapshot.pinned) {
        core.product = snapshot.pinned;
        core.motion = {};
        core.show_picture(nullptr, 0);
    }
    const auto state = snapshot.models.find(snapshot.pinned);
    const ProductConfig* product = core.show->product(snapshot.pinned);
    if (state == snapshot.models.end() || product == nullptr || !product->model) return;
    const ModelMotion::Now now = core.motion.next(state->second, scene.capture_utc_us);
    const auto anchor = std::find_if(scene.anchors.begin(), scene.anchors.end(),
                                     [&](const Anchor& a) { return a.product == product->id && a.visibility > least_visibility; });
    if (now.presence <= 0 || anchor == scene.anchors.end()) return;
    {
        const std::lock_guard lock(core.mutex);
        if (core.off) return;
    }
    const auto camera = camera_of(*anchor, picture.width, picture.height);
    if (!camera) return;

    Wish wish;
    wish.product = product->id;
    const std::array<double, 3> middle{product->target ? product->target->width_mm / 2 : 0,
                                       product->target ? product->target->height_mm / 2 : 0, 0};
    const auto seen_at = project(*anchor, middle);
    if (!seen_at) return;
    const VisibleRegion region = visible_region(scene, *seen_at, picture.width, picture.height);
    wish.view = {*camera, placement_of(*product), picture.width, picture.height, region.shown};
    const auto facts = snapshot.model_facts.find(product->id);
    if (facts != snapshot.model_facts.end()) {
        const auto& variants = facts->second.variants;
        const auto chosen = std::find(variants.begin(), variants.end(), state->second.variant);
        if (chosen != variants.end()) wish.look.variant = static_cast<int>(chosen - variants.begin());
    }
    wish.look.explode = now.explode;
    wish.look.x_ray = state->second.x_ray;
    wish.look.section = state->second.section;

    const double side = product->target ? std::max(product->target->width_mm, product->target->height_mm) : 100;
    const std::array<double, 3> size{side, side, side};
    const auto way =
        core.shown && core.shown->wish.product == wish.product ? way_between(core.shown->wish.view, wish.view, size) : std::nullopt;
    const bool same_look = core.shown && core.shown->wish.product == wish.product && core.shown->wish.look == wish.look;
    const float opacity = opacity_of(anchor->visibility) * now.presence;
    if (same_look && way && *way < still_px) {
        // Nothing has moved: the picture is good for this frame too, and there is time for a better one.
        core.shown_us = scene.capture_utc_us;
        if (++core.still == still_frames && core.shown->quality > 0) {
            wish.number = ++core.wishes;
            wish.best = true;
            const std::lock_guard lock(core.mutex);
            core.wish = wish;
            core.asked.notify_one();
        }
        {
            const std::lock_guard lock(core.mutex);
            ++core.figures.reused;
            if (core.finished && core.finished->wish.best && core.finished->number > core.shown->number) core.shown = core.finished;
        }
        core.blend_picture(picture, *core.shown, region, 0, 0, opacity);
        return;
    }
    core.still = 0;
    wish.number = ++core.wishes;
    if (auto made = core.ask(wish)) {
        core.show_picture(std::move(made), scene.capture_utc_us);
        core.blend_picture(picture, *core.shown, region, 0, 0, opacity);
        return;
    }
    {
        const std::lock_guard lock(core.mutex);
        ++core.figures.late;
        // A picture that came just after its frame is the best that there is.
        if (core.finished && core.finished->wish.product == wish.product && (!core.shown || core.finished->number > core.shown->number)) {
            core.shown = core.finished;
            core.shown_us = scene.capture_utc_us;
        }
    }
    if (!core.shown || core.shown->wish.product != wish.product || scene.capture_utc_us - core.shown_us > keep_us) return;
    const auto before = corners_of(core.shown->wish.view, {}), here = corners_of(wish.view, {});
    if (before.empty() || here.empty()) return;
    const auto even = [](double v) { return static_cast<int>(std::lround(v / 2)) * 2; };
    core.blend_picture(picture, *core.shown, region, even(here[0][0] - before[0][0]), even(here[0][1] - before[0][1]), opacity);
}

}  // namespace vitrine
