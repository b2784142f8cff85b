#include "engine/desk/report_charts.h"

#include <algorithm>
#include <cmath>

#include "engine/desk/printing.h"

namespace vitrine::desk {
namespace {

constexpr double width = 720, plot_left = 36, plot_top = 12, plot_height = 150, band_top = 190, band_height = 22, lively_height = 40;

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

/// 1, 2 or 5 times a power of ten, so that there are at most five lines.
int round_step(int peak) {
    for (int decade = 1;; decade *= 10)
        for (const int m : {1, 2, 5})
            if (peak <= 4 * m * decade) return m * decade;
}

/// Minutes between marks of the time axis.
std::int64_t minutes_apart(double minutes) {
    for (const std::int64_t m : {1, 2, 5, 10, 15, 30, 60, 120, 240})
        if (minutes <= 8.0 * static_cast<double>(m)) return m;
    return 480;
}

std::string text(double x, double y, const char* anchor, const std::string& what, const char* klass = "") {
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\"" +
           (*klass ? " class=\"" + std::string(klass) + "\"" : "") + ">" + html(what) + "</text>";
}

}  // namespace

std::string product_class(std::size_t n) { return "p" + std::to_string(n % 6); }

std::string attendance_chart(const ReportFigures& f, const std::vector<std::string>& products, const std::vector<std::string>& labels,
                             const std::string& language) {
    const double span = static_cast<double>(std::max<std::int64_t>(1, f.ended_us - f.started_us));
    const auto x = [&](std::int64_t at) {
        return plot_left + (width - plot_left - 8) * std::clamp(static_cast<double>(at - f.started_us) / span, 0.0, 1.0);
    };
    const int step = round_step(std::max(1, f.peak));
    const int top = std::max(step, (f.peak + step - 1) / step * step);
    const auto y = [&](int people) { return plot_top + plot_height * (1 - static_cast<double>(people) / top); };

    // Time runs to the right in every language, as in the show's own time line.
    std::string svg = "<svg class=\"chart\" viewBox=\"0 0 " + number(width) + " " + number(band_top + band_height + 22) +
                      "\" direction=\"ltr\" role=\"img\" aria-label=\"" + html(language) + "\">";
    for (int people = 0; people <= top; people += step) {
        svg += "<line class=\"rule\" x1=\"" + number(plot_left) + "\" x2=\"" + number(width - 8) + "\" y1=\"" + number(y(people)) +
               "\" y2=\"" + number(y(people)) + "\"/>";
        svg += text(plot_left - 6, y(people) + 4, "end", std::to_string(people));
    }
    for (const auto& [from, to] : f.live)
        svg += "<rect class=\"air\" x=\"" + number(x(from)) + "\" y=\"" + number(plot_top + plot_height + 2) + "\" width=\"" +
               number(std::max(0.5, x(to) - x(from))) + "\" height=\"3\"/>";
    if (!f.attendance.empty()) {
        std::string line;
        double level = y(f.attendance.front().people);
        line = "M" + number(x(f.started_us)) + " " + number(level);
        for (std::size_t i = 1; i < f.attendance.size(); ++i) {
            line += "H" + number(x(f.attendance[i].at_us));
            level = y(f.attendance[i].people);
            line += "V" + number(level);
        }
        line += "H" + number(x(f.ended_us));
        svg += "<path class=\"area\" d=\"" + line + "V" + number(y(0)) + "H" + number(x(f.started_us)) + "Z\"/>";
        svg += "<path class=\"line\" d=\"" + line + "\"/>";
    }
    int liveliest = 0;
    for (const auto& minute : f.liveliness) liveliest = std::max(liveliest, minute.count);
    for (const auto& minute : f.liveliness) {
        const std::int64_t from = std::max(minute.at_us, f.started_us), to = std::min(minute.at_us + 60'000'000, f.ended_us);
        if (to <= from) continue;
        const double high = std::max(1.5, lively_height * minute.count / liveliest);
        svg += "<rect class=\"lively\" x=\"" + number(x(from)) + "\" y=\"" + number(y(0) - high) + "\" width=\"" +
               number(std::max(1.0, x(to) - x(from) - 1)) + "\" height=\"" + number(high) + "\"/>";
    }
    const std::int64_t apart = minutes_apart(span / 60e6) * 60'000'000;
    for (std::int64_t at = 0; static_cast<double>(at) <= span; at += apart)
        svg += text(x(f.started_us + at), plot_top + plot_height + 20,
                    at == 0                                 ? "start"
                    : static_cast<double>(at) > 0.97 * span ? "end"
                                                            : "middle",
                    duration_text(at));
    for (const ReportFigures::Chapter& chapter : f.chapters) {
        if (chapter.at_us < f.started_us || chapter.at_us > f.ended_us) continue;
        svg += "<line class=\"chapter\" x1=\"" + number(x(chapter.at_us)) + "\" x2=\"" + number(x(chapter.at_us)) + "\" y1=\"" +
               number(plot_top) + "\" y2=\"" + number(plot_top + plot_height) + "\"/>";
    }
    double free_from = 0;
    for (const ReportFigures::Pin& pin : f.pins) {
        const auto which = std::find(products.begin(), products.end(), pin.product);
        const std::size_t n = static_cast<std::size_t>(which - products.begin());
        const double left = x(pin.from_us), wide = std::max(1.0, x(pin.to_us) - x(pin.from_us));
        svg += "<rect class=\"" + (which == products.end() ? std::string("p-none") : product_class(n)) + "\" x=\"" + number(left) +
               "\" y=\"" + number(band_top) + "\" width=\"" + number(wide) + "\" height=\"" + number(band_height) + "\"/>";
        // The id, where there is room for it; its letters are about 6.6 wide.
        const std::string& name = which == products.end() ? pin.product : labels[n];
        if (wide > 8 + 6.6 * static_cast<double>(name.size()) && left >= free_from) {
            svg += text(left + 5, band_top + 15, "start", name, "on");
            free_from = left + wide;
        }
    }
    return svg + "</svg>\n";
}

std::string bars(const std::vector<Bar>& all) {
    double most = 0;
    for (const Bar& bar : all) most = std::max(most, bar.value);
    std::string out = "<table class=\"bars\"><tbody>\n";
    for (const Bar& bar : all) {
        const double share = most > 0 ? std::max(0.5, 100 * bar.value / most) : 0;
        out += "<tr><td><bdi>" + html(bar.label) +
               "</bdi></td><td class=\"bar\"><svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"" +
               number(share) + "\" height=\"6\" rx=\"1\"/></svg></td><td class=\"n\">" + html(bar.text) + "</td></tr>\n";
    }
    return out + "</tbody></table>\n";
}

}  // namespace vitrine::desk
