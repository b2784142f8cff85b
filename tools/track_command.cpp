#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/calibration_file.h"
#include "engine/log.h"
#include "overlays/models/model_reader.h"
#include "overlays/tracking/edge_tracker.h"
#include "overlays/tracking/marker_tracker.h"
#include "overlays/tracking/planar_tracker.h"
#include "tools/commands.h"
#include "tools/picture_input.h"

namespace vitrine {
namespace {

struct TrackOptions {
    std::vector<std::string> inputs;
    std::string target, marker, model, calibration;
    double width_mm = 0, size_mm = 0;
    std::vector<double> model_at, pose;
    int id = -1;
    bool json = false;
};

/// Finds one target in picture after picture.
class Follower {
  public:
    virtual ~Follower() = default;
    virtual std::optional<Sighting> find(const PictureInput::Shot& shot) = 0;
};

class MarkerFollower : public Follower {
  public:
    static Result<std::unique_ptr<Follower>> create(const TrackOptions& options, std::optional<Calibration> calibration) {
        // Judges the family even when the marker's number is only known once one is seen.
        auto tracker = make(options, std::max(options.id, 0), calibration);
        if (!tracker) return tl::unexpected(tracker.error());
        std::unique_ptr<MarkerFollower> out(new MarkerFollower());
        out->options_ = options, out->calibration_ = std::move(calibration);
        if (options.id >= 0) out->tracker_ = std::move(*tracker);
        return out;
    }

    std::optional<Sighting> find(const PictureInput::Shot& shot) override {
        if (!tracker_) {
            const auto ids = markers_in(shot.luma.view(), options_.marker);
            if (!ids || ids->empty()) return std::nullopt;
            std::cerr << "Following " << options_.marker << " marker " << ids->front() << ", the "
                      << (ids->size() > 1 ? "largest of " + std::to_string(ids->size()) + " in" : std::string("first, seen in"))
                      << " frame " << shot.number << "; another one with --id.\n";
            tracker_ = std::move(*make(options_, ids->front(), calibration_));  // a number that was seen is one of the family's
        }
        const auto found = tracker_->find(shot.luma.view(), shot.time);
        return found.empty() ? std::nullopt : std::optional(found.front());
    }

  private:
    static Result<std::unique_ptr<MarkerTracker>> make(const TrackOptions& options, int id, const std::optional<Calibration>& calibration) {
        // Frames may be unrelated photos: each that misses the marker is searched wholly, and a single sighting counts.
        return MarkerTracker::create({{"the target", {options.marker, id, options.size_mm}, {0, 0}}}, calibration,
                                     {.search_every = 0, .thorough = true, .agreed = 1});
    }

    TrackOptions options_;
    std::optional<Calibration> calibration_;
    std::unique_ptr<MarkerTracker> tracker_;
};

class PictureFollower : public Follower {
  public:
    static Result<std::unique_ptr<Follower>> create(const TrackOptions& options, std::optional<Calibration> calibration) {
        const bool measured = options.width_mm > 0;
        if (calibration && !measured) {
            std::cerr << "Without --width-mm the target's size is not known: corners only, no poses.\n";
            calibration.reset();
        }
        auto tracker = PlanarTracker::create({{"the target", options.target, measured ? options.width_mm : 100}}, calibration,
                                             {.search_every = 0, .thorough = true});
        if (!tracker) return tl::unexpected(tracker.error());
        std::unique_ptr<PictureFollower> out(new PictureFollower());
        out->tracker_ = std::move(*tracker);
        return out;
    }

    std::optional<Sighting> find(const PictureInput::Shot& shot) override {
        const auto found = tracker_->find(shot.luma.view(), shot.time);
        return found.empty() ? std::nullopt : std::optional(found.front());
    }

