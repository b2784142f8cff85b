#include "engine/preview.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <new>
#include <string_view>
#include <utility>

#include "engine/clock.h"
#include "engine/scene_frame.h"

// A torn picture is noticed, never shown, and without undefined behaviour: pixels are copied as relaxed 64-bit atomic words with
// acquire (reader) and release (writer) order, framed by a counter that is odd while a picture is being written. A reader that saw
// any word of a newer picture also sees the newer counter afterwards (H.-J. Boehm, "Can seqlocks get along with programming
// language memory models?", MSPC 2012, the variant without fences).

namespace vitrine {
namespace {

constexpr std::uint64_t magic = 0x5649545250525631;  // "VITRPRV1"
constexpr std::uint32_t layout_version = 2;
constexpr std::string_view name_prefix = "/vitrine-";
constexpr std::size_t name_bytes = 64;
constexpr unsigned pictures_per_slot = 3;
constexpr Nanoseconds reader_life = 2'000'000'000;

using Word = std::atomic<std::uint64_t>;
static_assert(Word::is_always_lock_free && sizeof(Word) == 8, "words are shared between processes");

constexpr std::size_t luma_stride = preview_max_width / sizeof(Word);        // words
constexpr std::size_t chroma_stride = preview_max_width / 2 / sizeof(Word);  // words
constexpr std::size_t luma_words = luma_stride * preview_max_height;
constexpr std::size_t chroma_words = chroma_stride * (preview_max_height / 2);
constexpr std::size_t scene_words = scene_frame_limit / sizeof(Word);
static_assert(scene_frame_limit % 64 == 0);
static_assert(preview_max_width % 16 == 0 && preview_max_height % 2 == 0);

struct Picture {
    Word stamp;  ///< odd while being written
    Word sequence;
    Word size;  ///< width << 32 | height
    Word scene_bytes;
    Word unused[4];
    Word scene[scene_words];
    Word pixels[luma_words + 2 * chroma_words];
};

struct Slot {
    Word newest;  ///< 1 + index of the newest picture, 0 before the first
    Word unused[7];
    Picture pictures[pictures_per_slot];
};

struct Header {
    std::uint64_t magic;
    std::uint32_t layout, slots;
    std::uint64_t bytes;
    Word seen;  ///< monotonic ns of the last touch()
    char names[preview_max_slots][name_bytes];
    std::uint64_t unused[4];
};
static_assert(sizeof(Header) % 64 == 0 && sizeof(Slot) % 64 == 0);

std::size_t region_size(std::size_t slots) { return sizeof(Header) + slots * sizeof(Slot); }

Header& header_of(void* memory) { return *static_cast<Header*>(memory); }
Slot& slot_of(void* memory, std::size_t slot) { return *reinterpret_cast<Slot*>(static_cast<std::uint8_t*>(memory) + region_size(slot)); }

struct Descriptor {
    explicit Descriptor(int fd) : number(fd) {}
    ~Descriptor() {
        if (number >= 0) close(number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int release() { return std::exchange(number, -1); }

    int number;
};

std::string reason() { return std::strerror(errno); }

std::string random_name() {
    std::array<std::uint8_t, 16> random{};
    if (getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) return {};
    std::string name(name_prefix);
    for (const std::uint8_t byte : random) {
        name += "0123456789abcdef"[byte >> 4];
        name += "0123456789abcdef"[byte & 15];
    }
    return name;
}

/// The lock says that the show behind a region lives; the kernel gives it back however the show ends. False when another process had it or
/// removed the region meanwhile.
bool lock_as_owner(int fd) {
    struct stat status {};
    return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &status) == 0 && status.st_nlink > 0;
}

/// Regions of shows that were killed: nobody else would ever remove them.
void remove_orphans() {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/dev/shm", error)) {
        const std::string name = "/" + entry.path().filename().string();
        if (!name.starts_with(name_prefix)) continue;
        const Descriptor fd(shm_open(name.c_str(), O_RDWR, 0));
        if (fd.number >= 0 && lock_as_owner(fd.number)) shm_unlink(name.c_str());
    }
}

/// Means of `step` neighbours of a row of column sums, `step` rows each. Known steps are constants, so that the compiler makes
/// vector code of them; other ones divide.
template <int Step>
void shrink_row(const std::uint16_t* columns, int step, std::uint8_t* row, int width) {
    const int n = Step > 0 ? Step : step;
    const auto area = static_cast<std::uint32_t>(n * n);
    for (int x = 0; x < width; ++x) {
        std::uint32_t sum = area / 2;
        for (int i = 0; i < n; ++i) sum += columns[x * n + i];
        row[x] = static_cast<std::uint8_t>(sum / area);
    }
}

void sum_rows(const std::uint8_t* first, int stride, int step, std::uint16_t* columns, std::size_t count) {
    std::fill_n(columns, count, std::uint16_t{0});
    for (int line = 0; line < step; ++line) {
        const std::uint8_t* pixels = first + static_cast<std::ptrdiff_t>(line) * stride;
        for (std::size_t x = 0; x < count; ++x) columns[x] = static_cast<std::uint16_t>(columns[x] + pixels[x]);
    }
}

/// Rows of one plane, `step` × `step` pixels of `from` to one of `to`.
void shrink_plane(const std::uint8_t* from, int from_stride, int step, Word* to, std::size_t to_stride, int width, int height) {
    std::array<std::uint8_t, preview_max_width> row{};
    std::vector<std::uint16_t> columns(static_cast<std::size_t>(width) * static_cast<std::size_t>(step));
    for (int y = 0; y < height; ++y) {
        const std::uint8_t* first = from + static_cast<std::ptrdiff_t>(y) * step * from_stride;
        if (step == 1) {
            std::memcpy(row.data(), first, static_cast<std::size_t>(width));
        } else {
            sum_rows(first, from_stride, step, columns.data(), columns.size());
            switch (step) {
                case 2:
                    shrink_row<2>(columns.data(), step, row.data(), width);
                    break;
                case 3:
                    shrink_row<3>(columns.data(), step, row.data(), width);
                    break;
                case 4:
                    shrink_row<4>(columns.data(), step, row.data(), width);
                    break;
                case 6:
                    shrink_row<6>(columns.data(), step, row.data(), width);
                    break;
                default:
                    shrink_row<0>(columns.data(), step, row.data(), width);
                    break;
            }
        }
        Word* words = to + static_cast<std::size_t>(y) * to_stride;
        for (int x = 0; x < width; x += static_cast<int>(sizeof(Word))) {
            std::uint64_t word = 0;
            std::memcpy(&word, row.data() + x, sizeof word);
            words[x / static_cast<int>(sizeof(Word))].store(word, std::memory_order_release);
        }
    }
}

void read_plane(const Word* from, std::size_t from_stride, std::uint8_t* to, int to_stride, int width, int height) {
    for (int y = 0; y < height; ++y) {
        const Word* words = from + static_cast<std::size_t>(y) * from_stride;
        std::uint8_t* row = to + static_cast<std::ptrdiff_t>(y) * to_stride;
        for (int x = 0; x < width; x += static_cast<int>(sizeof(Word))) {
            const std::uint64_t word = words[x / static_cast<int>(sizeof(Word))].load(std::memory_order_acquire);
            std::memcpy(row + x, &word, std::min(sizeof word, static_cast<std::size_t>(width - x)));
        }
    }
}

}  // namespace

Result<std::unique_ptr<PreviewWriter>> PreviewWriter::create(const std::vector<std::string>& slots) {
    if (slots.empty() || slots.size() > preview_max_slots) {
        return fail("previews have 1 to " + std::to_string(preview_max_slots) + " slots, not " + std::to_string(slots.size()),
                    ErrorKind::bad_input);
    }
    for (const std::string& slot : slots) {
        if (slot.empty() || slot.size() >= name_bytes || slot.find('\0') != std::string::npos) {
            return fail("a preview slot's name has 1 to " + std::to_string(name_bytes - 1) + " bytes: \"" + slot + "\"",
                        ErrorKind::bad_input);
        }
    }
    remove_orphans();
    std::unique_ptr<PreviewWriter> writer(new PreviewWriter);
    for (int attempt = 0; writer->lock_ < 0; ++attempt) {
        const std::string name = random_name();
        if (name.empty()) return fail("no random bytes for the preview's name: " + reason());
        Descriptor fd(shm_open(name.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600));
        if (fd.number < 0) return fail("shared memory for previews cannot be made: " + reason() + "; is /dev/shm mounted?");
        if (lock_as_owner(fd.number)) {
            writer->name_ = name;  // from here on the destructor unlinks
            writer->lock_ = fd.release();
        } else if (attempt == 4) {  // each time another show took the new region for an orphan
            return fail("shared memory for previews cannot be locked: " + reason());
        }
    }
    writer->size_ = region_size(slots.size());
    writer->slots_ = slots;
    writer->next_.assign(slots.size(), 0);
    // Not ftruncate: a full /dev/shm shall be an error here, not a SIGBUS at the first picture.
    if (const int error = posix_fallocate(writer->lock_, 0, static_cast<off_t>(writer->size_)); error != 0) {
        return fail("no room for previews in shared memory (" + std::to_string(writer->size_ / 1024) + " KiB): " + std::strerror(error) +
                    "; make /dev/shm larger");
    }
    void* memory = mmap(nullptr, writer->size_, PROT_READ | PROT_WRITE, MAP_SHARED, writer->lock_, 0);
    if (memory == MAP_FAILED) return fail("shared memory for previews cannot be mapped: " + reason());
    writer->memory_ = memory;

    auto* header = new (memory) Header{};
    header->slots = static_cast<std::uint32_t>(slots.size());
    header->bytes = writer->size_;
    header->layout = layout_version;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        std::memcpy(header->names[i], slots[i].data(), slots[i].size());
        new (static_cast<void*>(&slot_of(memory, i))) Slot{};
    }
    header->magic = magic;
    return writer;
}

