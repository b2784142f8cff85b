#include "overlays/tracking/track_thread.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "engine/barrier.h"
#include "engine/log.h"
#include "overlays/tracking/planar_model.h"

namespace vitrine {

namespace {

constexpr std::size_t kept = 24;  // results per camera: 0.8 s at 30 frames a second

/// A luma plane of our own; its memory is used again.
struct Luma {
    std::vector<std::uint8_t> pixels;
    int width = 0, height = 0;
    std::uint64_t sequence = 0;
    Nanoseconds capture_ns = 0;

    void take(const ConstI420View& from) {
        width = from.width, height = from.height;
        pixels.resize(static_cast<std::size_t>(width) * height);
        for (int y = 0; y < height; ++y)
            std::memcpy(&pixels[static_cast<std::size_t>(y) * width], from.y + static_cast<std::ptrdiff_t>(y) * from.stride_y,
                        static_cast<std::size_t>(width));
    }
    ConstI420View view() const {
        ConstI420View out;
        out.y = pixels.data(), out.stride_y = width, out.width = width, out.height = height;
        return out;
    }
};

/// Of a target that has several: where the sighting of its marker puts the corners that the others name.
std::array<Point2, 4> corners_of(const std::array<double, 4>& rectangle, const Sighting& s) {
    const auto [x, y, w, h] = rectangle;
    const std::array<Point2, 4> outline{{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}};
    std::array<Point2, 4> out{};
    for (int i = 0; i < 4; ++i) out[i] = map_point(s.plane, outline[i]).value_or(s.corners[i]);
    return out;
}

struct Moment {
    std::uint64_t sequence;
    Nanoseconds capture_ns;
    std::vector<Motion> motions;  // as they stood after this frame
};

/// One camera. Two locks, never held together: `filling` while a picture is copied in, the core's lock for the rest.
struct Seat {
    std::mutex filling;
    Luma spare;             // under `filling`
    Luma waiting, working;  // waiting: core's lock; working: track thread only
    bool has_waiting = false;
    std::uint64_t generation = 0;  // of the tracker; counts open()
    std::optional<Calibration> calibration;
    std::deque<std::shared_ptr<const Moment>> moments;

    std::uint64_t made_for = 0;  // track thread only, as the five below
    std::unique_ptr<MarkerTracker> markers;
    std::unique_ptr<BoardTracker> boards;
    std::unique_ptr<PlanarTracker> pictures;
    std::unique_ptr<EdgeTracker> solids;
    std::vector<Motion> motions;
};

}  // namespace

struct TrackThread::Core {
    mutable std::mutex lock;
    mutable std::condition_variable work, done;
    std::map<std::string, std::shared_ptr<Seat>> seats;
    bool stopping = false;
    Figures figures;
    const std::vector<FollowedTarget>* targets = nullptr;
    std::vector<MarkedTarget> marked;  // with the places of all kinds in `targets`
    std::vector<BoardTarget> boarded;
    std::vector<std::size_t> marked_at, boarded_at, pictured_at, solid_at;
    std::vector<std::shared_ptr<const PlanarModel>> pictured;  // track thread only, as pictured_at and the two of solids
    std::vector<std::shared_ptr<const EdgeModel>> solid;
    std::function<void(const std::string&, Result<int>)> on_read;
    std::thread thread;

    std::shared_ptr<Seat> seat(const std::string& camera) const {
        std::lock_guard hold(lock);
        const auto found = seats.find(camera);
        return found == seats.end() ? nullptr : found->second;
    }

    std::shared_ptr<Seat> oldest_waiting() const {
        std::shared_ptr<Seat> out;
        for (const auto& [name, seat] : seats)
            if (seat->has_waiting && (!out || seat->waiting.capture_ns < out->waiting.capture_ns)) out = seat;
        return out;
    }

    /// Takes some tenths of a second per picture and model, which nobody has to wait for here.
    void read_targets() {
        const auto fault = [&](const std::string& product, const Error& error) {
            log::error("track", error.message, {{"product", product}});
            if (on_read) on_read(product, tl::unexpected<Error>(error));
        };
        for (std::size_t i = 0; i < targets->size(); ++i) {
            const FollowedTarget& target = (*targets)[i];
            if (std::lock_guard hold(lock); stopping) return;
            if (target.picture) {
                if (auto model = PlanarModel::read(*target.picture)) {
                    if (on_read) on_read(target.product, static_cast<int>((*model)->core().features.places.size()));
                    pictured.push_back(std::move(*model));
                    pictured_at.push_back(i);
                } else {
                    fault(target.product, model.error());
                }
            }
            if (target.solid) {
                if (auto model = EdgeModel::read(*target.solid)) {
                    solid.push_back(std::move(*model));
                    solid_at.push_back(i);
                } else {
                    fault(target.product, model.error());
                }
            }
        }
    }

