// products/*.toml: what is sold, where its callouts sit, what it costs.

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "engine/config_sections.h"
#include "engine/config_source.h"
#include "engine/desk/money.h"

namespace vitrine::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_products = 500;
constexpr std::size_t most_entries = 200;
constexpr std::size_t most_badges = 12;
constexpr double most_mm = 10000;

// What must be distinct across the whole show, with where it was first given.
struct Taken {
    std::map<std::string, std::string> products, callouts, markers;
};

std::string place(const TableReader& table, std::string_view name) {
    const int line = table.line_of(name);
    return table.context().document.file + (line > 0 ? ":" + std::to_string(line) : "");
}

bool claim(std::map<std::string, std::string>& taken, const std::string& what, const TableReader& table, std::string_view name) {
    const auto [it, fresh] = taken.emplace(what, place(table, name));
    if (!fresh) table.wrong(name, in_quotes(what) + " is taken already, at " + it->second, "give each its own");
    return fresh;
}

std::optional<fs::path> image(TableReader& table, std::string_view name, AssetKind kind, Reading& reading, ImageSize* size = nullptr) {
    auto path = table.file(name, reading.folder);
    if (!path) return std::nullopt;
    auto judged = image_size(*path);
    if (!judged) {
        table.wrong(name, judged.error());
        return std::nullopt;
    }
    if (size) *size = *judged;
    reading.assets.push_back(named_asset(table, name, kind, *path));
    return path;
}

TargetConfig read_target(TableReader table, Reading& reading, Taken& taken) {
    TargetConfig target;
    const Range length{1, most_mm, "mm"};
    ImageSize pixels;
    target.image = image(table, "image", AssetKind::drawn_picture, reading, &pixels);
    auto size = table.number("size_mm", length);
    auto width = table.number("width_mm", length);
    auto height = table.number("height_mm", length);
    if (auto at = table.numbers("marker_at", 2, 2, {-most_mm, most_mm, "mm"})) target.marker_at = {(*at)[0], (*at)[1]};

    const auto by_model = table.boolean("model");
    target.model = by_model.value_or(false);
    const bool model_meant = table.has("model") && by_model.value_or(true);
    if (auto marker = table.string("marker")) {
        if (auto parsed = parse_marker(*marker)) {
            if (claim(taken.markers, parsed->family + ":" + std::to_string(parsed->id), table, "marker")) target.marker = *parsed;
        } else {
            table.wrong("marker", parsed.error());
        }
    }
    if (auto board = table.string("board")) {
        if (table.has("marker")) table.wrong("board", "stands beside a marker", "keep the one that is printed on the product");
        if (auto parsed = parse_marker_board(*board)) {
            bool free = true;
            for (int i = 0; free && i < parsed->count(); ++i)
                free = claim(taken.markers, parsed->family + ":" + std::to_string(parsed->first_id + i), table, "board");
            if (free) target.board = *parsed;
        } else {
            table.wrong("board", parsed.error());
        }
    }
    if (!table.has("image") && !table.has("marker") && !table.has("board")) {
        if (model_meant && by_model)
            table.wrong("model", "is not searched for: it is followed from where something else on the product is seen",
                        "add the marker or the image that is on the product");
        else if (!model_meant && table.context().document.whole)
            table.wrong("", "has neither an image nor a marker", "add image = \"images/…\" or marker = \"apriltag36h11:5\"");
    } else if (table.has("image") && !table.has("width_mm")) {
        table.missing("width_mm", "add width_mm = … as measured on the print");
    } else if (table.has("marker") && !table.has("size_mm") && !table.has("width_mm")) {
        table.missing("size_mm", "add size_mm = …, the side of the black square as measured on the print");
    }
    if (!table.has("marker"))
        for (const char* name : {"size_mm", "marker_at"})
            if (table.has(name) && !(table.has("board") && name == std::string_view("marker_at")))
                table.wrong(name, "is of no use without a marker", "add marker = \"apriltag36h11:5\" or take it out");

    target.width_mm = width.value_or(size.value_or(0));
    if (target.marker) target.marker->size_mm = size.value_or(target.width_mm);
    if (target.board && !width) target.width_mm = target.board->width_mm();
    target.height_mm = height.value_or(target.board ? target.board->height_mm() : target.width_mm);
    if (!height && target.image && pixels.width > 0) target.height_mm = target.width_mm * pixels.height / pixels.width;
    return target;
}