PreviewWriter::~PreviewWriter() {
    if (memory_ != nullptr) munmap(memory_, size_);
    if (!name_.empty()) shm_unlink(name_.c_str());
    if (lock_ >= 0) close(lock_);
}

void PreviewWriter::write(std::size_t slot, const ConstI420View& picture, std::uint64_t sequence, std::span<const std::uint8_t> scene) {
    if (slot >= slots_.size() || picture.width < 2 || picture.height < 2) return;
    int step = 1;
    while (picture.width / step > preview_max_width || picture.height / step > preview_max_height) ++step;
    const int width = (picture.width / step) & ~1;
    const int height = (picture.height / step) & ~1;
    // 257: the most rows whose sum fits in 16 bits.
    if (width < 2 || height < 2 || step > 257) return;

    // Which picture is next is kept here, not in the shared memory, where another process could change it.
    const unsigned index = next_[slot];
    next_[slot] = (index + 1) % pictures_per_slot;
    Slot& shared = slot_of(memory_, slot);
    Picture& to = shared.pictures[index];
    const std::uint64_t stamp = to.stamp.load(std::memory_order_relaxed);
    to.stamp.store(stamp | 1, std::memory_order_relaxed);
    to.sequence.store(sequence, std::memory_order_release);
    to.size.store(static_cast<std::uint64_t>(width) << 32 | static_cast<std::uint64_t>(height), std::memory_order_release);
    if (scene.size() > scene_frame_limit) scene = {};
    to.scene_bytes.store(scene.size(), std::memory_order_release);
    for (std::size_t i = 0; i < scene.size(); i += sizeof(Word)) {
        std::uint64_t word = 0;
        std::memcpy(&word, scene.data() + i, std::min(sizeof word, scene.size() - i));
        to.scene[i / sizeof(Word)].store(word, std::memory_order_release);
    }
    shrink_plane(picture.y, picture.stride_y, step, to.pixels, luma_stride, width, height);
    shrink_plane(picture.u, picture.stride_uv, step, to.pixels + luma_words, chroma_stride, width / 2, height / 2);
    shrink_plane(picture.v, picture.stride_uv, step, to.pixels + luma_words + chroma_words, chroma_stride, width / 2, height / 2);
    to.stamp.store((stamp | 1) + 1, std::memory_order_release);
    shared.newest.store(index + 1, std::memory_order_release);
}