  private:
    std::unique_ptr<PlanarTracker> tracker_;
};

/// Begins where a marker, a picture or the user says the product is; the sightings told are those by the edges.
class ModelFollower : public Follower {
  public:
    static Result<std::unique_ptr<Follower>> create(const TrackOptions& options, std::optional<Calibration> calibration) {
        auto model = read_model(options.model);
        if (!model) return fail(options.model + " " + model.error().message, model.error().kind);
        std::optional<std::array<double, 3>> at;
        if (!options.model_at.empty()) at = {options.model_at[0], options.model_at[1], options.model_at[2]};
        auto made = EdgeModel::make(SolidTarget::by_front("the target", *model, at), *model);
        if (!made) return tl::unexpected(made.error());
        std::unique_ptr<ModelFollower> out(new ModelFollower());
        if (options.pose.empty()) {
            auto guide =
                options.marker.empty() ? PictureFollower::create(options, calibration) : MarkerFollower::create(options, calibration);
            if (!guide) return tl::unexpected(guide.error());
            out->guide_ = std::move(*guide);
        } else {
            out->first_.emplace();
            std::copy_n(options.pose.begin(), 3, out->first_->rvec.begin());
            std::copy_n(options.pose.begin() + 3, 3, out->first_->tvec.begin());
        }
        out->tracker_ = EdgeTracker::create({std::move(*made)}, std::move(calibration));
        return out;
    }

    std::optional<Sighting> find(const PictureInput::Shot& shot) override {
        if (first_) {
            tracker_->suggest(0, *first_);
            first_.reset();
        } else if (guide_) {
            if (const auto seen = guide_->find(shot)) tracker_->suggest(0, *seen);
        }
        const auto found = tracker_->find(shot.luma.view(), shot.time);
        return found.empty() ? std::nullopt : std::optional(found.front());
    }

