#include "engine/calibration_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "engine/config_sections.h"

namespace vitrine {
namespace {

std::string number(double value) {
    char text[32];
    return std::string(text, std::to_chars(text, text + sizeof text, value, std::chars_format::general).ptr);
}

void put(std::string& text, const char* key, double value) { text += std::string(key) + " = " + number(value) + "\n"; }

Result<void> cannot_write(const std::filesystem::path& file, int error) {
    return fail("Cannot write " + file.string() + ": " + std::strerror(error) + ". Choose another place with --out.");
}

/// Text as a comment: no line break or control character may end it.
std::string comment(std::string line) {
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return "# " + line + "\n";
}

}  // namespace

Result<Calibration> load_calibration(const std::filesystem::path& file) {
    std::error_code error;
    const auto whole = std::filesystem::weakly_canonical(file, error);
    if (error || !std::filesystem::exists(whole, error))
        return fail("There is no calibration file " + file.string() + ". vitrine calibrate makes one.", ErrorKind::bad_input);
    config::Problems problems;
    const config::ShowFolder folder(whole.parent_path());
    config::Reading reading{folder, problems};
    auto calibration = config::read_calibration(whole, file.filename().string(), reading);
    if (calibration) return *calibration;
    std::string all;
    for (const Problem& problem : problems.take()) all += (all.empty() ? "" : "\n") + problem.text();
    return fail(all.empty() ? file.string() + " is no calibration file." : all, ErrorKind::bad_input);
}

std::string calibration_text(const Calibration& c, const std::vector<std::string>& remarks) {
    std::string text;
    for (const std::string& remark : remarks) text += comment(remark);
    text += "width = " + std::to_string(c.width) + "\nheight = " + std::to_string(c.height) + "\n";
    put(text, "fx", c.fx), put(text, "fy", c.fy), put(text, "cx", c.cx), put(text, "cy", c.cy);
    text += "distortion = [";
    for (std::size_t i = 0; i < c.distortion.size(); ++i) text += (i ? ", " : "") + number(c.distortion[i]);
    text += "]\n";
    put(text, "rms_px", c.rms_px);
    return text;
}

Result<void> save_calibration(const std::filesystem::path& file, const Calibration& calibration, const std::vector<std::string>& remarks) {
    const std::string text = calibration_text(calibration, remarks);
    {
        config::Problems problems;
        auto document = config::parse_toml(text, file.filename().string(), problems);
        if (document) config::judge_calibration(*document, problems);
        for (const Problem& problem : problems.take())
            return fail("The calibration makes no sense and is not written: " + problem.text(), ErrorKind::bad_input);
    }
    std::error_code ignored;
    // Through a link the file behind it is replaced, not the link.
    const auto place = std::filesystem::is_symlink(file, ignored) ? std::filesystem::weakly_canonical(file, ignored) : file;
    if (std::filesystem::is_directory(place, ignored)) return cannot_write(file, EISDIR);
    std::string fresh = place.string() + ".XXXXXX";
    const int fd = ::mkostemp(fresh.data(), O_CLOEXEC);
    if (fd < 0) return cannot_write(file, errno);
    int failed = 0;
    for (std::size_t done = 0; !failed && done < text.size();) {
        const ssize_t count = ::write(fd, text.data() + done, text.size() - done);
        if (count > 0)
            done += static_cast<std::size_t>(count);
        else if (errno != EINTR)
            failed = errno;
    }
    if (!failed && ::fsync(fd) != 0) failed = errno;
    if (::close(fd) != 0 && !failed) failed = errno;
    if (!failed && ::rename(fresh.c_str(), place.c_str()) != 0) failed = errno;
    if (!failed) return {};
    ::unlink(fresh.c_str());
    return cannot_write(file, failed);
}

}  // namespace vitrine
