#include "tools/new_show_folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "engine/barrier.h"
#include "engine/new_show/names.h"
#include "engine/new_show/show_text.h"
#include "engine/picture_metadata.h"
#include "engine/preflight.h"
#include "engine/printable.h"
#include "engine/private_files.h"
#include "overlays/reading/assets.h"
#include "overlays/reading/picture_reader.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_readers = 4;

/// What is wrong with each picture; nothing when it can be shown.
std::map<fs::path, std::string> faults_of(const std::set<fs::path>& pictures) {
    const std::vector<fs::path> all(pictures.begin(), pictures.end());
    std::vector<std::string> faults(all.size());
    std::atomic<std::size_t> next{0};
    const auto read = [&] {
        for (std::size_t i = next++; i < all.size(); i = next++)
            if (!barrier::run("picture", [&] {
                    if (const auto picture = read_picture(all[i]); !picture) faults[i] = picture.error().message;
                }))
                faults[i] = "it cannot be read: this machine is short of memory";
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < std::min(most_readers, all.size()); ++i)
        threads.push_back(barrier::thread("pictures", read, barrier::AfterThrow::end));
    read();
    for (std::thread& thread : threads) thread.join();
    std::map<fs::path, std::string> out;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (!faults[i].empty()) out[all[i]] = faults[i];
    return out;
}

/// Says why something is not done, in one language.
struct Teller {
    std::string_view language;
    std::string say(const char* key, const std::map<std::string, std::string>& args = {}) const {
        return sentence(std::string("new.") + key, args, language);
    }
    tl::unexpected<Error> no(const char* key, const std::map<std::string, std::string>& args = {},
                             ErrorKind kind = ErrorKind::bad_input) const {
        return fail(say(key, args), kind);
    }
};

std::string quoted(const fs::path& file) { return "\"" + printable(file.filename().string(), 120) + "\""; }

/// A folder beside the one that is wanted; gone with the object unless it was put in its place.
class Workshop {
  public:
    static Result<Workshop> beside(const fs::path& wanted, const Teller& teller) {
        std::string name = (wanted.parent_path() / ("." + wanted.filename().string().substr(0, 100) + ".new-XXXXXX")).string();
        if (!mkdtemp(name.data()))
            return teller.no("no_place", {{"folder", printable(wanted.parent_path().string())}, {"why", std::strerror(errno)}},
                             ErrorKind::failed);
        return Workshop(name, teller);
    }
    Workshop(Workshop&& other) noexcept : folder_(std::exchange(other.folder_, {})), teller_(other.teller_) {}
    Workshop& operator=(Workshop&&) = delete;
    ~Workshop() {
        std::error_code error;
        if (!folder_.empty()) fs::remove_all(folder_, error);
    }
    const fs::path& folder() const { return folder_; }

    Result<void> write(const std::string& name, const std::string& bytes) const {
        const fs::path path = folder_ / name;
        if (auto made = make_private_folder(path.parent_path()); !made) return made;
        const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        bool good = file >= 0;
        for (std::size_t at = 0; good && at < bytes.size();) {
            const ssize_t count = ::write(file, bytes.data() + at, bytes.size() - at);
            if (count < 0 && errno == EINTR) continue;
            good = count > 0;
            at += good ? static_cast<std::size_t>(count) : 0;
        }
        good = good && fsync(file) == 0;
        const int why = errno;
        if (file >= 0) close(file);
        if (!good) return teller_.no("not_written", {{"why", std::strerror(why)}}, why == ENOSPC ? ErrorKind::no_space : ErrorKind::failed);
        return {};
    }

    /// Never over anything that is there.
    Result<void> put(const fs::path& wanted) {
        int failed = renameat2(AT_FDCWD, folder_.c_str(), AT_FDCWD, wanted.c_str(), RENAME_NOREPLACE);
        if (failed && (errno == EINVAL || errno == ENOSYS)) {  // a file system without it
            std::error_code error;
            if (fs::exists(fs::symlink_status(wanted, error)))
                errno = EEXIST;
            else
                failed = rename(folder_.c_str(), wanted.c_str());
        }
        if (failed && errno == EEXIST) return taken(wanted, teller_);
        if (failed) return teller_.no("not_placed", {{"why", std::strerror(errno)}}, ErrorKind::failed);
        folder_.clear();
        return {};
    }

    static tl::unexpected<Error> taken(const fs::path& wanted, const Teller& teller) {
        return teller.no("taken", {{"folder", printable(wanted.string())}});
    }
    const Teller& teller() const { return teller_; }

  private:
    Workshop(fs::path folder, const Teller& teller) : folder_(std::move(folder)), teller_(teller) {}
    fs::path folder_;
    Teller teller_;
};

Result<std::string> bytes_of(const fs::path& file, const Teller& teller) {
    std::ifstream in(file, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), {});
    if (!in.good() && !in.eof()) return teller.no("unreadable_file", {{"file", quoted(file)}}, ErrorKind::failed);
    return bytes;
}

