// show.toml, and load_show itself: read everything, judge everything, then say yes or name every problem.

#include <algorithm>
#include <set>
#include <sstream>

#include "engine/config_sections.h"
#include "engine/config_source.h"

namespace vitrine::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_cameras = 16;
constexpr std::size_t most_scenes = 64;
constexpr std::size_t most_masks = 16;
constexpr std::size_t most_languages = 16;
constexpr std::size_t most_sounds = 8;
constexpr std::size_t most_speakers = 64;
constexpr std::size_t most_stops = 200;

// True when `id` is new; else says where it was first.
bool claim(std::map<std::string, int>& taken, const std::string& id, const TableReader& table, std::string_view name) {
    const auto [it, fresh] = taken.emplace(id, table.line_of(name));
    if (!fresh) table.wrong(name, in_quotes(id) + " is taken already, in line " + std::to_string(it->second), "give each its own");
    return fresh;
}

LocalText text_of(const std::string& language, const std::string& text) { return LocalText{{{language, text}}}; }

class ShowReader {
  public:
    ShowReader(Reading& reading, const TomlDocument& document) : reading_(reading), document_(document) {}

    ShowConfig read() {
        show_.folder = reading_.folder.root();
        // The first language names what plain strings are written in, so it comes before any text.
        if (const auto first = document_.root["show"]["languages"][0].value<std::string>(); first && judge_language(*first))
            reading_.language = *first;
        TableReader root({document_, reading_.problems, reading_.language}, document_.root, "", "");
        if (auto table = root.table("show")) {
            read_languages(*table);
            read_listen(*table, root.has("tls"));
            show_.title = table->text("title", Need::required).value_or(LocalText{});
            show_.start_live = table->word("start", {"ready", "live"}).value_or("ready") == "live";
            read_stun(*table);
            show_.offer_days = static_cast<int>(table->integer("offer_days", {1, 365, "days"}).value_or(show_.offer_days));
            if (auto url = table->string("public_url")) take(*table, "public_url", parse_service(*url, true), show_.public_url);
            if (auto at = moment(*table, "starts_at")) take(*table, "starts_at", parse_moment(*at), show_.starts_at_us);
        } else if (!root.has("show")) {
            root.missing("show", "add [show] with title = { en = \"…\" }");
        }
        if (auto table = root.table("tls")) read_tls(*table);
        if (auto table = root.table("translation")) read_translation(*table);
        show_.brand.factory = show_.title;
        if (auto table = root.table("brand")) read_brand(*table);
        if (auto table = root.table("program")) read_program(*table);
        read_cameras(root);
        read_scenes(root);
        read_speakers(root);
        read_rundown(root);
        if (auto table = root.table("audio")) read_audio(*table);
        show_.webhooks = read_webhooks(root, reading_.folder);
        if (auto table = root.table("desk")) show_.desk = read_desk(*table);
        if (auto table = root.table("rates")) show_.rates = read_rates(*table);
        show_.templates = read_templates(root);
        return std::move(show_);
    }

    /// The last part of reading: what show.toml says of the products, once they are known.
    void judge_rundown(ShowConfig& show) const {
        std::vector<std::string> ids;
        for (const ProductConfig& product : show.products) ids.push_back(product.id);
        for (const auto& stop : stops_)
            if (std::find(ids.begin(), ids.end(), stop.value) == ids.end())
                reading_.problems.add(document_.file, stop.line, stop.key, "there is no product " + in_quotes(stop.value),
                                      ids.empty() ? "add it in products/" : suggest(stop.value, ids));
        if (!show.has_rundown)
            for (const std::string& id : ids) show.rundown.push_back({id, 0, std::nullopt});
    }

  private:
    template <class Value>
    static void take(TableReader& table, std::string_view name, Judged<Value> judged, Value& to) {
        if (judged) {
            to = std::move(*judged);
        } else {
            table.wrong(name, judged.error());
        }
    }

