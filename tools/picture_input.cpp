#include "tools/picture_input.h"

#include <glob.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "overlays/reading/still_reader.h"

namespace vitrine {

namespace fs = std::filesystem;

namespace {

constexpr Nanoseconds still_period = 1'000'000'000 / 30;

std::string without_scheme(const std::string& name) { return name.rfind("file:", 0) == 0 ? name.substr(5) : name; }

}  // namespace

bool natural_less(const std::string& a, const std::string& b) {
    const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (!digit(a[i]) || !digit(b[j])) {
            if (a[i] != b[j]) return a[i] < b[j];
            ++i, ++j;
            continue;
        }
        const auto run = [&](const std::string& s, std::size_t& at) {
            while (at < s.size() && s[at] == '0') ++at;
            const std::size_t begin = at;
            while (at < s.size() && digit(s[at])) ++at;
            return s.substr(begin, at - begin);
        };
        const std::string left = run(a, i), right = run(b, j);
        if (left.size() != right.size()) return left.size() < right.size();
        if (left != right) return left < right;
    }
    if ((i < a.size()) != (j < b.size())) return j < b.size();
    return a < b;  // equal but for leading zeros
}

std::optional<SourceSpec> camera_named(const std::string& text) {
    const auto colon = text.find(':');
    if (colon == std::string::npos) return std::nullopt;
    const std::string scheme = text.substr(0, colon);
    if (scheme == "rtsp" || scheme == "rtsps" || scheme == "srt") return SourceSpec{scheme, text};
    if (scheme == "v4l2" || scheme == "sim") return SourceSpec{scheme, text.substr(colon + 1)};
    return std::nullopt;
}

Result<PictureInput> PictureInput::open(const std::vector<std::string>& names) {
    PictureInput out;
    for (const std::string& given : names) {
        const std::string name = without_scheme(given);
        std::error_code ignored;
        if (fs::is_directory(name, ignored))
            return fail(name + " is a folder. Name the pictures in it: " + (fs::path(name) / "*.png").string(), ErrorKind::bad_input);
        if (fs::exists(name, ignored)) {
            out.files_.push_back(name);
            continue;
        }
        if (name.find_first_of("*?[") == std::string::npos) return fail("There is no file " + name + ".", ErrorKind::bad_input);
        glob_t found{};
        std::vector<std::string> matches;
        if (::glob(name.c_str(), GLOB_NOSORT, nullptr, &found) == 0)
            for (std::size_t i = 0; i < found.gl_pathc; ++i)
                if (fs::is_regular_file(found.gl_pathv[i], ignored)) matches.emplace_back(found.gl_pathv[i]);
        ::globfree(&found);
        if (matches.empty()) return fail("No file is named like " + name + ".", ErrorKind::bad_input);
        std::sort(matches.begin(), matches.end(), natural_less);
        out.files_.insert(out.files_.end(), matches.begin(), matches.end());
    }
    if (out.files_.empty()) return fail("No pictures were named.", ErrorKind::bad_input);
    // The first file is opened at once, so that a wrong name is said before any work is done.
    if (!is_still(out.files_.front())) {
        auto video = VideoFile::open(out.files_.front());
        if (!video) return tl::unexpected(video.error());
        out.video_ = std::move(*video);
    }
    return out;
}

Result<std::optional<PictureInput::Shot>> PictureInput::next() {
    for (;;) {
        if (video_) {
            auto picture = video_->next();
            if (!picture) return tl::unexpected(picture.error());
            if (*picture) {
                last_ = begin_ + (*picture)->pts;
                Shot shot{std::move((*picture)->luma), count_++, last_, files_[at_] + ", frame " + std::to_string(in_video_++)};
                return std::optional(std::move(shot));
            }
            video_.reset();
            ++at_, in_video_ = 0, begin_ = last_ + still_period;
            continue;
        }
        if (at_ == files_.size()) return std::optional<Shot>();
        if (!is_still(files_[at_])) {
            auto video = VideoFile::open(files_[at_]);
            if (!video) return tl::unexpected(video.error());
            video_ = std::move(*video);
            continue;
        }
        auto luma = read_still(files_[at_]);
        if (!luma) return tl::unexpected(luma.error());
        Shot shot{std::move(*luma), count_++, begin_, files_[at_]};
        last_ = begin_, begin_ += still_period, ++at_;
        return std::optional(std::move(shot));
    }
}

}  // namespace vitrine
