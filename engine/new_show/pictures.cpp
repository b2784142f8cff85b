#include "engine/new_show/pictures.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "engine/new_show/names.h"
#include "engine/preflight.h"
#include "engine/printable.h"

namespace vitrine::new_show {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_products = 500, most_entries = 10'000;

enum class Kind { picture, other_picture, folder, unnamed, nothing };

std::string ending(const fs::path& path) {
    std::string text = path.extension().string();
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

Kind kind_of(const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    if (name.empty() || name[0] == '.' || name == "__MACOSX") return Kind::nothing;  // what systems leave behind
    std::error_code error;
    const bool folder = entry.is_directory(error), file = !folder && entry.is_regular_file(error);
    const std::string end = ending(entry.path());
    const bool picture = end == ".png" || end == ".jpg" || end == ".jpeg" || end == ".jpe" || end == ".jfif";
    static const std::set<std::string> others{".webp", ".heic", ".heif", ".avif", ".gif", ".bmp", ".tif", ".tiff",
                                              ".psd",  ".ai",   ".svg",  ".raw",  ".cr2", ".nef", ".dng", ".pdf"};
    if (!folder && !(file && (picture || others.contains(end)))) return Kind::nothing;
    if (!is_utf8(name)) return Kind::unnamed;
    return folder ? Kind::folder : picture ? Kind::picture : Kind::other_picture;
}

bool is_label(const fs::path& file) {
    std::string stem = file.stem().string();
    std::transform(stem.begin(), stem.end(), stem.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return stem == "label" || stem == "target" || stem == "标签";
}

struct Entry {
    fs::path path;
    Kind kind;
};

/// What could be meant, in the order of names.
Result<std::vector<Entry>> entries(const fs::path& folder, std::string_view language) {
    std::error_code error;
    fs::directory_iterator at(folder, error), end;
    if (error)
        return fail(sentence("new.unreadable_folder", {{"folder", printable(folder.string())}, {"why", error.message()}}, language),
                    ErrorKind::bad_input);
    std::vector<Entry> out;
    for (std::size_t seen = 0; at != end; at.increment(error)) {
        if (error || ++seen > most_entries) break;
        if (const Kind kind = kind_of(*at); kind != Kind::nothing) out.push_back({at->path(), kind});
    }
    if (error)
        return fail(sentence("new.unreadable_folder", {{"folder", printable(folder.string())}, {"why", error.message()}}, language),
                    ErrorKind::bad_input);
    std::sort(out.begin(), out.end(),
              [](const Entry& a, const Entry& b) { return counts_before(a.path.filename().string(), b.path.filename().string()); });
    return out;
}

std::string quoted(const fs::path& path) { return "\"" + printable(path.filename().string(), 120) + "\""; }

void leave_out(PictureFolder& found, const Entry& entry, std::string_view language) {
    if (entry.kind == Kind::unnamed) found.left_out.push_back(sentence("new.unnamed", {{"file", quoted(entry.path)}}, language));
    if (entry.kind == Kind::other_picture)
        found.left_out.push_back(sentence("new.other_picture", {{"file", quoted(entry.path)}}, language));
}

std::optional<FoundProduct> from_folder(const fs::path& folder, PictureFolder& found, std::string_view language) {
    const auto inside = entries(folder, language);
    if (!inside) {
        found.left_out.push_back(inside.error().message);
        return std::nullopt;
    }
    FoundProduct product;
    int more = 0;
    for (const Entry& entry : *inside) {
        leave_out(found, entry, language);
        if (entry.kind != Kind::picture) continue;
        if (is_label(entry.path) && product.label.empty())
            product.label = entry.path;
        else if (product.image.empty())
            product.image = entry.path;
        else
            ++more;
    }
    if (product.image.empty()) product.image = product.label;
    if (product.label.empty()) product.label = product.image;
    if (product.image.empty()) {
        found.left_out.push_back(sentence("new.empty_folder", {{"folder", quoted(folder)}}, language));
        return std::nullopt;
    }
    if (more > 0)
        found.left_out.push_back(
            sentence(more == 1 ? "new.one_more" : "new.some_more", {{"folder", quoted(folder)}, {"n", std::to_string(more)}}, language));
    return product;
}

}  // namespace

Result<PictureFolder> products_in(const fs::path& folder, std::string_view language) {
    const auto listed = entries(folder, language);
    if (!listed) return tl::unexpected(listed.error());
    PictureFolder found;
    std::set<std::string> ids;
    for (const Entry& entry : *listed) {
        leave_out(found, entry, language);
        std::optional<FoundProduct> product;
        if (entry.kind == Kind::picture) product = FoundProduct{"", "", entry.path, entry.path};
        if (entry.kind == Kind::folder) product = from_folder(entry.path, found, language);
        if (!product) continue;
        if (found.products.size() == most_products) return fail(sentence("new.many_products", {}, language), ErrorKind::bad_input);
        const fs::path& named = entry.path;
        const std::string stem = (entry.kind == Kind::folder ? named.filename() : named.stem()).string();
        const std::string wish = id_of(stem);
        product->id = distinct_id(wish.empty() ? "product-" + std::to_string(found.products.size() + 1) : wish, ids);
        product->name = shown_name(stem);
        if (product->name.empty()) product->name = product->id;
        found.products.push_back(std::move(*product));
    }
    return found;
}

}  // namespace vitrine::new_show