    /// A string, or TOML's own date and time with an offset.
    static std::optional<std::string> moment(TableReader& table, std::string_view name) {
        const toml::node* node = table.node(name);
        if (!node || !node->is_date_time()) return table.string(name);
        std::ostringstream text;
        text << *node->as_date_time();
        return text.str();
    }

    void read_translation(TableReader& table) {
        TranslationConfig translation;
        if (auto url = table.string("url", Need::required)) take(table, "url", parse_service(*url, false), translation.url);
        if (auto key = table.file("key_file", reading_.folder)) {
            std::error_code error;
            const auto others = fs::perms::group_all | fs::perms::others_all;
            if (fs::file_size(*key, error) > 200 || error) {
                table.wrong("key_file", "is longer than 200 bytes", "put the key alone into it, in one line");
            } else if ((fs::status(*key, error).permissions() & others) != fs::perms::none) {
                table.wrong("key_file", "can be read by others on this machine", "chmod 600 " + key->filename().string());
            }
            translation.key_file = *key;
        }
        show_.translation = std::move(translation);
    }

    void read_languages(TableReader& table) {
        auto items = table.strings("languages", 1, most_languages, false);
        if (!items) return;
        std::vector<std::string> languages;
        for (const auto& item : items->good) {
            if (auto tag = judge_language(item.value); !tag) {
                table.wrong_at(item.line, item.key, tag.error().what, tag.error().hint);
            } else if (std::find(languages.begin(), languages.end(), item.value) != languages.end()) {
                table.wrong_at(item.line, item.key, in_quotes(item.value) + " is listed twice", "name each language once");
            } else {
                languages.push_back(item.value);
            }
        }
        if (!languages.empty()) show_.languages = languages;
    }

    void read_stun(TableReader& table) {
        auto items = table.strings("stun", 1, 8, true);
        if (!items) return;
        for (const auto& item : items->good) {
            if (auto server = parse_stun(item.value)) {
                show_.stun_servers.push_back(*server);
            } else {
                table.wrong_at(item.line, item.key, server.error().what, server.error().hint);
            }
        }
    }

    void read_listen(TableReader& table, bool tls) {
        show_.behind_proxy = table.boolean("behind_proxy").value_or(false);
        const auto value = table.string("listen");
        if (!value) return;
        auto parsed = parse_listen(*value);
        if (!parsed) return table.wrong("listen", parsed.error());
        if (auto open = judge_open_address(parsed->address, tls, show_.behind_proxy); !open && document_.whole)
            table.wrong("listen", open.error());
        show_.listen_address = parsed->address;
        show_.listen_port = parsed->port;
    }

    void read_tls(TableReader& table) {
        auto pem = [&](std::string_view name, const std::string& label) -> std::optional<fs::path> {
            auto path = table.file(name, reading_.folder, Need::required);
            if (!path) return std::nullopt;
            if (auto judged = judge_pem(*path, label); !judged) {
                table.wrong(name, judged.error());
                return std::nullopt;
            }
            return path;
        };
        auto certificate = pem("certificate", "CERTIFICATE");
        auto key = pem("key", "PRIVATE KEY");
        if (certificate && key) show_.tls = TlsConfig{*certificate, *key};
    }

    void read_brand(TableReader& table) {
        if (auto factory = table.text("factory")) show_.brand.factory = *factory;
        if (auto logo = table.file("logo", reading_.folder)) {
            if (auto size = image_size(*logo)) {
                show_.brand.logo = *logo;
                reading_.assets.push_back(named_asset(table, "logo", AssetKind::drawn_picture, *logo));
            } else {
                table.wrong("logo", size.error());
            }
        }
        if (auto font = table.file("font", reading_.folder)) {
            if (auto judged = judge_font(*font)) {
                show_.brand.font = *font;
                reading_.assets.push_back(named_asset(table, "font", AssetKind::font, *font));
            } else {
                table.wrong("font", judged.error());
            }
        }
        if (auto accent = table.string("accent")) {
            const bool shape = accent->size() == 7 && accent->front() == '#' &&
                               accent->find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
            if (shape) {
                show_.brand.accent = *accent;
            } else {
                table.wrong("accent", in_quotes(*accent) + " is no colour", "# and six hexadecimal digits, for example \"#3BA7A0\"");
            }
        }
    }

