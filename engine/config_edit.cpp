#include "engine/config_edit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/config_reader.h"
#include "engine/printable.h"

namespace vitrine {
namespace {

constexpr double most_mm = 10000;
constexpr std::size_t most_callouts = 200, most_masks = 16, longest_text = 2000;

tl::unexpected<Error> refuse(std::string sentence) { return fail(std::move(sentence), ErrorKind::bad_input); }

std::string in_quotes(const std::string& id) { return "\"" + printable(id, 60) + "\""; }

std::string numbered(const ProductConfig& product, std::size_t index) { return product.id + "/" + std::to_string(index); }

bool taken(const ShowConfig& show, const std::string& id) {
    const auto is = [&](const auto& element) { return element.id == id; };
    return std::any_of(show.products.begin(), show.products.end(), [&](const ProductConfig& product) {
        return std::any_of(product.callouts.begin(), product.callouts.end(), is) ||
               std::any_of(product.dimensions.begin(), product.dimensions.end(), is);
    });
}

Result<void> judge(const std::array<double, 3>& at) {
    if (std::all_of(at.begin(), at.end(), [](double v) { return v >= -most_mm && v <= most_mm; })) return {};
    return refuse("a callout lies within 10000 mm of the product's corner");
}

Result<void> judge(const LocalText& text) {
    if (text.by_language.empty()) return refuse("a callout says something: give a text in at least one language");
    for (const auto& [language, words] : text.by_language) {
        if (const auto tag = config::judge_language(language); !tag)
            return refuse("the language " + in_quotes(language) + " " + tag.error().what + " – " + tag.error().hint);
        if (words.empty() || words.size() > longest_text) return refuse("a callout's text has 1 to 2000 bytes in each language");
    }
    return {};
}

Result<void> judge_spec(const ProductConfig& product, const std::string& spec) {
    const auto is = [&](const Spec& s) { return s.key == spec; };
    if (spec.empty() || std::any_of(product.specs.begin(), product.specs.end(), is)) return {};
    return refuse("the product " + in_quotes(product.id) + " has no spec " + in_quotes(spec));
}

Result<void> judge(const PrivacyMask& mask) {
    const auto& p = mask.polygon;
    if (p.size() < 3 || p.size() > 64) return refuse("a mask has 3 to 64 corners, this one has " + std::to_string(p.size()));
    for (const auto& [x, y] : p)
        if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return refuse("a mask's corners lie from 0 to 1 of the picture's width and height");
    if (!config::has_area(mask)) return refuse("a mask covers something: its corners must not lie on one line");
    return {};
}

}  // namespace

Result<ShowConfigPtr> with_masks(const ShowConfig& show, const std::string& camera, std::vector<PrivacyMask> masks) {
    if (masks.size() > most_masks) return refuse("a camera has at most 16 masks");
    for (const PrivacyMask& mask : masks)
        if (auto judged = judge(mask); !judged) return tl::unexpected(judged.error());
    auto next = std::make_shared<ShowConfig>(show);
    const auto found = std::find_if(next->cameras.begin(), next->cameras.end(), [&](const CameraConfig& c) { return c.id == camera; });
    if (found == next->cameras.end()) return refuse("there is no camera " + in_quotes(camera));
    found->masks = std::move(masks);
    return next;
}

std::optional<CalloutPlace> find_callout(const ShowConfig& show, const std::string& id) {
    for (std::size_t p = 0; p < show.products.size(); ++p)
        for (std::size_t c = 0; c < show.products[p].callouts.size(); ++c)
            if (show.products[p].callouts[c].id == id) return CalloutPlace{p, c};
    return std::nullopt;
}

Result<ShowConfigPtr> with_callout_at(const ShowConfig& show, const std::string& callout, const std::array<double, 3>& at_mm) {
    if (auto judged = judge(at_mm); !judged) return tl::unexpected(judged.error());
    const auto place = find_callout(show, callout);
    if (!place) return refuse("no product has a callout " + in_quotes(callout));
    auto next = std::make_shared<ShowConfig>(show);
    next->products[place->product].callouts[place->callout].at_mm = at_mm;
    return next;
}

Result<PutResult> with_callout(const ShowConfig& show, const PutCallout& put) {
    const auto product = std::find_if(show.products.begin(), show.products.end(), [&](const auto& p) { return p.id == put.product; });
    if (product == show.products.end()) return refuse("there is no product " + in_quotes(put.product));
    if (put.at_mm)
        if (auto judged = judge(*put.at_mm); !judged) return tl::unexpected(judged.error());
    if (put.text)
        if (auto judged = judge(*put.text); !judged) return tl::unexpected(judged.error());
    if (put.spec)
        if (auto judged = judge_spec(*product, *put.spec); !judged) return tl::unexpected(judged.error());

    auto next = std::make_shared<ShowConfig>(show);
    PutResult result{next, {static_cast<std::size_t>(product - show.products.begin()), product->callouts.size()}, true};
    ProductConfig& changed = next->products[result.place.product];
    if (const auto there = put.id.empty() ? std::nullopt : find_callout(show, put.id)) {
        if (there->product != result.place.product)
            return refuse("the callout " + in_quotes(put.id) + " belongs to the product " + in_quotes(show.products[there->product].id));
        result.place = *there;
        result.fresh = false;
    } else {
        if (!put.at_mm || !put.text) return refuse("a new callout needs \"at\" and \"text\"");
        if (!product->target) return refuse("the product " + in_quotes(product->id) + " has no target that a callout could sit on");
        if (product->callouts.size() >= most_callouts) return refuse("a product has at most 200 callouts");
        if (!put.id.empty()) {
            if (const std::string why = config::id_fault(put.id); !why.empty()) return refuse("the id " + in_quotes(put.id) + " " + why);
            if (taken(show, put.id)) return refuse("the id " + in_quotes(put.id) + " is taken already");
        }
        changed.callouts.push_back({put.id.empty() ? numbered(*product, product->callouts.size()) : put.id, {}, {}, {}});
    }
    CalloutConfig& callout = changed.callouts[result.place.callout];
    if (put.at_mm) callout.at_mm = *put.at_mm;
    if (put.text) callout.text = *put.text;
    if (put.spec) callout.spec = *put.spec;
    return result;
}

Result<RemoveResult> without_callout(const ShowConfig& show, const std::string& callout) {
    const auto place = find_callout(show, callout);
    if (!place) return refuse("no product has a callout " + in_quotes(callout));
    auto next = std::make_shared<ShowConfig>(show);
    RemoveResult result{next, *place, {}};
    ProductConfig& product = next->products[place->product];
    for (std::size_t i = place->callout + 1; i < product.callouts.size(); ++i) {
        // An id that somebody gave has no slash.
        if (product.callouts[i].id != numbered(product, i)) continue;
        result.renamed[product.callouts[i].id] = numbered(product, i - 1);
        product.callouts[i].id = numbered(product, i - 1);
    }
    product.callouts.erase(product.callouts.begin() + static_cast<std::ptrdiff_t>(place->callout));
    return result;
}

}  // namespace vitrine