bool PreviewWriter::wanted() const {
    const auto seen = static_cast<Nanoseconds>(header_of(memory_).seen.load(std::memory_order_relaxed));
    return seen != 0 && steady_now() - seen < reader_life;
}

Result<std::unique_ptr<PreviewReader>> PreviewReader::open(const std::string& name) {
    if (!name.starts_with(name_prefix) || name.find('/', 1) != std::string::npos) {
        return fail("\"" + name + "\" is not the name of a preview", ErrorKind::bad_input);
    }
    const Descriptor fd(shm_open(name.c_str(), O_RDWR, 0));
    if (fd.number < 0) {
        return fail("the show's preview " + name + " cannot be opened: " + reason() + "; is the show still running, as the same user?",
                    ErrorKind::missing);
    }
    struct stat status {};
    if (fstat(fd.number, &status) != 0) return fail("the show's preview cannot be read: " + reason());
    if (status.st_uid != geteuid()) return fail("the preview " + name + " belongs to another user", ErrorKind::bad_input);
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size < region_size(1) || size > region_size(preview_max_slots)) {
        return fail("the preview " + name + " has a size of " + std::to_string(size) + " bytes that no show makes", ErrorKind::bad_input);
    }
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd.number, 0);
    if (memory == MAP_FAILED) return fail("the show's preview cannot be mapped: " + reason());
    std::unique_ptr<PreviewReader> reader(new PreviewReader);
    reader->memory_ = memory;
    reader->size_ = size;

    const Header& header = header_of(memory);
    if (header.magic != magic) return fail(name + " is not a preview of a show", ErrorKind::bad_input);
    if (header.layout != layout_version) {
        return fail("the preview has layout " + std::to_string(header.layout) + ", this panel reads " + std::to_string(layout_version) +
                        "; use the panel and the show of one version",
                    ErrorKind::bad_input);
    }
    const std::size_t slots = header.slots;
    if (slots < 1 || slots > preview_max_slots || header.bytes != size || size != region_size(slots)) {
        return fail("the preview " + name + " is damaged: its size does not fit its slots", ErrorKind::bad_input);
    }
    for (std::size_t i = 0; i < slots; ++i) {
        const char* text = header.names[i];
        const std::size_t length = strnlen(text, name_bytes);
        if (length == 0 || length == name_bytes)
            return fail("the preview " + name + " is damaged: a slot has no name", ErrorKind::bad_input);
        reader->slots_.emplace_back(text, length);
    }
    return reader;
}