    void read_program(TableReader& table) {
        auto& program = show_.program;
        if (auto size = table.numbers("size", 2, 2, {1, 1e6, "px"})) {
            const double width = (*size)[0], height = (*size)[1];
            auto even = [](double n) { return n == static_cast<int>(n) && static_cast<int>(n) % 2 == 0; };
            if (width < 160 || width > 3840 || height < 90 || height > 2160 || !even(width) || !even(height)) {
                table.wrong("size", "is " + plain_number(width) + " × " + plain_number(height),
                            "even numbers from 160 × 90 to 3840 × 2160, for example [1280, 720]");
            } else {
                program.width = static_cast<int>(width);
                program.height = static_cast<int>(height);
            }
        }
        program.fps = static_cast<int>(table.integer("fps", {1, 60, "frames/s"}).value_or(program.fps));
        program.bitrate_kbps = static_cast<int>(table.integer("bitrate_kbps", {100, 50000, "kbit/s"}).value_or(program.bitrate_kbps));
        program.frame_code = table.boolean("frame_code").value_or(false);
    }

    std::vector<PrivacyMask> read_masks(TableReader& camera) {
        std::vector<PrivacyMask> masks;
        for (auto& table : camera.tables("masks", most_masks)) {
            PrivacyMask mask;
            if (auto corners = table.points("polygon", 3, 64, 2, {0, 1, ""}))
                for (const auto& c : *corners) mask.polygon.push_back({static_cast<float>(c[0]), static_cast<float>(c[1])});
            if (mask.polygon.size() >= 3 && !has_area(mask))
                table.wrong("polygon", "covers nothing: its corners lie on one line", "give corners around an area");
            const auto fill = table.word("fill", {"solid", "mosaic", "blur"}).value_or("solid");
            mask.fill = mask_fill_named(fill).value_or(MaskFill::solid);
            masks.push_back(std::move(mask));
        }
        return masks;
    }

    void read_cameras(TableReader& root) {
        auto tables = root.tables("camera", most_cameras);
        if (!root.has("camera")) root.missing("camera", "add [[camera]] with an id and a source, for example \"sim:line\"");
        cameras_known_ = document_.whole;
        std::map<std::string, int> taken;
        for (auto& table : tables) {
            CameraConfig camera;
            if (auto id = table.id("id")) {
                claim(taken, *id, table, "id");
                camera.id = *id;
                camera_ids_.push_back(*id);
            } else {
                cameras_known_ = false;  // a scene may mean this one
            }
            camera.name = table.text("name").value_or(text_of(reading_.language, camera.id));
            if (auto source = table.string("source", Need::required, 2000)) {
                if (auto parsed = parse_camera_source(*source, reading_.folder)) {
                    camera.source = *parsed;
                } else {
                    table.wrong("source", parsed.error());
                }
            }
            camera.masks = read_masks(table);
            camera.calibration = calibration(table);
            camera.loop = table.boolean("loop").value_or(true);
            camera.latency_ms = static_cast<int>(table.integer("latency_ms", {0, 5000, "ms"}).value_or(camera.latency_ms));
            show_.cameras.push_back(std::move(camera));
        }
        if (root.has("camera") && tables.empty()) {
            cameras_known_ = false;
            if (const auto* list = root.node("camera")->as_array(); list && list->empty())
                root.wrong("camera", "is an empty list", "a show needs at least one camera");
        }
    }

