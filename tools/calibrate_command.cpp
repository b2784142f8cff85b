#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/calibration_file.h"
#include "engine/log.h"
#include "overlays/show_stage.h"
#include "overlays/tracking/calibration.h"
#include "pipelines/capture/camera_feed.h"
#include "tools/commands.h"
#include "tools/picture_input.h"
#include "tools/secret_word.h"

namespace vitrine {
namespace {

using nlohmann::json;
using Verdict = CameraCalibrator::Verdict;

constexpr Nanoseconds first_picture = 10'000'000'000;  // a camera that gives none for so long is given up
constexpr Nanoseconds between_looks = 150'000'000;     // live
constexpr Nanoseconds between_words = 3'000'000'000;   // live: what to do next is said this often
constexpr int live_views = 20;                         // then it is enough, whatever is missing

volatile sig_atomic_t stopped = 0;

struct CalibrateOptions {
    std::vector<std::string> inputs;
    std::string board, out = "calibration.toml";
    double seconds = 180;
    bool json = false;
};

std::string with_replacement(const json& line) { return line.dump(-1, ' ', false, json::error_handler_t::replace); }

const char* name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::taken:
            return "taken";
        case Verdict::no_board:
            return "no_board";
        case Verdict::blurred:
            return "blurred";
        case Verdict::moving:
            return "moving";
        case Verdict::duplicate:
            return "duplicate";
        case Verdict::other_size:
            return "other_size";
        case Verdict::unreadable:
            return "unreadable";
    }
    return "";
}

json json_of(const Coverage& c) {
    return {{"views", c.views}, {"share", c.share},   {"areas", c.areas},       {"left", c.left},       {"right", c.right},
            {"top", c.top},     {"bottom", c.bottom}, {"smallest", c.smallest}, {"largest", c.largest}, {"advice", c.advice()}};
}

void say_look(const CalibrateOptions& options, const std::string& name, const CameraCalibrator::Look& look) {
    if (options.json) {
        json line{{"event", "view"}, {"name", name}, {"verdict", name_of(look.verdict)}, {"corners", look.corners}};
        if (look.verdict != Verdict::taken) line["why"] = look.sentence();
        std::cout << with_replacement(line) << std::endl;
    } else if (look.verdict == Verdict::taken) {
        std::cout << name << ": taken, " << look.corners << " corners\n";
    } else {
        std::cout << name << ": left out. " << look.sentence() << "\n";
    }
}

Result<void> from_files(const CalibrateOptions& options, CameraCalibrator& calibrator) {
    auto input = PictureInput::open(options.inputs);
    if (!input) return tl::unexpected(input.error());
    std::optional<LumaPicture> first;
    std::uint64_t pictures = 0, with_board = 0, other_size = 0;
    int first_width = 0, first_height = 0;
    for (;;) {
        auto shot = input->next();
        if (!shot) return tl::unexpected(shot.error());
        if (!*shot) break;
        ++pictures;
        const auto& luma = (*shot)->luma;
        const auto look = calibrator.look(luma.view(), (*shot)->name);
        say_look(options, (*shot)->name, look);
        if (look.corners > 0) ++with_board;
        if (look.verdict == Verdict::other_size) {
            if (++other_size == 1) first_width = luma.width, first_height = luma.height;
        }
        if (!first) first = std::move((*shot)->luma);
    }
    if (with_board == 0) {
        auto board = parse_board(options.board);
        std::string sentence = "The board " + board->text() + " was not found in " +
                               (pictures == 1 ? "the picture." : "any of the " + std::to_string(pictures) + " pictures.");
        if (const auto other = first ? calibrator.other_board(first->view()) : std::nullopt)
            sentence += " The first picture seems to show " + *other + ": corners are counted where four squares meet.";
        else if (board->kind == BoardSpec::Kind::chessboard)
            sentence += " Are its inner corners counted (a board of 10 × 7 squares has 9x6), is all of it to be seen, with a white margin?";
        else
            sentence += " Are columns, rows and dictionary right, and are the markers large enough to be read?";
        return fail(sentence, ErrorKind::bad_input);
    }
    if (other_size > 0 && calibrator.views() < CameraCalibrator::least_views)
        return fail("The pictures have different sizes: the first is " + std::to_string(calibrator.width()) + " × " +
                        std::to_string(calibrator.height()) + " px, another " + std::to_string(first_width) + " × " +
                        std::to_string(first_height) +
                        " px. A calibration holds for one size: take all with the same setting of the camera.",
                    ErrorKind::bad_input);
    return {};
}

