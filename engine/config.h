#pragma once
// The show folder, read and judged completely before anything opens. load_show never throws and never stops at the first
// problem: it returns either a show or every problem it found. Paths in the result are absolute and exist.

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace vitrine {

/// One text in several languages; keys are BCP 47 primary tags ("en", "zh"). Never empty.
struct LocalText {
    std::map<std::string, std::string> by_language;
    /// The text in `language`, else in `fallback`, else in English, else any.
    const std::string& in(const std::string& language, const std::string& fallback = "en") const;
    bool operator==(const LocalText&) const = default;
};

enum class MaskFill { solid, mosaic, blur };
std::string_view to_string(MaskFill);
std::optional<MaskFill> mask_fill_named(std::string_view name);

struct PrivacyMask {
    std::vector<std::array<float, 2>> polygon;  ///< normalised camera coordinates, 3 to 64 corners
    MaskFill fill = MaskFill::solid;
    bool operator==(const PrivacyMask&) const = default;
};

/// Where a camera's or microphone's data comes from. `scheme` is one of sim, file, rtsp, rtsps, v4l2, srt for cameras and
/// none, default, sim, camera, alsa, pulse, pipewire, file for sounds.
struct SourceSpec {
    std::string scheme;
    std::string rest;  ///< what follows the colon; for rtsp and srt the whole URL; for file an absolute path
    std::string text() const;
    bool operator==(const SourceSpec&) const = default;
};

/// Pinhole camera with OpenCV's distortion model (k1 k2 p1 p2 k3), for pictures of width × height px.
struct Calibration {
    int width = 0, height = 0;
    double fx = 0, fy = 0, cx = 0, cy = 0;
    std::array<double, 5> distortion{};
    double rms_px = 0;
    bool operator==(const Calibration&) const = default;
};

struct CameraConfig {
    std::string id;
    LocalText name;
    SourceSpec source;
    std::vector<PrivacyMask> masks;
    std::optional<Calibration> calibration;
    bool loop = true;     ///< file: only
    int latency_ms = 60;  ///< rtsp and srt: jitter buffer
    bool operator==(const CameraConfig&) const = default;
};

enum class Layout { full, pip, side_by_side, grid };

struct SceneConfig {
    std::string id;
    LocalText name;
    Layout layout = Layout::full;
    std::vector<std::string> cameras;
    bool operator==(const SceneConfig&) const = default;
};

struct ProgramConfig {
    int width = 1280, height = 720;
    int fps = 30;
    int bitrate_kbps = 2500;
    bool frame_code = false;  ///< draw the frame number into the picture (tests)
    bool operator==(const ProgramConfig&) const = default;
};

struct AudioConfig {
    std::vector<SourceSpec> sources;  ///< empty: silence
    int delay_ms = 20;                ///< holds sound back to meet the picture; 0 … 500
    bool operator==(const AudioConfig&) const = default;
};

struct TlsConfig {
    std::filesystem::path certificate, key;
    bool operator==(const TlsConfig&) const = default;
};

/// A service that translates what buyers write (LibreTranslate's protocol).
struct TranslationConfig {
    std::string url;  ///< without a slash at the end
    std::optional<std::filesystem::path> key_file;
};

struct BrandConfig {
    LocalText factory;
    std::optional<std::filesystem::path> logo;
    std::optional<std::filesystem::path> font;  ///< for text in the picture, before the look's families
    std::string accent = "#3BA7A0";
    bool operator==(const BrandConfig&) const = default;
};

struct MarkerTarget {
    std::string family;  ///< apriltag36h11, apriltag25h9, apriltag16h5, aruco4x4_50 …
    int id = 0;
    double size_mm = 0;
    bool operator==(const MarkerTarget&) const = default;
};

/// Markers of one family printed in rows on one flat sheet, numbered row by row from `first_id`.
struct MarkerBoard {
    std::string family;
    int columns = 0, rows = 0;
    double size_mm = 0, gap_mm = 0;  ///< side of a black square; white between two of them
    int first_id = 0;
    int count() const { return columns * rows; }
    double width_mm() const { return columns * (size_mm + gap_mm) - gap_mm; }
    double height_mm() const { return rows * (size_mm + gap_mm) - gap_mm; }
    bool operator==(const MarkerBoard&) const = default;
};

struct TargetConfig {
    std::optional<std::filesystem::path> image;
    std::optional<MarkerTarget> marker;
    std::optional<MarkerBoard> board;  ///< never together with `marker`
    bool model = false;                ///< followed by the edges of the product's model, as model_at lays it on the target
    double width_mm = 0;               ///< of the image, or of the marker's black square, or of the board, or of the model's front
    double height_mm = 0;              ///< from the image's aspect
    /// mm, position of the marker's or board's top left corner in the target's frame; callouts count from the target's frame.
    std::array<double, 2> marker_at{0, 0};
    bool operator==(const TargetConfig&) const = default;
};

struct Spec {
    std::string key;
    LocalText label;
    std::string value;  ///< as written; numbers keep their digits
    std::string unit;
    bool operator==(const Spec&) const = default;
};

struct CalloutConfig {
    std::string id;  ///< "<product>/<index>" unless given
    std::array<double, 3> at_mm{};
    LocalText text;
    std::string spec;  ///< key of a spec shown with it; may be empty
    bool operator==(const CalloutConfig&) const = default;
};

/// A length shown on the product as in a drawing: extension lines, a line with arrows, the length.
struct DimensionConfig {
    std::string id;  ///< "<product>/dimension-<index>" unless given; distinct from callouts' ids
    std::array<double, 3> from_mm{}, to_mm{};
    /// How far the line stands off the two points, in the target's plane: to the left of the way from -> to as the camera sees it, so
    /// outwards when the points go clockwise round the product; along x when they differ in z only. Negative: to the other side.
    double offset_mm = 10;
    std::optional<LocalText> text;  ///< in place of the length
    std::optional<double> tolerance_mm;
    double length_mm() const;
    /// Where the dimension line itself runs: from_mm and to_mm moved by offset_mm.
    std::array<std::array<double, 3>, 2> line_mm() const;
    /// Decimals of the length: what it needs, at most one; with a tolerance what that needs, at most three. Both numbers get as many.
    int decimals() const;
    bool operator==(const DimensionConfig&) const = default;
};

enum class BadgeKind { certificate, energy, carbon };

struct BadgeConfig {
    std::string id;  ///< distinct in the product; "badge-<index>" unless given
    BadgeKind kind = BadgeKind::certificate;
    std::string text;                            ///< certificate: "CE", "IP65"
    std::optional<std::filesystem::path> image;  ///< certificate: its mark, drawn in place of the text
    char grade = 'A';                            ///< energy: A to G
    double value = 0;                            ///< carbon
    std::string unit = "kg CO₂e";                ///< carbon
    std::optional<LocalText> label;              ///< a few words; for energy and carbon in place of the painter's own
    std::string scheme;                          ///< by which rule it was found: "EU 2019/2015", "ISO 14067"
    bool operator==(const BadgeConfig&) const = default;
};

struct PriceTier {
    int min = 1;
    double unit = 0;
    std::string currency;
    std::string group;  ///< whose price it is; empty: everybody's. A group with tiers of its own sees no others
    bool operator==(const PriceTier&) const = default;
};

struct MetricConfig {
    std::string topic;
    LocalText label;
    std::string unit;
    double period_s = 1;
    bool operator==(const MetricConfig&) const = default;
};

/// How a product is packed for export.
struct PackingConfig {
    int pieces = 1;                     ///< per carton
    std::array<double, 3> carton_mm{};  ///< outside: length, width, height
    double gross_kg = 0, net_kg = 0;    ///< of a full carton; 0: not said
    std::optional<LocalText> note;      ///< "in foam, drop tested"
    bool operator==(const PackingConfig&) const = default;
};

struct ProductConfig {
    std::string id;
    LocalText name;
    std::optional<LocalText> description;
    std::optional<std::filesystem::path> model, image;
    std::array<double, 3> model_at_mm{};     ///< where the model's origin lies in the target's frame; z towards the camera
    std::array<double, 3> model_turn_deg{};  ///< about the model's own x, then y, then z axis
    double model_scale = 1;
    std::optional<TargetConfig> target;
    std::vector<Spec> specs;
    std::vector<CalloutConfig> callouts;
    std::vector<DimensionConfig> dimensions;
    std::vector<BadgeConfig> badges;
    std::vector<PriceTier> prices;  ///< ascending by min
    std::vector<MetricConfig> metrics;
    std::optional<LocalText> lead_time;
    std::string hs_code, incoterm;
    bool moq_negotiable = true;  ///< a quote may be asked for below the first tier
    std::vector<std::string> certificates;
    std::optional<PackingConfig> packing;
    std::filesystem::path file;
    bool operator==(const ProductConfig&) const = default;
};

/// Who speaks in the show, for the lower third.
struct SpeakerConfig {
    std::string id;
    LocalText name;
    std::optional<LocalText> role;
    std::string language;  ///< BCP 47 primary tag of what they speak; empty: not said
    bool operator==(const SpeakerConfig&) const = default;
};

/// A receiver of the show's events (pipelines/deliver/webhooks).
struct WebhookConfig {
    std::string id;   ///< of its lines in the outbox; "hook-<index>" unless given
    std::string url;  ///< https, or http to this machine
    /// Of the secret that signs, and while it is being changed the one before. Read when the show starts, never kept here.
    std::vector<std::filesystem::path> secret_files;
    std::vector<std::string> events;  ///< "quote.requested", "quote.*"; empty: all
    bool wants(std::string_view event) const;
};

enum class ChatMode { open, moderated, off };
/// Of a buyer's name to other buyers: nothing, its first word (desk/shown_name.h), all of it.
enum class NamesShown { none, first, full };

/// What buyers may do, how many there may be, how long it is kept.
struct DeskConfig {
    ChatMode chat = ChatMode::open;
    NamesShown names = NamesShown::first;
    int max_people = 2000;  ///< here at once; who has a personal link comes in on top
    int keep_days = 365;
    int invite_days = 7;  ///< an invite's life when it says nothing itself
};

/// Exchange rates for showing prices in a buyer's currency, beside the price that holds.
struct RatesConfig {
    std::string date, base;               ///< ISO 8601; ISO 4217
    std::map<std::string, double> rates;  ///< one unit of base in that currency
};

/// An answer at hand, in the show's languages.
struct TemplateConfig {
    std::string id;
    LocalText text;
};
/// One stop of the planned way through the show.
struct RundownEntry {
    std::string product;
    double minutes = 0;               ///< planned; 0: not said
    std::optional<LocalText> points;  ///< what to say, one point a line; for the presenter only
    bool operator==(const RundownEntry&) const = default;
};

/// The files that a show was read from, as they were read: what is written back later is an edit of exactly this.
using ShowTexts = std::map<std::filesystem::path, std::shared_ptr<const std::string>>;

struct ShowConfig {
    std::filesystem::path folder;
    LocalText title;
    std::vector<std::string> languages{"en"};  ///< first is the fallback
    std::string listen_address = "127.0.0.1";
    int listen_port = 8080;
    bool behind_proxy = false;
    std::filesystem::path recordings;  ///< no key: where they go when nobody names a folder; empty: "recordings" in the show's folder
    bool start_live = false;           ///< [show] start = "live"
    std::string public_url;            ///< origin that links name, "https://show.example.com"; empty: the listener's own
    std::int64_t starts_at_us = 0;     ///< UTC; when the show is to begin; 0: not said
    std::optional<TranslationConfig> translation;
    std::optional<TlsConfig> tls;
    BrandConfig brand;
    ProgramConfig program;
    AudioConfig audio;
    std::vector<CameraConfig> cameras;
    std::vector<SceneConfig> scenes;
    std::vector<SpeakerConfig> speakers;
    std::vector<ProductConfig> products;
    std::vector<RundownEntry> rundown;  ///< the products in their order unless given
    bool has_rundown = false;           ///< given
    std::vector<std::string> stun_servers;
    std::vector<WebhookConfig> webhooks;
    int offer_days = 30;  ///< how long the factory's word in a quote holds
    DeskConfig desk;
    std::optional<RatesConfig> rates;
    std::vector<TemplateConfig> templates;
    ShowTexts texts;

    const CameraConfig* camera(const std::string& id) const;
    const SceneConfig* scene(const std::string& id) const;
    const SpeakerConfig* speaker(const std::string& id) const;
    const ProductConfig* product(const std::string& id) const;
};

struct Problem {
    std::string file;  ///< relative to the show folder
    int line = 0;      ///< 1-based; 0 when the file as a whole is meant
    std::string key;   ///< "camera[1].source"; empty when none
    std::string what;  ///< what is wrong
    std::string hint;  ///< what would be right
    /// "show.toml:12: camera[1].source: … – …"
    std::string text() const;
};

enum class AssetKind {
    model,
    drawn_picture,   ///< decoded by the show: a target, a logo, a mark
    served_picture,  ///< handed to browsers as it is: a product card's
    font,
};

/// A file of the folder of which load_show has read no more than the start. What reads it whole judges it (overlays/reading/assets.h).
struct NamedAsset {
    AssetKind kind = AssetKind::model;
    std::filesystem::path path;
    std::string file;  ///< where it is named, as in Problem
    int line = 0;
    std::string key;
};

struct LoadedShow {
    std::optional<ShowConfig> show;  ///< absent when there is any problem
    std::vector<Problem> problems;   ///< in order of file and line
    std::vector<NamedAsset> assets;  ///< all that could be found, whether there is a show or not
};

/// Reads `folder`/show.toml and products/*.toml. Opens no device and no network connection.
LoadedShow load_show(const std::filesystem::path& folder);

/// Every key that load_show reads, "camera[].source" style, with unit, range, default and a sentence: what the documentation
/// table is checked against.
struct ConfigKey {
    std::string key, type, range, default_value, meaning;
};
const std::vector<ConfigKey>& config_keys();

/// Reentrant. The cameras that can see a target but have no calibration, simulated ones aside: heights and models are estimates there.
std::vector<const CameraConfig*> uncalibrated_cameras(const ShowConfig& show);

/// A wrong command-line override ("--listen", "--port") judged by the same rules as the file. Empty when it is fine.
std::vector<Problem> judge_listen(const ShowConfig& show);

}  // namespace vitrine