    std::optional<Calibration> calibration(TableReader& table) {
        const auto path = table.file("calibration", reading_.folder);
        if (!path) return std::nullopt;
        // Cameras of one make may share a file: its problems are named once.
        if (const auto it = calibrations_.find(*path); it != calibrations_.end()) return it->second;
        const std::string name = *table.string("calibration", Need::optional, 4000);
        return calibrations_[*path] = read_calibration(*path, name, reading_);
    }

    void read_scenes(TableReader& root) {
        std::map<std::string, int> taken;
        for (auto& table : root.tables("scene", most_scenes)) {
            SceneConfig scene;
            if (auto id = table.id("id")) {
                claim(taken, *id, table, "id");
                scene.id = *id;
            }
            scene.name = table.text("name").value_or(text_of(reading_.language, scene.id));
            const auto layout = table.word("layout", {"full", "pip", "side-by-side", "grid"});
            const bool layout_known = layout || !table.has("layout");
            scene.layout = layout == "pip"            ? Layout::pip
                           : layout == "side-by-side" ? Layout::side_by_side
                           : layout == "grid"         ? Layout::grid
                                                      : Layout::full;
            if (auto cameras = table.strings("cameras", 1, most_cameras, false, Need::required)) {
                judge_scene_cameras(table, cameras->good);
                for (const auto& item : cameras->good) scene.cameras.push_back(item.value);
                if (layout_known) judge_count(table, scene.layout, layout.value_or("full"), cameras->given);
            }
            show_.scenes.push_back(std::move(scene));
        }
        if (!root.has("scene"))
            for (const auto& camera : show_.cameras) show_.scenes.push_back({camera.id, camera.name, Layout::full, {camera.id}});
    }

    void read_speakers(TableReader& root) {
        std::map<std::string, int> taken;
        for (auto& table : root.tables("speaker", most_speakers)) {
            SpeakerConfig speaker;
            if (auto id = table.id("id")) {
                claim(taken, *id, table, "id");
                speaker.id = *id;
            }
            speaker.name = table.text("name", Need::required).value_or(LocalText{});
            speaker.role = table.text("role");
            if (auto language = table.string("language")) {
                if (auto tag = judge_language(*language)) {
                    speaker.language = *language;
                } else {
                    table.wrong("language", tag.error());
                }
            }
            show_.speakers.push_back(std::move(speaker));
        }
    }

    /// Whether the products are there is judged once they have been read.
    void read_rundown(TableReader& root) {
        show_.has_rundown = root.has("rundown");
        for (auto& table : root.tables("rundown", most_stops)) {
            RundownEntry entry;
            if (auto product = table.string("product", Need::required)) {
                entry.product = *product;
                stops_.push_back({*product, table.key_of("product"), table.line_of("product")});
            }
            entry.minutes = table.number("minutes", {0, 600, "min"}).value_or(0);
            entry.points = table.text("points");
            show_.rundown.push_back(std::move(entry));
        }
    }

    void judge_scene_cameras(TableReader& table, const std::vector<TableReader::Item>& cameras) {
        std::set<std::string> seen;
        for (const auto& item : cameras) {
            if (!seen.insert(item.value).second) {
                table.wrong_at(item.line, item.key, in_quotes(item.value) + " is in the scene twice", "name each camera once");
            } else if (cameras_known_ && std::find(camera_ids_.begin(), camera_ids_.end(), item.value) == camera_ids_.end()) {
                table.wrong_at(item.line, item.key, "there is no camera " + in_quotes(item.value), suggest(item.value, camera_ids_));
            }
        }
    }

