#pragma once
// What the panel reads from the control API, in the presenter's language. Made anew from the two JSON documents whenever one of them
// changes; nothing here is ever written back. Missing, null and wrongly typed fields read as empty: a panel of another version still shows
// what both know.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/config.h"
#include "engine/session.h"

namespace vitrine::panel {

struct CameraItem {
    std::string id, name;
    std::string kind;    ///< what its source is: "rtsp", "file", "v4l2", "sim", …; empty: not told
    std::string state;   ///< "live", "connecting", "frozen", "lost", "mask_failed"; empty: not heard from
    std::string detail;  ///< the show's own sentence
    double fps = 0;
    int width = 0, height = 0;
    std::uint64_t dropped = 0, reconnects = 0;
    std::vector<PrivacyMask> masks;
    bool well() const { return state == "live"; }
};

struct SceneItem {
    std::string id, name, layout;
    std::string chapter_name;  ///< in the show's first language, for buyers
    std::vector<std::string> cameras;
};

struct CalloutItem {
    std::string id, text;
    LocalText texts;  ///< in all languages
    std::string spec;
    std::array<double, 3> at_mm{};
    bool visible = true;
    bool dimension = false;  ///< a length, which cannot be moved
};

struct PriceItem {
    int min = 1;
    double unit = 0;
    std::string currency, group;  ///< group empty: everybody's price
};

/// A 3D model, as shown to everybody.
struct ModelItem {
    bool shown = false, x_ray = false;
    std::optional<bool> usable;  ///< nothing: still being read
    std::string variant;
    std::vector<std::string> variants;
    double explode = 0;
    std::optional<double> section;
};

struct ProductItem {
    std::string id, name;
    std::string chapter_name;  ///< in the show's first language, for buyers
    std::string price;         ///< lowest tier, "4.20 USD"; empty: none
    std::string description;
    double width_mm = 0, height_mm = 0;
    std::vector<PriceItem> prices;      ///< everybody's first, then group by group, each by quantity
    std::vector<CalloutItem> callouts;  ///< and dimensions
    int specs = 0, badges = 0;
    std::optional<ModelItem> model;

    /// Everybody's price for that quantity; null when there is none.
    const PriceItem* tier(std::int64_t quantity) const;
};

struct RundownItem {
    std::string product;
    double minutes = 0;               ///< planned; 0: not said
    std::vector<std::string> points;  ///< what to say, in the presenter's language
};

struct SoundItem {
    std::string id;
    bool muted = false;
    double gain_db = 0, peak_db = -100;
};

struct RecordingItem {
    bool wanted = false;
    std::string folder, problem;
    double running_s = 0;  ///< 0: no file is open
    std::uint64_t bytes = 0;
    double minutes_left = -1;  ///< -1: not known
};

struct SpeakerItem {
    std::string id, name;
};

struct OutputItem {
    std::string kind, name, state;
    std::uint64_t frames = 0, dropped = 0, bytes = 0;
    double bitrate_kbps = 0;
};

/// An answer at hand of the show's own.
struct TemplateItem {
    std::string id;
    LocalText text;
};

struct ChapterItem {
    int number = 0;
    std::string title;
    double at_s = 0;
};

struct ShowView {
    std::string title, buyer_url, preview_memory;
    int program_width = 16, program_height = 9;
    std::vector<SceneItem> scenes;
    std::vector<CameraItem> cameras;
    std::vector<ProductItem> products;
    std::vector<SpeakerItem> speakers;
    std::vector<RundownItem> rundown;
    std::vector<std::string> languages;  ///< buyers', the first is the fallback
    std::vector<TemplateItem> templates;
    std::int64_t starts_at_us = 0;  ///< UTC; 0: not said

    std::uint64_t version = 0;
    SessionState session = SessionState::idle;
    double live_s = 0;  ///< when the snapshot was made
    std::string scene, pinned;
    bool card = true, muted = false, badges = true, specs = false, safe = false, ticker = false;
    std::string speaker;  ///< in the lower third
    int rundown_at = -1;  ///< -1: what is pinned is not on it
    double pinned_s = 0;  ///< when the snapshot was made
    std::vector<SoundItem> sounds;
    RecordingItem recording;
    std::vector<OutputItem> outputs;
    std::vector<ChapterItem> chapters;
    std::uint64_t log = 0;  ///< number of the newest line of the show's log
    int buyers = 0;         ///< -1: not known
    double audio_peak_db = -100;

    const SceneItem* find_scene(const std::string& id) const;
    const CameraItem* find_camera(const std::string& id) const;
    const ProductItem* find_product(const std::string& id) const;
};

/// Reentrant. Either document may be null. Texts fall back to the show's first language, then to any.
ShowView read_show(const nlohmann::json* show, const nlohmann::json* snapshot, const std::string& language);
/// Reentrant. Takes away what was true a moment ago and cannot be known now that the show does not answer: cameras, buyers, outputs,
/// levels, files being written. What somebody chose stays.
void forget_standing(ShowView& view);

/// A line of the show's log.
struct LogItem {
    std::uint64_t number = 0;
    std::int64_t at_us = 0;  ///< UTC
    std::string key;         ///< "log.camera_lost"; empty: a sentence of the show's
    LocalText text, by;      ///< by: who did it; empty: it came about
};
/// Reentrant. From GET /control/log, oldest first.
std::vector<LogItem> read_log(const nlohmann::json& body);

/// Reentrant. Every text of both documents, for choosing glyphs.
std::string all_texts(const nlohmann::json& document);

}  // namespace vitrine::panel
