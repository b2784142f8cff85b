#pragma once
// Sets text with Pango in the look's families: each script finds its own font in that list, right-to-left text is ordered, figures are
// tabular. Thread-bound: Pango's font maps are not for sharing, so every thread has a book of its own (of_this_thread()); a TextBlock
// stays on the thread that set it.

#include <memory>
#include <string>
#include <vector>

#include "engine/look.h"

typedef struct _cairo cairo_t;
typedef struct _PangoLayout PangoLayout;

namespace vitrine {

/// BCP 47 primary tag of a language that is written from right to left.
bool is_right_to_left(const std::string& language);

struct TextStyle {
    double size = 20;  ///< em, px
    bool bold = false;
    Rgb colour;
    double max_width = 0;  ///< px; wraps between words, else between letters; 0: never
    int max_lines = 1;     ///< what is longer ends in an ellipsis; only with max_width
};

enum class TextAlign { left, right, centre };

/// Set text. Lines stand tighter than the fonts ask for (1.22 em), but never cut ink.
class TextBlock {
  public:
    double width() const { return width_; }
    double height() const { return height_; }
    /// From the top to the first line's baseline.
    double baseline() const { return lines_.empty() ? 0 : lines_.front().baseline; }
    bool empty() const { return lines_.empty(); }
    /// Draws inside [x, x + box_width); lines are aligned one by one, whatever direction they run in.
    void draw(cairo_t* cr, double x, double y, TextAlign align, double box_width) const;
    /// A line of that width round the first line's letters, aligned left.
    void outline(cairo_t* cr, double x, double y, Rgb colour, double width) const;

  private:
    friend class FontBook;
    struct Line {
        int index = 0;
        double left = 0, width = 0, baseline = 0;
    };
    std::shared_ptr<PangoLayout> layout_;
    std::vector<Line> lines_;
    Rgb colour_;
    double width_ = 0, height_ = 0;
};

class FontBook {
  public:
    static FontBook& of_this_thread();
    ~FontBook();
    FontBook(const FontBook&) = delete;
    FontBook& operator=(const FontBook&) = delete;

    /// Invalid UTF-8 is replaced, control characters become spaces. Characters that no font here has (an emoji without an emoji font) are
    /// left out with what belongs to them, rather than shown as boxes. Empty text gives an empty block. `language` is a BCP 47 tag: Han
    /// characters take the forms of its country.
    TextBlock set(const std::string& utf8, const std::string& language, const TextStyle& style);

    /// True when the family is installed under exactly that name.
    bool has_family(const std::string& family) const;
    /// A sentence per missing family of the three that the program's own texts need.
    std::vector<std::string> problems() const;

  private:
    FontBook();
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
