#include "engine/preflight.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

#include "engine/config_source.h"
#include "engine/desk/money.h"
#include "engine/messages.h"

namespace vitrine {
namespace {

using Level = Finding::Level;
using Args = std::map<std::string, std::string>;

constexpr double slow_share = 0.8;  // of the program's frame rate
constexpr double silent_db = -60, quiet_db = -40, clipping_db = -1;
constexpr double few_minutes = 15, some_minutes = 90;  // of recording
constexpr int few_features = 80;                       // fewer, and the picture is lost at the first turn
constexpr int soon_days = 14;
constexpr double absurd_price = 1e6, absurd_step = 0.2;  // a tier below a fifth of the one before is a slip of the point

constexpr double sound_kbps = 128, with_repairs = 1.1;  // packets' heads, and lost ones sent again

std::string rounded(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.0f", value);
    return text;
}

std::string megabits(double kbps) {
    char text[32];
    std::snprintf(text, sizeof text, kbps < 10'000 ? "%.1f" : "%.0f", kbps / 1000);
    return text;
}

std::string price_text(const PriceTier& tier) { return desk::plain_price(tier.unit, tier.currency) + " " + tier.currency; }

class Flight {
  public:
    explicit Flight(const ShowConfig& show) : show_(show) {}
    std::vector<Finding> take() { return std::move(findings_); }

    void look_at(const CameraConfig& camera, const CameraStatus& status) {
        const std::string id = "camera/" + camera.id;
        const Args args{
            {"camera", camera.id}, {"fps", rounded(status.fps)}, {"wanted", std::to_string(show_.program.fps)}, {"why", status.detail}};
        switch (status.state) {
            case CameraState::live:
                if (status.fps > 0 && status.fps < slow_share * show_.program.fps)
                    add(id, Level::warn, "preflight.camera_slow", args, "preflight.camera_slow.fix");
                else
                    add(id, Level::ok, "preflight.camera_ok", args);
                break;
            case CameraState::connecting:
                add(id, Level::warn, "preflight.camera_connecting", args, "preflight.camera_connecting.fix");
                break;
            case CameraState::mask_failed:
                add("masks/" + camera.id, Level::fail, "preflight.mask_failed", args, "preflight.mask_failed.fix");
                break;
            case CameraState::frozen:
            case CameraState::lost:
                add(id, Level::fail, "preflight.camera_lost", args, "preflight.camera_lost.fix");
        }
        if (!camera.masks.empty() && status.state == CameraState::live)
            add("masks/" + camera.id, Level::ok, "preflight.masks_ok", {{"camera", camera.id}, {"n", std::to_string(camera.masks.size())}});
    }

    void look_at_calibrations() {
        for (const CameraConfig* camera : uncalibrated_cameras(show_))
            add("calibration/" + camera->id, Level::warn, "preflight.uncalibrated", {{"camera", camera->id}}, "preflight.uncalibrated.fix");
    }

    void look_at_sound(const Snapshot& snapshot, const PreflightFacts& facts) {
        if (snapshot.sounds.empty()) return add("sound", Level::warn, "preflight.no_sound", {}, "preflight.no_sound.fix");
        if (snapshot.muted) add("sound", Level::warn, "preflight.muted", {}, "preflight.muted.fix");
        for (const auto& [source, status] : snapshot.sounds) {
            const auto loudest = facts.loudest_db.find(source);
            const double db = loudest == facts.loudest_db.end() ? status.peak_db : loudest->second;
            const std::string id = "sound/" + source;
            const Args args{{"source", source}, {"db", rounded(db)}};
            if (status.muted)
                add(id, Level::warn, "preflight.source_muted", args, "preflight.source_muted.fix");
            else if (db <= silent_db)
                add(id, Level::fail, "preflight.source_silent", args, "preflight.source_silent.fix");
            else if (db >= clipping_db)
                add(id, Level::warn, "preflight.source_clips", args, "preflight.source_clips.fix");
            else if (db < quiet_db)
                add(id, Level::warn, "preflight.source_quiet", args, "preflight.source_quiet.fix");
            else
                add(id, Level::ok, "preflight.source_ok", args);
        }
    }

    void look_at_machine(const Snapshot& snapshot, const PreflightFacts& facts) {
        if (facts.encoder) {
            if (facts.encoder->empty())
                add("encoder", Level::fail, "preflight.no_encoder", {}, "preflight.no_encoder.fix");
            else
                add("encoder", Level::ok, "preflight.encoder_ok", {{"encoder", *facts.encoder}});
        }
        look_at_disk(snapshot.recording);
        if (facts.store_problem) {
            if (facts.store_problem->empty())
                add("store", Level::ok, "preflight.store_ok", {});
            else
                add("store", Level::fail, "preflight.store_fails", {{"why", *facts.store_problem}}, "preflight.store_fails.fix");
        }
    }

    void look_at_network(const PreflightFacts& facts) {
        const Args args{{"address", facts.buyers_at.value_or(show_.listen_address)}};
        if (facts.certificate_days && *facts.certificate_days < 0)
            add("network", Level::fail, "preflight.certificate_expired", {}, "preflight.certificate.fix");
        else if (facts.certificate_days && *facts.certificate_days < soon_days)
            add("network", Level::warn, "preflight.certificate_soon", {{"days", std::to_string(*facts.certificate_days)}},
                "preflight.certificate.fix");
        if (!facts.certificate_problem.empty())
            add("network", Level::warn, "preflight.certificate_unusable", {{"why", facts.certificate_problem}},
                "preflight.certificate_unusable.fix");
        if (show_.behind_proxy) return add("network", Level::ok, "preflight.proxy", args);
        if (config::is_loopback(show_.listen_address))
            return add("network", Level::warn, "preflight.only_here", args, "preflight.only_here.fix");
        add("network", Level::ok, "preflight.network_ok", args);
    }

    /// What waiting pages have measured, against what the picture takes. A way carries at least what was measured over it.
    void look_at_uplink(const Snapshot& snapshot) {
        const double need = stream_kbps(show_);
        int waiting = 0;
        double best = 0, worst = 0;
        std::string slowest;
        if (snapshot.desk)
            for (const auto& [id, presence] : snapshot.desk->presence) {
                const auto person = snapshot.desk->people.find(id);
                if (presence.sockets == 0 || person == snapshot.desk->people.end()) continue;
                ++waiting;
                if (presence.path_kbps <= 0) continue;
                best = std::max(best, presence.path_kbps);
                if (worst > 0 && presence.path_kbps >= worst) continue;
                worst = presence.path_kbps;
                slowest = person->second.name.empty() ? id : person->second.name;
            }
        Args args{{"need", megabits(need)},
                  {"ten", megabits(10 * need)},
                  {"n", std::to_string(waiting)},
                  {"all", megabits(waiting * need)},
                  {"best", megabits(best)},
                  {"worst", megabits(worst)},
                  {"buyer", slowest}};
        if (best <= 0) {
            if (show_.behind_proxy || !config::is_loopback(show_.listen_address))
                add("uplink", Level::ok, "preflight.uplink_unknown", args);
        } else if (best < need) {
            add("uplink", Level::fail, "preflight.uplink_slow", args, "preflight.uplink_slow.fix");
        } else if (waiting * need > best) {
            add("uplink", Level::warn, "preflight.uplink_many", args, "preflight.uplink_many.fix");
        } else if (worst < need) {
            add("uplink", Level::warn, "preflight.uplink_buyer", args, "preflight.uplink_buyer.fix");
        } else {
            add("uplink", Level::ok, "preflight.uplink_ok", args);
        }
    }

    void look_at_target(const ProductConfig& product, const std::map<std::string, TargetFacts>& all) {
        if (!product.target) return;
        const auto found = all.find(product.id);
        const TargetFacts facts = found == all.end() ? TargetFacts{} : found->second;
        const std::string id = "target/" + product.id;
        const Args args{{"product", product.id}, {"n", std::to_string(facts.features)}, {"why", facts.problem}};
        if (!facts.problem.empty())
            add(id, Level::fail, "preflight.target_fails", args, "preflight.target_fails.fix");
        else if (facts.features >= 0 && facts.features < few_features)
            add(id, Level::warn, "preflight.target_poor", args, "preflight.target_poor.fix");
        else if (!facts.seen)
            add(id, Level::warn, "preflight.target_unseen", args, "preflight.target_unseen.fix");
        else
            add(id, Level::ok, "preflight.target_ok", args);
    }

    void look_at_prices(const ProductConfig& product) {
        const std::string id = "prices/" + product.id;
        if (product.prices.empty()) return add(id, Level::warn, "preflight.no_price", {{"product", product.id}}, "preflight.no_price.fix");
        const std::size_t before = findings_.size();
        std::map<std::string, std::vector<const PriceTier*>> by_group;  // each group has a ladder of its own
        for (const PriceTier& tier : product.prices) by_group[tier.group].push_back(&tier);
        for (const auto& [group, tiers] : by_group)
            for (std::size_t i = 0; i < tiers.size(); ++i) look_at_price(product, *tiers[i], i > 0 ? tiers[i - 1] : nullptr);
        if (findings_.size() == before)
            add(id, Level::ok, "preflight.prices_ok", {{"product", product.id}, {"n", std::to_string(product.prices.size())}});
    }

    /// Texts that a buyer of that language would read in another one.
    void look_at_languages() {
        bool complete = true;
        for (const std::string& language : show_.languages) {
            int missing = 0;
            std::string where;
            const auto count = [&](const LocalText& text, const std::string& place) {
                if (text.by_language.contains(language)) return;
                if (missing++ == 0) where = place;
            };
            count(show_.title, "show.toml");
            for (const ProductConfig& product : show_.products) {
                count(product.name, product.id);
                if (product.description) count(*product.description, product.id);
                for (const Spec& spec : product.specs) count(spec.label, product.id);
                for (const CalloutConfig& callout : product.callouts) count(callout.text, product.id);
                for (const DimensionConfig& dimension : product.dimensions)
                    if (dimension.text) count(*dimension.text, product.id);
            }
            if (missing == 0) continue;
            complete = false;
            add("languages/" + language, Level::warn, "preflight.language_missing",
                {{"language", language_name(language)}, {"n", std::to_string(missing)}, {"where", where}},
                "preflight.language_missing.fix");
        }
        if (complete) add("languages", Level::ok, "preflight.languages_ok", {{"n", std::to_string(show_.languages.size())}});
    }

  private:
    void look_at_price(const ProductConfig& product, const PriceTier& tier, const PriceTier* lower) {
        const auto wrong = [&](Level level, const char* text) {
            add("prices/" + product.id, level, text,
                {{"product", product.id}, {"min", std::to_string(tier.min)}, {"price", price_text(tier)}}, "preflight.price.fix");
        };
        if (!(tier.unit > 0 && tier.unit <= absurd_price)) wrong(Level::fail, "preflight.price_absurd");
        if (!lower) return;
        if (tier.currency != lower->currency)
            wrong(Level::fail, "preflight.price_currency");
        else if (tier.min <= lower->min)
            wrong(Level::fail, "preflight.price_order");
        else if (tier.unit >= lower->unit)
            wrong(Level::warn, "preflight.price_rises");
        else if (tier.unit < absurd_step * lower->unit)
            wrong(Level::warn, "preflight.price_falls");
    }

    void look_at_disk(const RecordingStatus& recording) {
        if (!recording.problem.empty())
            return add("disk", Level::fail, "preflight.no_recording", {{"why", recording.problem}}, "preflight.no_recording.fix");
        if (recording.minutes_left < 0) return;
        const Args args{{"minutes", rounded(std::floor(recording.minutes_left))}, {"folder", recording.folder}};
        if (recording.minutes_left < few_minutes)
            add("disk", recording.wanted ? Level::fail : Level::warn, "preflight.disk_low", args, "preflight.disk_low.fix");
        else if (recording.minutes_left < some_minutes)
            add("disk", Level::warn, "preflight.disk_low", args, "preflight.disk_low.fix");
        else
            add("disk", Level::ok, "preflight.disk_ok", args);
    }

    void add(std::string id, Level level, std::string text, Args args, std::string fix = {}) {
        findings_.push_back({std::move(id), level, std::move(text), std::move(args), std::move(fix)});
    }

    const ShowConfig& show_;
    std::vector<Finding> findings_;
};

}  // namespace

std::string_view to_string(Finding::Level level) {
    static constexpr std::string_view names[] = {"ok", "warn", "fail"};
    return names[static_cast<std::size_t>(level)];
}

double stream_kbps(const ShowConfig& show) { return (show.program.bitrate_kbps + sound_kbps) * with_repairs; }

std::vector<Finding> preflight(const Snapshot& snapshot, const PreflightFacts& facts) {
    const ShowConfig& show = *snapshot.show;
    Flight flight(show);
    for (const CameraConfig& camera : show.cameras)
        if (const auto status = snapshot.cameras.find(camera.id); status != snapshot.cameras.end()) flight.look_at(camera, status->second);
    flight.look_at_calibrations();
    flight.look_at_sound(snapshot, facts);
    flight.look_at_machine(snapshot, facts);
    flight.look_at_network(facts);
    flight.look_at_uplink(snapshot);
    for (const ProductConfig& product : show.products) flight.look_at_target(product, snapshot.target_facts);
    for (const ProductConfig& product : show.products) flight.look_at_prices(product);
    flight.look_at_languages();
    return flight.take();
}

std::vector<Finding> preflight(const ShowConfig& show) {
    Flight flight(show);
    flight.look_at_calibrations();
    flight.look_at_network({});
    for (const ProductConfig& product : show.products) flight.look_at_prices(product);
    flight.look_at_languages();
    return flight.take();
}

std::string sentence(std::string_view key, const std::map<std::string, std::string>& args, std::string_view language) {
    const std::string& pattern = message(key, language);
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
        const std::size_t open = std::min(pattern.find('{', at), pattern.size());
        out.append(pattern, at, open - at);
        const std::size_t close = pattern.find('}', open);
        if (close == std::string::npos) {
            out.append(pattern, open);
            break;
        }
        const auto found = args.find(pattern.substr(open + 1, close - open - 1));
        out += found == args.end() ? pattern.substr(open, close - open + 1) : found->second;
        at = close + 1;
    }
    return out;
}

}  // namespace vitrine