/// Copies a picture under a name of the show's own; that name.
Result<std::string> take_in(const Workshop& workshop, const fs::path& picture, const std::string& stem) {
    auto bytes = bytes_of(picture, workshop.teller());
    if (!bytes) return tl::unexpected(bytes.error());
    // A show's folder is passed around: what a phone wrote into its photos stays where they are.
    const auto plain = without_metadata(*bytes);
    if (!plain) return workshop.teller().no("not_whole", {{"file", quoted(picture)}});
    const std::string name = "images/" + stem + (plain->starts_with("\x89PNG") ? ".png" : ".jpg");
    if (auto written = workshop.write(name, *plain); !written) return tl::unexpected(written.error());
    return name;
}

}  // namespace

Result<new_show::PictureFolder> readable_products(const fs::path& folder, std::string_view language) {
    auto found = new_show::products_in(folder, language);
    if (!found) return found;
    std::set<fs::path> pictures;
    for (const auto& product : found->products) pictures.insert({product.image, product.label});
    const auto faults = faults_of(pictures);
    const auto leave_out = [&](const fs::path& picture, const std::string& fault) {
        found->left_out.push_back(Teller{language}.say("bad_picture", {{"file", quoted(picture)}, {"why", fault}}));
    };
    std::erase_if(found->products, [&](new_show::FoundProduct& product) {
        // One good picture is enough for both.
        if (const auto fault = faults.find(product.image); fault != faults.end()) {
            leave_out(product.image, fault->second);
            product.image = product.image == product.label ? fs::path() : product.label;
        }
        if (const auto fault = faults.find(product.label); fault != faults.end()) {
            if (!product.image.empty()) leave_out(product.label, fault->second);
            product.label = product.image == product.label ? fs::path() : product.image;
            if (product.image.empty() || faults.contains(product.image)) return true;
        }
        return product.image.empty();
    });
    return found;
}

Result<NewShowMade> make_show_folder(const new_show::Answers& answers, const fs::path& folder, std::string_view language) {
    const Teller teller{language};
    std::error_code error;
    fs::path wanted = fs::absolute(folder, error).lexically_normal();
    if (wanted.filename().empty()) wanted = wanted.parent_path();
    if (!is_utf8(wanted.string()) || printable(wanted.filename().string(), 300) != wanted.filename().string())
        return teller.no("bad_folder_name");
    if (fs::exists(fs::symlink_status(wanted, error))) return Workshop::taken(wanted, teller);
    if (!fs::is_directory(wanted.parent_path(), error))
        return teller.no("no_parent", {{"folder", printable(wanted.parent_path().string())}});

    NewShowMade made;
    made.folder = wanted;
    std::vector<new_show::FoundProduct> products;
    if (!answers.pictures.empty()) {
        auto found = readable_products(answers.pictures, language);
        if (!found) return tl::unexpected(found.error());
        products = std::move(found->products);
        made.left_out = std::move(found->left_out);
        if (products.empty())
            return fail(teller.say("no_pictures", {{"folder", printable(answers.pictures.string())}}) +
                            (made.left_out.empty() ? "" : " " + made.left_out.front()),
                        ErrorKind::bad_input);
    }
    for (const auto& [id, tiers] : answers.prices)
        if (std::none_of(products.begin(), products.end(), [&](const auto& product) { return product.id == id; }))
            return products.empty() ? teller.no("price_of_nothing", {{"product", printable(id, 64)}})
                                    : teller.no("price_of_other", {{"product", printable(id, 64)}, {"first", products.front().id}});
    if (!answers.logo.empty())
        if (const auto logo = read_picture(answers.logo); !logo)
            return teller.no("bad_logo", {{"file", quoted(answers.logo)}, {"why", logo.error().message}});

    auto workshop = Workshop::beside(wanted, teller);
    if (!workshop) return tl::unexpected(workshop.error());
    std::string logo;
    std::set<std::string> names;
    if (!answers.logo.empty()) {
        auto name = take_in(*workshop, answers.logo, new_show::distinct_id("logo", names));
        if (!name) return tl::unexpected(name.error());
        logo = *name;
    }
    std::vector<new_show::PlacedProduct> placed;
    for (const auto& product : products) {
        auto image = take_in(*workshop, product.image, new_show::distinct_id(product.id, names));
        if (!image) return tl::unexpected(image.error());
        auto label =
            product.label == product.image ? image : take_in(*workshop, product.label, new_show::distinct_id(product.id + "-label", names));
        if (!label) return tl::unexpected(label.error());
        placed.push_back({product.id, product.name, *image, *label});
    }
    for (const auto& [name, text] : new_show::show_files(answers, placed, logo)) {
        if (auto written = workshop->write(name, text); !written) return tl::unexpected(written.error());
    }

    LoadedShow loaded = load_show(workshop->folder());
    if (loaded.problems.empty()) loaded.problems = judge_assets(loaded.assets);
    if (!loaded.problems.empty()) return teller.no("not_valid", {{"why", loaded.problems.front().text()}});
    made.cameras = loaded.show->cameras.size();
    made.products = loaded.show->products.size();
    if (auto put = workshop->put(wanted); !put) return tl::unexpected(put.error());
    return made;
}

}  // namespace vitrine