Result<void> from_camera(const CalibrateOptions& options, const SourceSpec& source, CameraCalibrator& calibrator) {
    std::error_code ignored;
    if (source.scheme == "v4l2" && !std::filesystem::exists(source.rest, ignored))
        return fail("There is no camera at " + source.rest + ". Plug it in, or choose another one that `vitrine probe` lists.",
                    ErrorKind::missing);
    const auto stage = make_show_stage(std::make_shared<const ShowConfig>());
    CameraFeed feed(source, *stage);
    struct sigaction stop {};
    stop.sa_handler = [](int) { stopped = 1; };
    struct sigaction before_int {
    }, before_term{};
    sigaction(SIGINT, &stop, &before_int), sigaction(SIGTERM, &stop, &before_term);
    if (!options.json)
        std::cout << "Move the board in front of the camera and hold it still for a moment in each place. Ctrl-C when done.\n"
                  << std::flush;
    const Nanoseconds until = steady_now() + static_cast<Nanoseconds>(options.seconds * 1e9);
    Nanoseconds looked = 0, said = 0;
    std::string before;
    std::optional<Error> broken;
    while (!stopped && steady_now() < until) {
        auto picture = feed.next(first_picture);
        if (!picture) {
            if (calibrator.views() < CameraCalibrator::least_views) broken = picture.error();
            break;
        }
        if (steady_now() - looked < between_looks) continue;
        looked = steady_now();
        const std::string name = "view " + std::to_string(calibrator.views() + 1);
        const auto look = calibrator.look((*picture)->view(), name);
        const Coverage coverage = calibrator.coverage();
        const auto advice = coverage.advice();
        if (look.verdict == Verdict::taken) {
            say_look(options, name, look);
            if (options.json) std::cout << with_replacement({{"event", "coverage"}, {"coverage", json_of(coverage)}}) << std::endl;
            if (advice.empty() || calibrator.views() >= live_views) break;
            said = 0;
        }
        std::string word = look.sentence();
        if (look.verdict == Verdict::taken || look.verdict == Verdict::duplicate) word = advice.empty() ? "" : advice.front();
        if (look.verdict == Verdict::no_board) word = "The board is not to be seen: hold it into the picture.";
        if (!options.json && !word.empty() && (word != before || said == 0) && looked - said > between_words / (word == before ? 1 : 3)) {
            std::cout << "  " << word << std::endl;
            before = word, said = looked;
        }
    }
    sigaction(SIGINT, &before_int, nullptr), sigaction(SIGTERM, &before_term, nullptr);
    if (broken) return tl::unexpected(*broken);
    return {};
}

std::string today() {
    const std::time_t now = std::time(nullptr);
    std::tm day{};
    gmtime_r(&now, &day);
    char text[16];
    std::strftime(text, sizeof text, "%Y-%m-%d", &day);
    return text;
}

void print(const CameraCalibrator::Report& report, const std::string& file) {
    const Calibration& c = report.calibration;
    const auto& d = report.deviation;
    std::cout << std::fixed << std::setprecision(2);
    for (const auto& view : report.views)
        std::cout << "  " << view.name << "  " << view.corners << " corners  " << view.rms_px << " px"
                  << (view.used ? "" : "  does not fit, left out") << "\n";
    const double field = 2 * std::atan(c.width / 2.0 / c.fx) * 180 / M_PI;
    std::cout << "Picture " << c.width << " x " << c.height << " px, horizontal field of view " << std::setprecision(1) << field
              << " degrees\n"
              << std::setprecision(2) << "  fx " << c.fx << " ± " << d[0] << "   fy " << c.fy << " ± " << d[1] << "   cx " << c.cx << " ± "
              << d[2] << "   cy " << c.cy << " ± " << d[3] << " px\n"
              << std::setprecision(4) << "  k1 " << c.distortion[0] << " ± " << d[4] << "   k2 " << c.distortion[1] << " ± " << d[5]
              << "   p1 " << c.distortion[2] << " ± " << d[6] << "   p2 " << c.distortion[3] << " ± " << d[7] << "   k3 " << c.distortion[4]
              << " ± " << d[8] << "\n"
              << std::setprecision(3) << "RMS " << c.rms_px << " px\n";
    for (const auto& warning : report.warnings) std::cout << "Warning: " << warning << "\n";
    const auto advice = report.warnings.empty() ? std::vector<std::string>{} : report.coverage.advice();
    for (const auto& sentence : advice) std::cout << "To do better: " << sentence << "\n";
    std::cout << "Written: " << file << " (calibration = \"" << file << "\" in a camera's table of show.toml)\n";
}