std::vector<Spec> read_specs(TableReader& product) {
    std::vector<Spec> specs;
    std::map<std::string, std::string> taken;
    for (auto& table : product.tables("spec", most_entries)) {
        Spec spec;
        const auto key = table.id("key");
        const auto label = table.text("label", Need::required);
        const auto value = table.string_or_number("value", Need::required);
        spec.unit = table.string("unit", Need::optional, 40).value_or("");
        if (key && !claim(taken, *key, table, "key")) continue;
        spec.key = key.value_or("");
        spec.label = label.value_or(LocalText{});
        spec.value = value.value_or("");
        specs.push_back(std::move(spec));
    }
    return specs;
}

std::vector<CalloutConfig> read_callouts(TableReader& product, const std::string& product_id, const std::vector<Spec>& specs,
                                         Taken& taken) {
    std::vector<CalloutConfig> callouts;
    std::vector<std::string> spec_keys;
    for (const auto& spec : specs)
        if (!spec.key.empty()) spec_keys.push_back(spec.key);
    auto tables = product.tables("callout", most_entries);
    if (!tables.empty() && !product.has("target"))
        product.wrong("callout", "there is nothing that the callouts could sit on", "add [target] with an image or a marker");
    for (std::size_t i = 0; i < tables.size(); ++i) {
        auto& table = tables[i];
        CalloutConfig callout;
        callout.id = product_id + "/" + std::to_string(i);
        if (auto id = table.id("id", Need::optional)) {
            callout.id = *id;
            claim(taken.callouts, *id, table, "id");
        }
        if (auto at = table.numbers("at", 2, 3, {-most_mm, most_mm, "mm"}, Need::required))
            callout.at_mm = {(*at)[0], (*at)[1], at->size() > 2 ? (*at)[2] : 0.0};
        callout.text = table.text("text", Need::required).value_or(LocalText{});
        if (auto spec = table.string("spec")) {
            callout.spec = *spec;
            const bool known = std::find(spec_keys.begin(), spec_keys.end(), *spec) != spec_keys.end();
            if (!known && table.context().document.whole)
                table.wrong("spec", "this product has no spec " + in_quotes(*spec),
                            spec_keys.empty() ? "add a [[spec]] with that key" : suggest(*spec, spec_keys));
        }
        callouts.push_back(std::move(callout));
    }
    return callouts;
}

std::array<double, 3> point_mm(TableReader& table, std::string_view name) {
    const auto at = table.numbers(name, 2, 3, {-most_mm, most_mm, "mm"}, Need::required);
    return at ? std::array{(*at)[0], (*at)[1], at->size() > 2 ? (*at)[2] : 0.0} : std::array{0.0, 0.0, 0.0};
}

std::vector<DimensionConfig> read_dimensions(TableReader& product, const std::string& product_id, Taken& taken) {
    std::vector<DimensionConfig> dimensions;
    auto tables = product.tables("dimension", most_entries);
    if (!tables.empty() && !product.has("target"))
        product.wrong("dimension", "there is nothing that the dimensions could sit on", "add [target] with an image or a marker");
    for (std::size_t i = 0; i < tables.size(); ++i) {
        auto& table = tables[i];
        DimensionConfig dimension;
        dimension.id = product_id + "/dimension-" + std::to_string(i);
        if (auto id = table.id("id", Need::optional)) {
            dimension.id = *id;
            claim(taken.callouts, *id, table, "id");
        }
        const std::size_t problems = table.context().problems.count();
        dimension.from_mm = point_mm(table, "from");
        dimension.to_mm = point_mm(table, "to");
        if (table.context().problems.count() == problems && table.has("from") && table.has("to") && dimension.length_mm() < 0.001)
            table.wrong("to", "is the same point as from", "give the other end of the length");
        dimension.offset_mm = table.number("offset", {-most_mm, most_mm, "mm"}).value_or(dimension.offset_mm);
        dimension.text = table.text("text");
        dimension.tolerance_mm = table.number("tolerance_mm", {0, most_mm, "mm", true});
        if (dimension.text && dimension.tolerance_mm)
            table.wrong("tolerance_mm", "is of no use beside a text", "write it into the text, or take the text out");
        dimensions.push_back(std::move(dimension));
    }
    return dimensions;
}