    static void judge_count(TableReader& table, Layout layout, const std::string& name, std::size_t count) {
        const std::size_t least = layout == Layout::full ? 1 : 2;
        const std::size_t most = layout == Layout::full ? 1 : layout == Layout::grid ? 9 : 2;
        if (count >= least && count <= most) return;
        const std::string wanted = least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most);
        table.wrong("cameras", "has " + std::to_string(count) + ", but the layout " + name + " takes " + wanted,
                    "name " + wanted + " or choose another layout");
    }

    void read_audio(TableReader& table) {
        show_.audio.delay_ms = static_cast<int>(table.integer("delay_ms", {0, 500, "ms"}).value_or(show_.audio.delay_ms));
        auto items = table.strings("source", 0, most_sounds, true);
        if (!items) return;
        std::set<std::string> seen;
        for (const auto& item : items->good) {
            auto parsed = parse_sound_source(item.value, reading_.folder);
            if (!parsed) {
                table.wrong_at(item.line, item.key, parsed.error().what, parsed.error().hint);
            } else if (parsed->scheme == "none") {
                if (items->given > 1) table.wrong_at(item.line, item.key, "\"none\" stands among other sources", "take it out");
            } else if (!seen.insert(item.value).second) {
                table.wrong_at(item.line, item.key, in_quotes(item.value) + " is listed twice", "name each source once");
            } else if (parsed->scheme == "camera" && cameras_known_ &&
                       std::find(camera_ids_.begin(), camera_ids_.end(), parsed->rest) == camera_ids_.end()) {
                table.wrong_at(item.line, item.key, "there is no camera " + in_quotes(parsed->rest), suggest(parsed->rest, camera_ids_));
            } else {
                show_.audio.sources.push_back(*parsed);
            }
        }
    }

    Reading& reading_;
    const TomlDocument& document_;
    ShowConfig show_;
    std::vector<std::string> camera_ids_;
    std::vector<TableReader::Item> stops_;
    bool cameras_known_ = true;  // false: a scene's camera may be one that could not be read
    std::map<fs::path, std::optional<Calibration>> calibrations_;
};

std::optional<fs::path> show_root(const fs::path& folder, Problems& problems) {
    std::error_code ec;
    const fs::path root = fs::canonical(folder, ec);
    const std::string shown = in_quotes(folder.string());
    if (ec == std::errc::too_many_symbolic_link_levels) {
        problems.add("", 0, "", "the show folder " + shown + " is a link that leads in a circle", "give the folder itself");
    } else if (ec) {
        problems.add("", 0, "", "there is no show folder " + shown, "give the folder that holds show.toml");
    } else if (!fs::is_directory(root, ec)) {
        const bool is_show = root.filename() == "show.toml";
        problems.add("", 0, "", shown + " is not a folder",
                     is_show ? "give the folder that holds it" : "give the folder that holds show.toml");
    } else {
        return root;
    }
    return std::nullopt;
}

// Everything in the folder; absent when show.toml could not be read at all.
std::optional<ShowConfig> read_show(const fs::path& folder, Problems& problems, std::vector<NamedAsset>& assets) {
    const auto root = show_root(folder, problems);
    if (!root) return std::nullopt;
    const ShowFolder show_folder(*root);
    Reading reading{show_folder, problems, {}, "en", {}, {}};
    auto document = read_toml(*root / "show.toml", "show.toml", reading.budget, problems);
    std::optional<ShowConfig> show;
    std::optional<ShowReader> reader;
    if (document) {
        reading.texts[*root / "show.toml"] = document->text;
        show = reader.emplace(reading, *document).read();
    }
    auto products = read_products(reading);
    if (show) {
        show->products = std::move(products);
        if (problems.count() == 0) reader->judge_rundown(*show);
        show->texts = std::move(reading.texts);
    }
    assets = std::move(reading.assets);
    return show;
}

}  // namespace
}  // namespace vitrine::config

namespace vitrine {

LoadedShow load_show(const std::filesystem::path& folder) {
    LoadedShow loaded;
    config::Problems problems;
    try {
        loaded.show = config::read_show(folder, problems, loaded.assets);
    } catch (const std::exception& error) {
        problems.add("", 0, "", std::string("the show folder cannot be read: ") + error.what(), "check the folder");
    }
    loaded.problems = problems.take();
    if (!loaded.problems.empty()) loaded.show.reset();
    return loaded;
}

}  // namespace vitrine
