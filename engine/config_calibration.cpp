#include "engine/config_sections.h"

namespace vitrine::config {

std::optional<Calibration> read_calibration(const std::filesystem::path& path, const std::string& name, Reading& reading) {
    auto document = read_toml(path, name, reading.budget, reading.problems);
    if (!document) return std::nullopt;
    return judge_calibration(*document, reading.problems);
}

std::optional<Calibration> judge_calibration(const TomlDocument& document, Problems& problems) {
    const std::size_t before = problems.count();
    TableReader file({document, problems}, document.root, "", "calibration");
    Calibration c;
    const Range size{16, 16384, "px"}, focal{0, 1e6, "px", true};
    c.width = static_cast<int>(file.integer("width", size, Need::required).value_or(0));
    c.height = static_cast<int>(file.integer("height", size, Need::required).value_or(0));
    c.fx = file.number("fx", focal, Need::required).value_or(0);
    c.fy = file.number("fy", focal, Need::required).value_or(0);
    c.cx = file.number("cx", {0, c.width > 0 ? static_cast<double>(c.width) : 16384, "px"}, Need::required).value_or(0);
    c.cy = file.number("cy", {0, c.height > 0 ? static_cast<double>(c.height) : 16384, "px"}, Need::required).value_or(0);
    if (auto distortion = file.numbers("distortion", 5, 5, {-100, 100, ""}))
        std::copy(distortion->begin(), distortion->end(), c.distortion.begin());
    c.rms_px = file.number("rms_px", {0, 100, "px"}).value_or(0);
    if (problems.count() > before || !document.whole) return std::nullopt;
    return c;
}

}  // namespace vitrine::config