std::vector<BadgeConfig> read_badges(TableReader& product, Reading& reading) {
    static const std::vector<std::string> kinds{"certificate", "energy", "carbon"};
    std::vector<BadgeConfig> badges;
    std::map<std::string, std::string> taken;
    auto tables = product.tables("badge", most_badges);
    for (std::size_t i = 0; i < tables.size(); ++i) {
        auto& table = tables[i];
        BadgeConfig badge;
        badge.id = "badge-" + std::to_string(i);
        if (auto id = table.id("id", Need::optional)) {
            badge.id = *id;
            claim(taken, *id, table, "id");
        }
        badge.label = table.text("label");
        badge.scheme = table.string("scheme", Need::optional, 60).value_or("");
        const auto text = table.string("text", Need::optional, 24);
        badge.image = image(table, "image", AssetKind::drawn_picture, reading);
        const auto grade = table.word("grade", {"A", "B", "C", "D", "E", "F", "G"});
        const auto value = table.number("value", {0, 1e9, ""});
        const auto unit = table.string("unit", Need::optional, 40);
        const auto kind = table.word("kind", kinds);
        if (!table.has("kind")) table.missing("kind", "one of certificate, energy, carbon");
        if (kind) {
            badge.kind = *kind == "energy" ? BadgeKind::energy : *kind == "carbon" ? BadgeKind::carbon : BadgeKind::certificate;
            const auto only = [&](const char* name, BadgeKind of) {
                if (badge.kind != of && table.has(name))
                    table.wrong(name, "is of no use for the kind " + *kind,
                                "it belongs to the kind " + kinds[static_cast<std::size_t>(of)]);
            };
            only("text", BadgeKind::certificate);
            only("image", BadgeKind::certificate);
            only("grade", BadgeKind::energy);
            only("value", BadgeKind::carbon);
            only("unit", BadgeKind::carbon);
            if (badge.kind == BadgeKind::certificate && !table.has("text"))
                table.missing("text", "what the mark says, for example text = \"CE\"");
            if (badge.kind == BadgeKind::energy && !table.has("grade")) table.missing("grade", "one of A, B, C, D, E, F, G");
            if (badge.kind == BadgeKind::carbon && !table.has("value")) table.missing("value", "for example value = 8.4");
        }
        badge.text = text.value_or("");
        badge.grade = grade.value_or("A").front();
        badge.value = value.value_or(0);
        if (unit) badge.unit = *unit;
        badges.push_back(std::move(badge));
    }
    return badges;
}

std::vector<PriceTier> read_prices(TableReader& product) {
    std::vector<PriceTier> prices;
    std::map<std::string, std::string> taken;
    std::string currency;
    for (auto& table : product.tables("price", most_entries)) {
        PriceTier tier;
        tier.group = table.id("group", Need::optional).value_or("");
        if (auto min = table.integer("min", {1, 1e9, "pieces"}, Need::required)) {
            tier.min = static_cast<int>(*min);
            claim(taken, std::to_string(*min) + (tier.group.empty() ? "" : " for " + tier.group), table, "min");
        }
        tier.unit = table.number("unit", {0, 1e9, "", true}, Need::required).value_or(0);
        if (!desk::is_exact_price(tier.unit))
            table.wrong("unit", plain_number(tier.unit) + " has more than four decimals",
                        "round it: 0.0351; nothing smaller is reckoned with");
        if (auto code = table.string("currency", Need::required)) {
            const bool shape = code->size() == 3 && std::all_of(code->begin(), code->end(), [](char c) { return c >= 'A' && c <= 'Z'; });
            if (!shape) {
                table.wrong("currency", in_quotes(*code) + " is no currency code", "three capital letters as in ISO 4217: USD, EUR, CNY …");
            } else if (!currency.empty() && *code != currency) {
                table.wrong("currency", "is " + *code + ", but the tiers before are in " + currency,
                            "write all tiers of a product in one currency");
            } else {
                tier.currency = currency = *code;
            }
        }
        prices.push_back(std::move(tier));
    }
    std::stable_sort(prices.begin(), prices.end(), [](const PriceTier& a, const PriceTier& b) { return a.min < b.min; });
    return prices;
}