PreviewReader::~PreviewReader() {
    if (memory_ != nullptr) munmap(memory_, size_);
}

void PreviewReader::touch() { header_of(memory_).seen.store(static_cast<std::uint64_t>(steady_now()), std::memory_order_relaxed); }

bool PreviewReader::read(std::size_t slot, std::shared_ptr<VideoFrame>& into, std::uint64_t& last_sequence,
                         std::vector<std::uint8_t>* scene) {
    if (slot >= slots_.size()) return false;
    const Slot& shared = slot_of(memory_, slot);
    const std::uint64_t newest = shared.newest.load(std::memory_order_acquire);
    if (newest < 1 || newest > pictures_per_slot) return false;
    const Picture& from = shared.pictures[newest - 1];
    const std::uint64_t stamp = from.stamp.load(std::memory_order_acquire);
    if ((stamp & 1) != 0) return false;
    const std::uint64_t sequence = from.sequence.load(std::memory_order_acquire);
    const std::uint64_t size = from.size.load(std::memory_order_acquire);
    if (into && sequence == last_sequence) return false;
    const std::uint64_t width = size >> 32, height = size & 0xffffffff;
    if (width < 2 || width > preview_max_width || height < 2 || height > preview_max_height || ((width | height) & 1) != 0) return false;

    const int w = static_cast<int>(width), h = static_cast<int>(height);
    std::shared_ptr<VideoFrame> frame = pool_.take(w, h);
    const I420View to = frame->view();
    read_plane(from.pixels, luma_stride, to.y, to.stride_y, w, h);
    read_plane(from.pixels + luma_words, chroma_stride, to.u, to.stride_uv, w / 2, h / 2);
    read_plane(from.pixels + luma_words + chroma_words, chroma_stride, to.v, to.stride_uv, w / 2, h / 2);
    std::array<std::uint8_t, scene_frame_limit> annotation{};
    const std::uint64_t scene_bytes = scene ? from.scene_bytes.load(std::memory_order_acquire) : 0;
    if (scene_bytes > scene_frame_limit) return false;
    for (std::size_t i = 0; i < scene_bytes; i += sizeof(Word)) {
        const std::uint64_t word = from.scene[i / sizeof(Word)].load(std::memory_order_acquire);
        std::memcpy(annotation.data() + i, &word, sizeof word);
    }
    if (from.stamp.load(std::memory_order_relaxed) != stamp) return false;
    if (scene) scene->assign(annotation.begin(), annotation.begin() + static_cast<std::ptrdiff_t>(scene_bytes));
    frame->sequence = sequence;
    into = std::move(frame);
    last_sequence = sequence;
    return true;
}

}  // namespace vitrine