    void run() {
        read_targets();
        std::unique_lock hold(lock);
        for (;;) {
            std::shared_ptr<Seat> seat;
            work.wait(hold, [&] { return stopping || (seat = oldest_waiting()); });
            if (stopping) return;
            std::swap(seat->waiting, seat->working);
            seat->has_waiting = false;
            const std::uint64_t generation = seat->generation;
            const auto calibration = seat->calibration;
            hold.unlock();
            const Nanoseconds start = steady_now();
            std::shared_ptr<const Moment> moment;
            if (!barrier::run("track search", [&] { moment = search(*seat, generation, calibration); })) seat->made_for = 0;
            const double ms = double(steady_now() - start) * 1e-6;
            hold.lock();
            if (moment && seat->generation == generation) {
                seat->moments.push_back(std::move(moment));
                if (seat->moments.size() > kept) seat->moments.pop_front();
            }
            ++figures.searched;
            figures.ms_mean += (ms - figures.ms_mean) / double(figures.searched);
            figures.ms_max = std::max(figures.ms_max, ms);
            done.notify_all();
        }
    }

    std::shared_ptr<const Moment> search(Seat& seat, std::uint64_t generation, const std::optional<Calibration>& calibration) const {
        if (!seat.markers || seat.made_for != generation) {
            seat.markers = std::move(*MarkerTracker::create(marked, calibration));  // judged in the constructor
            seat.boards = std::move(*BoardTracker::create(boarded, calibration, {}));
            seat.pictures = PlanarTracker::create(pictured, calibration, {});
            seat.solids = EdgeTracker::create(solid, calibration);
            seat.motions.clear();
            for (const auto& target : *targets) seat.motions.emplace_back(target.measured(), target.box());
            seat.made_for = generation;
        }
        const Luma& luma = seat.working;
        const auto camera = calibration ? std::optional(scaled(*calibration, luma.width, luma.height)) : std::nullopt;
        std::vector<std::optional<Sighting>> told(targets->size());  // by markers, then by pictures
        const auto by_markers = [&](std::vector<Sighting> sightings, const std::vector<std::size_t>& places) {
            for (auto& sighting : sightings) {
                const std::size_t i = places[sighting.target];
                if ((*targets)[i].picture || (*targets)[i].solid) sighting.corners = corners_of((*targets)[i].measured(), sighting);
                sighting.target = i;
                seat.motions[i].sighted(sighting, luma.capture_ns, camera);
                told[i] = sighting;
            }
        };
        if (!marked.empty()) by_markers(seat.markers->find(luma.view(), luma.capture_ns), marked_at);
        if (!boarded.empty()) by_markers(seat.boards->find(luma.view(), luma.capture_ns), boarded_at);
        if (!pictured.empty())
            for (auto& sighting : seat.pictures->find(luma.view(), luma.capture_ns)) {
                const std::size_t i = pictured_at[sighting.target];
                if (told[i]) continue;
                sighting.target = i;
                seat.motions[i].sighted(sighting, luma.capture_ns, camera);
                told[i] = sighting;
            }
        if (!solid.empty()) {
            for (std::size_t k = 0; k < solid.size(); ++k)
                if (const auto& by = told[solid_at[k]]) seat.solids->suggest(k, *by);
            for (auto& sighting : seat.solids->find(luma.view(), luma.capture_ns)) {
                const std::size_t i = solid_at[sighting.target];
                if (told[i]) continue;
                sighting.target = i;
                seat.motions[i].sighted(sighting, luma.capture_ns, camera);
            }
        }
        return std::make_shared<Moment>(Moment{luma.sequence, luma.capture_ns, seat.motions});
    }
};

TrackThread::TrackThread(std::vector<FollowedTarget> targets, std::function<void(const std::string&, Result<int>)> on_read)
    : core_(std::make_unique<Core>()) {
    core_->on_read = std::move(on_read);
    for (auto& target : targets) {
        const auto marked = target.marked();
        const auto boarded = target.boarded();
        Result<void> judged;
        if (marked) {
            if (auto made = MarkerTracker::create({*marked}, std::nullopt); !made) judged = tl::unexpected(made.error());
        } else if (boarded) {
            if (auto made = BoardTracker::create({*boarded}, std::nullopt, {}); !made) judged = tl::unexpected(made.error());
        }
        if (!judged)
            log::error("track", judged.error().message, {{"product", target.product}});
        else if (target.picture && !(target.picture->width_mm > 0 && target.picture->height_mm > 0))
            log::error("track", "The picture of the target needs a width and a height in mm above 0.", {{"product", target.product}});
        else if (target.solid && !(target.solid->front[2] > 0 && target.solid->front[3] > 0))
            log::error("track", "The front of the target needs a width and a height in mm above 0.", {{"product", target.product}});
        else if (marked || boarded || target.picture || target.solid) {
            if (!marked && boarded) core_->boarded.push_back(*boarded), core_->boarded_at.push_back(targets_.size());
            if (marked) core_->marked.push_back(*marked), core_->marked_at.push_back(targets_.size());
            targets_.push_back(std::move(target));
        }
    }
    core_->targets = &targets_;
    if (!targets_.empty())
        core_->thread = barrier::thread(
            "track", [core = core_.get()] { core->run(); }, barrier::AfterThrow::end);
}

TrackThread::~TrackThread() {
    {
        std::lock_guard hold(core_->lock);
        core_->stopping = true;
    }
    core_->work.notify_all();
    if (core_->thread.joinable()) core_->thread.join();
}

void TrackThread::open(const std::string& camera, std::optional<Calibration> calibration) {
    if (targets_.empty()) return;
    std::lock_guard hold(core_->lock);
    auto& seat = core_->seats[camera];
    if (!seat) seat = std::make_shared<Seat>();
    ++seat->generation;
    seat->calibration = std::move(calibration);
    seat->moments.clear();
    seat->has_waiting = false;
}

void TrackThread::submit(const std::string& camera, const ConstI420View& picture, std::uint64_t sequence, Nanoseconds capture_ns) {
    const auto seat = core_->seat(camera);
    if (!seat || !picture.y) return;
    std::unique_lock filling(seat->filling, std::try_to_lock);
    if (!filling) return;  // a stage that is being replaced is still at it
    seat->spare.take(picture);
    seat->spare.sequence = sequence, seat->spare.capture_ns = capture_ns;
    {
        std::lock_guard hold(core_->lock);
        std::swap(seat->spare, seat->waiting);
        seat->has_waiting = true;
        ++core_->figures.submitted;
    }
    core_->work.notify_one();
}

std::vector<CarriedTarget> TrackThread::at(const std::string& camera, std::uint64_t sequence, Nanoseconds capture_ns) const {
    std::shared_ptr<const Moment> best;
    {
        std::lock_guard hold(core_->lock);
        const auto found = core_->seats.find(camera);
        if (found == core_->seats.end()) return {};
        const auto away = [&](const Moment& m) {
            return m.capture_ns > capture_ns ? m.capture_ns - capture_ns : capture_ns - m.capture_ns;
        };
        for (const auto& moment : found->second->moments) {
            if (moment->sequence == sequence && moment->capture_ns == capture_ns) {
                best = moment;
                break;
            }
            if (!best || away(*moment) <= away(*best)) best = moment;
        }
    }
    std::vector<CarriedTarget> out;
    if (!best) return out;
    for (const auto& motion : best->motions)
        if (auto carried = motion.at(capture_ns)) out.push_back(std::move(*carried));
    return out;
}

bool TrackThread::wait_for(const std::string& camera, std::uint64_t sequence, Nanoseconds most) const {
    std::unique_lock hold(core_->lock);
    return core_->done.wait_for(hold, std::chrono::nanoseconds(most), [&] {
        const auto found = core_->seats.find(camera);
        return found != core_->seats.end() && !found->second->moments.empty() && found->second->moments.back()->sequence >= sequence;
    });
}

TrackThread::Figures TrackThread::figures() const {
    std::lock_guard hold(core_->lock);
    return core_->figures;
}

}  // namespace vitrine