std::vector<MetricConfig> read_metrics(TableReader& product) {
    std::vector<MetricConfig> metrics;
    std::map<std::string, std::string> taken;
    for (auto& table : product.tables("metric", most_entries)) {
        MetricConfig metric;
        if (auto topic = table.string("topic", Need::required, 256)) {
            metric.topic = *topic;
            if (topic->find_first_of("+#") != std::string::npos) {
                table.wrong("topic", in_quotes(*topic) + " holds a wildcard", "name one topic, without + and #");
            } else {
                claim(taken, *topic, table, "topic");
            }
        }
        metric.label = table.text("label", Need::required).value_or(LocalText{});
        metric.unit = table.string("unit", Need::optional, 40).value_or("");
        metric.period_s = table.number("period", {0, 86400, "s", true}).value_or(1);
        metrics.push_back(std::move(metric));
    }
    return metrics;
}

void read_model(TableReader& table, Reading& reading, ProductConfig& product) {
    if (auto model = table.file("model", reading.folder)) {
        if (auto judged = judge_model(*model)) {
            product.model = *model;
            reading.assets.push_back(named_asset(table, "model", AssetKind::model, *model));
        } else {
            table.wrong("model", judged.error());
        }
    }
    if (product.target && product.target->model && !table.has("model"))
        table.wrong("target", "is followed by its model, but the product has none", "add model = \"models/….glb\"");
    if (product.target) product.model_at_mm = {product.target->width_mm / 2, product.target->height_mm / 2, 0};
    if (auto at = table.numbers("model_at", 2, 3, {-most_mm, most_mm, "mm"}))
        product.model_at_mm = {(*at)[0], (*at)[1], at->size() > 2 ? (*at)[2] : 0.0};
    if (auto turn = table.numbers("model_turn", 3, 3, {-360, 360, "degrees"}))
        product.model_turn_deg = {(*turn)[0], (*turn)[1], (*turn)[2]};
    product.model_scale = table.number("model_scale", {0.001, 1000, ""}).value_or(1);
    if (!table.has("model"))
        for (const char* name : {"model_at", "model_turn", "model_scale"})
            if (table.has(name)) table.wrong(name, "is of no use without a model", "add model = \"models/….glb\" or take it out");
}

void read_trade_terms(TableReader& table, ProductConfig& product) {
    product.lead_time = table.text("lead_time");
    if (auto code = table.string("hs_code")) {
        const auto digits = std::count_if(code->begin(), code->end(), [](char c) { return c >= '0' && c <= '9'; });
        const bool shape = code->find_first_not_of("0123456789.") == std::string::npos && digits >= 6 && digits <= 12 &&
                           code->front() != '.' && code->back() != '.' && code->find("..") == std::string::npos;
        if (shape) {
            product.hs_code = *code;
        } else {
            table.wrong("hs_code", in_quotes(*code) + " is no tariff number", "6 to 12 digits, for example \"9405.11\"");
        }
    }
    if (auto term = table.string("incoterm")) {
        static const std::vector<std::string> rules{"EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"};
        const std::string rule = term->substr(0, term->find(' '));
        if (std::find(rules.begin(), rules.end(), rule) != rules.end()) {
            product.incoterm = *term;
        } else {
            table.wrong("incoterm", in_quotes(rule) + " is no rule of Incoterms 2020", suggest(rule, rules));
        }
    }
}