  private:
    std::unique_ptr<Follower> guide_;
    std::optional<TargetPose> first_;
    std::unique_ptr<EdgeTracker> tracker_;
};

void print_json(std::uint64_t frame, const std::optional<Sighting>& seen, double ms) {
    nlohmann::ordered_json line{{"frame", frame}, {"found", seen.has_value()}};
    if (seen) {
        line["corners"] = seen->corners;
        if (seen->pose) line["rvec"] = seen->pose->rvec, line["tvec"] = seen->pose->tvec;
    }
    line["ms"] = std::round(ms * 1000) / 1000;
    std::cout << line.dump() << "\n";
}

void print_text(std::uint64_t frame, const std::optional<Sighting>& seen, double ms) {
    char text[256];
    if (!seen) {
        std::snprintf(text, sizeof text, "%6llu  %-70s %8.2f ms", static_cast<unsigned long long>(frame), "not found", ms);
    } else {
        const auto& c = seen->corners;
        std::snprintf(text, sizeof text, "%6llu  %8.2f %8.2f %8.2f %8.2f %8.2f %8.2f %8.2f %8.2f %7.2f ms",
                      static_cast<unsigned long long>(frame), c[0][0], c[0][1], c[1][0], c[1][1], c[2][0], c[2][1], c[3][0], c[3][1], ms);
    }
    std::cout << text;
    if (seen && seen->pose) {
        const auto& t = seen->pose->tvec;
        std::snprintf(text, sizeof text, "  at %8.1f %8.1f %8.1f mm, %7.1f mm away", t[0], t[1], t[2], std::hypot(t[0], t[1], t[2]));
        std::cout << text;
    }
    std::cout << "\n";
}

int track(const TrackOptions& options) {
    log::set_up(log::Level::error, false);
    std::optional<Calibration> calibration;
    if (!options.calibration.empty()) {
        auto loaded = load_calibration(options.calibration);
        if (!loaded) return report(loaded.error());
        calibration = *loaded;
    }
    const bool by_model = !options.model.empty();
    if (by_model && calibration && !options.target.empty() && !(options.width_mm > 0))
        return report({ErrorKind::bad_input, "Beside a model a picture needs --width-mm, its width on the product."});
    if (by_model && options.target.empty() && options.marker.empty() && options.pose.empty())
        return report(
            {ErrorKind::bad_input,
             "A model is not searched for: say with --pose where it is in the first frame, or give the marker or the picture that "
             "is on the product as well."});
    if (!by_model && options.target.empty() == options.marker.empty())
        return report({ErrorKind::bad_input,
                       "Say what is to be followed: either --target IMAGE, or --marker FAMILY with --size-mm, or --model FILE."});
    if (!options.marker.empty() && !(options.size_mm > 0))
        return report({ErrorKind::bad_input, "A marker needs --size-mm, the side of its black square in mm."});
    auto follower = by_model                 ? ModelFollower::create(options, calibration)
                    : options.marker.empty() ? PictureFollower::create(options, calibration)
                                             : MarkerFollower::create(options, calibration);
    if (!follower) return report(follower.error());
    auto input = PictureInput::open(options.inputs);
    if (!input) return report(input.error());

    if (!options.json) std::cout << " frame        top left         top right      bottom right       bottom left, px\n";
    std::uint64_t frames = 0, found = 0;
    double ms_all = 0;
    bool stretched = false;
    for (;;) {
        auto shot = input->next();
        if (!shot) return report(shot.error());
        if (!*shot) break;
        const auto& luma = (*shot)->luma;
        if (calibration && !stretched) {
            // Half the size is the same lens; another shape is another part of it.
            const double wide = double(luma.width) / calibration->width, high = double(luma.height) / calibration->height;
            if ((stretched = std::abs(wide / high - 1) > 0.02))
                std::cerr << "Warning: the pictures (" << luma.width << " × " << luma.height
                          << " px) have another shape than those of the calibration (" << calibration->width << " × " << calibration->height
                          << " px); poses will be wrong.\n";
        }
        const Nanoseconds begin = steady_now();
        const auto seen = (*follower)->find(**shot);
        const double ms = double(steady_now() - begin) * 1e-6;
        ++frames, found += seen ? 1 : 0, ms_all += ms;
        if (options.json)
            print_json((*shot)->number, seen, ms);
        else
            print_text((*shot)->number, seen, ms);
    }
    if (!options.json && frames > 1)
        std::printf("Found in %llu of %llu frames, %.2f ms a frame.\n", static_cast<unsigned long long>(found),
                    static_cast<unsigned long long>(frames), ms_all / double(frames));
    return 0;
}

}  // namespace

void add_track(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<TrackOptions>();
    CLI::App* command = app.add_subcommand("track", "Where a target is in each frame of a video, an image sequence or a still");
    command->add_option("input", options->inputs, "A video, a still, or a pattern (\"frames/*.png\"), which is taken in natural order")
        ->required();
    auto* target = command->add_option("--target", options->target, "A picture of the flat thing to be followed");
    command->add_option("--width-mm", options->width_mm, "That picture's width on the thing itself")
        ->check(CLI::PositiveNumber)
        ->needs(target);
    auto* marker = command->add_option("--marker", options->marker, "The marker's family: apriltag36h11, aruco4x4_50 …")->excludes(target);
    command->add_option("--size-mm", options->size_mm, "Side of its black square")->check(CLI::PositiveNumber)->needs(marker);
    command->add_option("--id", options->id, "Its number; without it, the first marker of the family that is seen")
        ->check(CLI::NonNegativeNumber)
        ->needs(marker);
    auto* model =
        command->add_option("--model", options->model,
                            "A product's 3D model (.glb), followed by its edges. Corners and poses are those of its front: the box "
                            "that holds it, seen from before, counted from the top left corner");
    command->add_option("--pose", options->pose, "Where the model is in the first frame, roughly: rvec and tvec, six numbers")
        ->expected(6)
        ->delimiter(',')
        ->needs(model);
    command
        ->add_option("--model-at", options->model_at,
                     "Where the model's origin lies from the top left corner of the marker or picture beside it: x right, y down, z "
                     "towards the camera, mm; without it that corner is the front's")
        ->expected(3)
        ->delimiter(',')
        ->needs(model);
    command->add_option("--calibration", options->calibration, "The camera's lens, from vitrine calibrate: with it poses are told");
    command->add_flag("--json", options->json, "One JSON object per frame: frame, found, corners, rvec, tvec, ms");
    command->callback([options, &exit_code] { exit_code = track(*options); });
}

}  // namespace vitrine
