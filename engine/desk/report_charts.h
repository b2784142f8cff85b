#pragma once
// Charts of the report as SVG inside the page: no script, no style attributes (the page's policy forbids them), colours from its style
// sheet.

#include <string>
#include <vector>

#include "engine/desk/report_figures.h"

namespace vitrine::desk {

/// People over the time on air as steps, with the pinned products as a band below. `label` of a product by its place in `products`.
std::string attendance_chart(const ReportFigures& figures, const std::vector<std::string>& products, const std::vector<std::string>& labels,
                             const std::string& language);

struct Bar {
    std::string label;
    double value = 0;
    std::string text;  ///< beside the bar
};
/// As table rows, the longest first as given: label, bar, text.
std::string bars(const std::vector<Bar>& bars);

/// "p0" … "p5": the class that gives the n-th product its colour.
std::string product_class(std::size_t n);

}  // namespace vitrine::desk
