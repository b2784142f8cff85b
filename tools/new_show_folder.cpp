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

#include "engine/new_show/names.h"
#include "engine/new_show/show_text.h"
#include "engine/printable.h"
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
            if (const auto picture = read_picture(all[i]); !picture) faults[i] = picture.error().message;
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < std::min(most_readers, all.size()); ++i) threads.emplace_back(read);
    read();
    for (std::thread& thread : threads) thread.join();
    std::map<fs::path, std::string> out;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (!faults[i].empty()) out[all[i]] = faults[i];
    return out;
}

/// A folder beside the one that is wanted; gone with the object unless it was put in its place.
class Workshop {
  public:
    static Result<Workshop> beside(const fs::path& wanted) {
        std::string name = (wanted.parent_path() / ("." + wanted.filename().string().substr(0, 100) + ".new-XXXXXX")).string();
        if (!mkdtemp(name.data()))
            return fail("Nothing can be written into " + printable(wanted.parent_path().string()) + ": " + std::strerror(errno) + ".");
        return Workshop(name);
    }
    Workshop(Workshop&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
    Workshop& operator=(Workshop&&) = delete;
    ~Workshop() {
        std::error_code error;
        if (!folder_.empty()) fs::remove_all(folder_, error);
    }
    const fs::path& folder() const { return folder_; }

    Result<void> write(const std::string& name, const std::string& bytes, mode_t mode) const {
        const fs::path path = folder_ / name;
        std::error_code error;
        fs::create_directories(path.parent_path(), error);
        const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
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
        if (!good)
            return fail("The new show could not be written: " + std::string(std::strerror(why)) + ".",
                        why == ENOSPC ? ErrorKind::no_space : ErrorKind::failed);
        return {};
    }

    /// Never over anything that is there.
    Result<void> put(const fs::path& wanted) {
        if (chmod(folder_.c_str(), 0755) != 0) return fail("The rights of the new folder could not be set.");
        int failed = renameat2(AT_FDCWD, folder_.c_str(), AT_FDCWD, wanted.c_str(), RENAME_NOREPLACE);
        if (failed && (errno == EINVAL || errno == ENOSYS)) {  // a file system without it
            std::error_code error;
            if (fs::exists(fs::symlink_status(wanted, error)))
                errno = EEXIST;
            else
                failed = rename(folder_.c_str(), wanted.c_str());
        }
        if (failed && errno == EEXIST) return taken(wanted);
        if (failed) return fail("The new show could not be put in its place: " + std::string(std::strerror(errno)) + ".");
        folder_.clear();
        return {};
    }

    static tl::unexpected<Error> taken(const fs::path& wanted) {
        return fail(printable(wanted.string()) + " is there already. Nothing was changed; choose another name.", ErrorKind::bad_input);
    }

  private:
    explicit Workshop(fs::path folder) : folder_(std::move(folder)) {}
    fs::path folder_;
};

Result<std::string> bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), {});
    if (!in.good() && !in.eof()) return fail("\"" + printable(file.string()) + "\" cannot be read.");
    return bytes;
}

/// Copies a picture under a name of the show's own; that name.
Result<std::string> take_in(const Workshop& workshop, const fs::path& picture, const std::string& stem) {
    auto bytes = bytes_of(picture);
    if (!bytes) return tl::unexpected(bytes.error());
    const std::string name = "images/" + stem + (bytes->starts_with("\x89PNG") ? ".png" : ".jpg");
    if (auto written = workshop.write(name, *bytes, 0644); !written) return tl::unexpected(written.error());
    return name;
}

}  // namespace

Result<new_show::PictureFolder> readable_products(const fs::path& folder) {
    auto found = new_show::products_in(folder);
    if (!found) return found;
    std::set<fs::path> pictures;
    for (const auto& product : found->products) pictures.insert({product.image, product.label});
    const auto faults = faults_of(pictures);
    const auto leave_out = [&](const fs::path& picture, const std::string& fault) {
        found->left_out.push_back("\"" + printable(picture.filename().string(), 120) + "\" is left out: it " + fault + ".");
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

Result<NewShowMade> make_show_folder(const new_show::Answers& answers, const fs::path& folder) {
    std::error_code error;
    fs::path wanted = fs::absolute(folder, error).lexically_normal();
    if (wanted.filename().empty()) wanted = wanted.parent_path();
    if (!new_show::is_utf8(wanted.string()) || printable(wanted.filename().string(), 300) != wanted.filename().string())
        return fail("The folder's name holds characters that cannot be shown; choose another one.", ErrorKind::bad_input);
    if (fs::exists(fs::symlink_status(wanted, error))) return Workshop::taken(wanted);
    if (!fs::is_directory(wanted.parent_path(), error))
        return fail("There is no folder " + printable(wanted.parent_path().string()) + " to make the show in.", ErrorKind::bad_input);

    NewShowMade made;
    made.folder = wanted;
    std::vector<new_show::FoundProduct> products;
    if (!answers.pictures.empty()) {
        auto found = readable_products(answers.pictures);
        if (!found) return tl::unexpected(found.error());
        products = std::move(found->products);
        made.left_out = std::move(found->left_out);
        if (products.empty())
            return fail("In " + printable(answers.pictures.string()) + " there is no PNG or JPEG that can be used." +
                            (made.left_out.empty() ? "" : " " + made.left_out.front()),
                        ErrorKind::bad_input);
    }
    for (const auto& [id, tiers] : answers.prices)
        if (std::none_of(products.begin(), products.end(), [&](const auto& product) { return product.id == id; }))
            return fail("There are prices for \"" + printable(id, 64) + "\", but no such product" +
                            (products.empty() ? "." : "; the first one is \"" + products.front().id + "\"."),
                        ErrorKind::bad_input);
    if (!answers.logo.empty())
        if (const auto logo = read_picture(answers.logo); !logo)
            return fail("The logo \"" + printable(answers.logo.filename().string(), 120) + "\" " + logo.error().message + ".",
                        ErrorKind::bad_input);

    auto workshop = Workshop::beside(wanted);
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
        const bool secret = name == "show.toml" && new_show::has_secret(answers);
        if (auto written = workshop->write(name, text, secret ? 0600 : 0644); !written) return tl::unexpected(written.error());
    }

    LoadedShow loaded = load_show(workshop->folder());
    if (loaded.problems.empty()) loaded.problems = judge_assets(loaded.assets);
    if (!loaded.problems.empty())
        return fail("The show would not be valid, so nothing was made: " + loaded.problems.front().text(), ErrorKind::bad_input);
    made.cameras = loaded.show->cameras.size();
    made.products = loaded.show->products.size();
    if (auto put = workshop->put(wanted); !put) return tl::unexpected(put.error());
    return made;
}

}  // namespace vitrine