json json_of(const CameraCalibrator::Report& report, const std::string& file) {
    const Calibration& c = report.calibration;
    json views = json::array();
    for (const auto& v : report.views) views.push_back({{"name", v.name}, {"corners", v.corners}, {"rms_px", v.rms_px}, {"used", v.used}});
    return {{"event", "calibration"},
            {"file", file},
            {"width", c.width},
            {"height", c.height},
            {"fx", c.fx},
            {"fy", c.fy},
            {"cx", c.cx},
            {"cy", c.cy},
            {"distortion", c.distortion},
            {"rms_px", c.rms_px},
            {"deviation", report.deviation},
            {"views", views},
            {"coverage", json_of(report.coverage)},
            {"warnings", report.warnings}};
}

int calibrate(const CalibrateOptions& options) {
    log::set_up(log::Level::error, false);
    const auto board = parse_board(options.board);
    if (!board) return report(board.error());
    std::optional<SourceSpec> camera;
    for (const std::string& word : options.inputs) {
        const auto name = secret_word(word);
        if (!name) return report(name.error());
        if (const auto named = camera_named(*name)) camera = named;
    }
    if (camera && options.inputs.size() > 1) return report({ErrorKind::bad_input, "Name either one camera or pictures, not both."});
    auto calibrator = CameraCalibrator::create(*board, {.live = camera.has_value()});
    if (!calibrator) return report(calibrator.error());
    const auto collected = camera ? from_camera(options, *camera, **calibrator) : from_files(options, **calibrator);
    if (!collected) return report(collected.error());
    auto solved = (*calibrator)->solve();
    if (!solved) return report({camera ? solved.error().kind : ErrorKind::bad_input, solved.error().message});

    const Calibration& c = solved->calibration;
    const int used = static_cast<int>(std::count_if(solved->views.begin(), solved->views.end(), [](const auto& v) { return v.used; }));
    std::vector<std::string> remarks{"The lens of a camera, measured with vitrine calibrate on " + today() + ": " + std::to_string(used) +
                                     " views of " + board->text() + "."};
    std::ostringstream deviations;
    deviations << std::setprecision(3) << "One standard deviation: fx " << solved->deviation[0] << ", fy " << solved->deviation[1]
               << ", cx " << solved->deviation[2] << ", cy " << solved->deviation[3] << " px.";
    remarks.push_back(deviations.str());
    remarks.insert(remarks.end(), solved->warnings.begin(), solved->warnings.end());
    if (auto saved = save_calibration(options.out, c, remarks); !saved) return report(saved.error());
    if (options.json)
        std::cout << with_replacement(json_of(*solved, options.out)) << "\n";
    else
        print(*solved, options.out);
    return 0;
}

}  // namespace

void add_calibrate(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<CalibrateOptions>();
    CLI::App* command = app.add_subcommand("calibrate", "Measure a camera's lens from pictures of a printed board, or live");
    command
        ->add_option("input", options->inputs,
                     "Pictures, patterns (\"shots/*.jpg\") or videos; or one camera as a show names it: v4l2:/dev/video0, "
                     "rtsp://…; - reads it from standard input, @FILE from a file")
        ->required();
    command
        ->add_option("--board", options->board,
                     "chessboard:9x6:25 (inner corners, mm) or charuco:7x5:30:22[:aruco5x5_100] (squares, mm, mm, dictionary)")
        ->required();
    command->add_option("--out", options->out, "The file to write")->capture_default_str();
    command->add_option("--seconds", options->seconds, "Live: how long at most")->check(CLI::Range(1.0, 3600.0))->capture_default_str();
    command->add_flag("--json", options->json, "JSON lines: each view, then the calibration");
    command->callback([options, &exit_code] { exit_code = calibrate(*options); });
}

}  // namespace vitrine
