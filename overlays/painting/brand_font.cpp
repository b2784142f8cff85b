#include "overlays/painting/brand_font.h"

#include <fcntl.h>
#include <fontconfig/fontconfig.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>

#include "overlays/reading/font_reader.h"
#include "overlays/reading/refusal.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = std::size_t{32} << 20;

struct BrandFont {
    std::mutex lock;
    std::string family;
    int memory = -1;  ///< fontconfig opens it by its name under /proc while the process lives
};

std::atomic<unsigned> changes = 0;

BrandFont& brand_font() {
    static BrandFont font;
    return font;
}

/// The file's bytes in memory that nobody can change any more; −1 when they cannot be had.
int sealed_copy(const fs::path& file) {
    const int from = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (from < 0) return -1;
    int copy = ::memfd_create("brand font", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    std::array<char, 1 << 16> block;
    std::size_t total = 0;
    for (ssize_t got = 1; copy >= 0 && got > 0;) {
        got = ::read(from, block.data(), block.size());
        if (got < 0 && errno == EINTR) {
            got = 1;
            continue;
        }
        total += got > 0 ? static_cast<std::size_t>(got) : 0;
        if (got < 0 || total > most_bytes || (got > 0 && ::write(copy, block.data(), static_cast<std::size_t>(got)) != got)) {
            ::close(copy);
            copy = -1;
        }
    }
    ::close(from);
    if (copy >= 0 && ::fcntl(copy, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0) {
        ::close(copy);
        return -1;
    }
    return copy;
}

/// The family under which fontconfig knows the only font of the application.
std::string known_family() {
    const FcFontSet* fonts = FcConfigGetFonts(nullptr, FcSetApplication);
    FcChar8* family = nullptr;
    if (!fonts || fonts->nfont == 0 || FcPatternGetString(fonts->fonts[0], FC_FAMILY, 0, &family) != FcResultMatch) return {};
    std::string name(reinterpret_cast<const char*>(family));
    // In a list of families a comma ends a name.
    return name.find(',') == std::string::npos ? name : std::string();
}

}  // namespace

Result<void> use_brand_font(const fs::path& file) {
    const int copy = sealed_copy(file);
    if (copy < 0) return refuse("cannot be read", "check its permissions and its size, at most 32 MiB");
    const std::string name = "/proc/self/fd/" + std::to_string(copy);
    if (auto tried = read_font(name); !tried) {
        ::close(copy);
        return tl::unexpected(tried.error());
    }
    forget_brand_font();
    BrandFont& font = brand_font();
    const std::lock_guard guard(font.lock);
    if (FcConfigAppFontAddFile(nullptr, reinterpret_cast<const FcChar8*>(name.c_str())) == FcTrue) font.family = known_family();
    if (font.family.empty()) {
        FcConfigAppFontClear(nullptr);
        ::close(copy);
        return refuse("cannot be used: the system's font list does not take it", "give another .ttf or .otf file, or take the key out");
    }
    font.memory = copy;
    ++changes;
    return {};
}

void forget_brand_font() {
    BrandFont& font = brand_font();
    const std::lock_guard guard(font.lock);
    if (font.memory < 0) return;
    FcConfigAppFontClear(nullptr);
    ::close(font.memory);
    font.memory = -1;
    font.family.clear();
    ++changes;
}

unsigned brand_font_changes() { return changes; }

std::string brand_family() {
    BrandFont& font = brand_font();
    const std::lock_guard guard(font.lock);
    return font.family.empty() ? std::string() : font.family + ",";
}

}  // namespace vitrine