std::optional<PackingConfig> read_packing(TableReader& product) {
    auto table = product.table("packing");
    if (!table) return std::nullopt;
    PackingConfig packing;
    packing.pieces = static_cast<int>(table->integer("pieces", {1, 1e6, "pieces"}, Need::required).value_or(1));
    if (auto carton = table->numbers("carton", 3, 3, {1, most_mm, "mm"})) packing.carton_mm = {(*carton)[0], (*carton)[1], (*carton)[2]};
    packing.gross_kg = table->number("gross_kg", {0, 1e5, "kg", true}).value_or(0);
    packing.net_kg = table->number("net_kg", {0, 1e5, "kg", true}).value_or(0);
    if (packing.gross_kg > 0 && packing.net_kg > packing.gross_kg)
        table->wrong("net_kg", "is more than gross_kg", "the goods weigh less than the carton with them");
    packing.note = table->text("note");
    return packing;
}

std::optional<ProductConfig> read_product(const fs::path& path, const std::string& name, Reading& reading, Taken& taken) {
    auto document = read_toml(path, name, reading.budget, reading.problems);
    if (!document) return std::nullopt;
    reading.texts[path] = document->text;
    TableReader table({*document, reading.problems, reading.language}, document->root, "", "product");
    ProductConfig product;
    product.file = path;
    if (auto id = table.id("id")) {
        product.id = *id;
        claim(taken.products, *id, table, "id");
    }
    product.name = table.text("name", Need::required).value_or(LocalText{});
    product.description = table.text("description");
    product.image = image(table, "image", AssetKind::served_picture, reading);
    read_trade_terms(table, product);
    product.moq_negotiable = table.boolean("moq_negotiable").value_or(true);
    if (auto certificates = table.strings("certificates", 1, 20, true))
        for (const auto& item : certificates->good) product.certificates.push_back(item.value);
    product.packing = read_packing(table);
    if (auto target = table.table("target")) product.target = read_target(*target, reading, taken);
    read_model(table, reading, product);
    product.specs = read_specs(table);
    product.callouts = read_callouts(table, product.id, product.specs, taken);
    product.dimensions = read_dimensions(table, product.id, taken);
    product.badges = read_badges(table, reading);
    product.prices = read_prices(table);
    product.metrics = read_metrics(table);
    return product;
}

// Names of products/*.toml in order, whatever kind of file they are.
std::vector<std::string> product_files(Reading& reading) {
    const fs::path folder = reading.folder.root() / "products";
    std::vector<std::string> names;
    std::error_code ec;
    const auto status = fs::status(folder, ec);
    if (status.type() == fs::file_type::not_found) return names;  // a show may have no products yet
    if (ec || !fs::is_directory(status)) {
        reading.problems.add("products", 0, "", ec ? "cannot be opened: " + ec.message() : "is not a folder",
                             "make it a folder with one TOML file per product");
        return names;
    }
    fs::directory_iterator it(folder, ec);
    for (; !ec && it != fs::directory_iterator(); it.increment(ec)) {
        const std::string name = it->path().filename().string();
        if (name.starts_with('.') || it->path().extension() != ".toml") continue;
        names.push_back(name);
        if (names.size() > most_products) {
            reading.problems.add("products", 0, "", "holds more than " + std::to_string(most_products) + " products", "split the show");
            return {};
        }
    }
    if (ec) reading.problems.add("products", 0, "", "cannot be read: " + ec.message(), "check its permissions");
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

std::vector<ProductConfig> read_products(Reading& reading) {
    std::vector<ProductConfig> products;
    Taken taken;
    for (const auto& name : product_files(reading)) {
        const std::string shown = "products/" + name;
        // A link may not lead out of the show folder; other faults are named by read_toml.
        if (auto path = reading.folder.file(shown); !path && path.error().what.find("leads out") != std::string::npos) {
            reading.problems.add(shown, 0, "", "is a link that leads out of the show folder", "copy the file into the show folder");
            continue;
        }
        if (auto product = read_product(reading.folder.root() / "products" / name, shown, reading, taken))
            products.push_back(std::move(*product));
    }
    return products;
}

}  // namespace vitrine::config
