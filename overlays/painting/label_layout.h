#pragma once
// Where callout labels go. A pure function of integers, so that the buyer page's twin in TypeScript gives the same answer; both are held to
// tests/fixtures/label_layout/*.json: each file a list of {"input": {...}, "expected": [...]}, members named as below, sides "left" and
// "right", an absent previous side null.
//
// Rectangles are half-open: x, y, width, height cover [x, x+width) × [y, y+height). `/` rounds towards minus infinity everywhere below
// (Math.floor of the quotient). All inputs are integers of magnitude under 2^24.
//
// THE ALGORITHM
//  Labels stand in two columns, left and right of the product's box, next to the height of their anchors.
//  1. Side. centre = product.x + product.width / 2. Natural side: left when anchor.x < centre, else right.
//     With a previous side: stay on it unless the anchor is past the centre by more than slack = product.width / 8, that is
//     previous left leaves when anchor.x > centre + slack; previous right leaves when anchor.x < centre - slack.
//  2. Room. room(left) = product.x - gap - bounds.x; room(right) = bounds.x + bounds.width - (product.x + product.width + gap).
//     A label fits a side when its width <= room(side), or <= room(side) + gap on its previous side. When it does not fit its side and
//     fits the other, it goes to the other.
//  3. x. Left: product.x - gap - width. Right: product.x + product.width + gap. Then not above bounds.x + bounds.width - width and,
//     after that, not below bounds.x. A label wider or higher than bounds is hidden and takes no part.
//  4. The column with more labels is set first (a tie: left). A label it cannot hold moves to the other column, in which its x is
//     found anew by rule 3; what the second column cannot hold is hidden. The labels of the first column are obstacles for the second.
//  5. Setting a column: while it is not empty, try; if the try fails, take out the label with the highest index and try again.
//     A try, with labels ordered by anchor.y, then index:
//     a. Wish: w_i = anchor.y_i - height_i / 2.
//     b. Spread: o_i = sum of (height_j + spacing) over j < i; z_i = w_i - o_i. Pool adjacent violators: go through the labels in
//        order, keeping blocks (sum, count); each label starts a block of its own; while the last block's mean is below the mean of
//        the one before (compared by cross-multiplying, exactly), join the two. Each z_i becomes sum / count of its block.
//        total = o_last + height_last. It fails when total > bounds.height. Then z_i is limited to at most
//        bounds.y + bounds.height - total and, after that, at least bounds.y. y_i = z_i + o_i.
//     c. Down: for i in order: y_i = max(y_i, bottom of the label before + spacing); while the label meets an obstacle (they share a
//        pixel; the first such in the list), y_i = bottom of that obstacle + spacing, and look through the list again.
//     d. Up, only when the last label now ends below bounds: limit = bounds.y + bounds.height; for i in reverse order:
//        y_i = min(y_i, limit - height_i); while it meets an obstacle, y_i = top of that obstacle - spacing - height_i;
//        limit = y_i - spacing. It fails when a y_i < bounds.y.
//  The result has one placement per label, in input order.
//
// The leader runs from the middle of the label's edge that faces the product to the anchor.

#include <optional>
#include <vector>

namespace vitrine {

enum class LabelSide { left, right };

struct LabelRect {
    int x = 0, y = 0, width = 0, height = 0;
    bool operator==(const LabelRect&) const = default;
};

struct LabelInput {
    int anchor_x = 0, anchor_y = 0;
    int width = 0, height = 0;
    std::optional<LabelSide> previous;  ///< where it stood in the frame before; absent when it was not shown
    bool operator==(const LabelInput&) const = default;
};

struct LabelLayoutInput {
    LabelRect bounds;   ///< labels stay inside: the safe area, less the card's side
    LabelRect product;  ///< box round the product in the picture; may reach outside bounds
    std::vector<LabelRect> obstacles;
    std::vector<LabelInput> labels;  ///< most important first
    int gap = 0;                     ///< between product and column
    int spacing = 0;                 ///< between labels
    bool operator==(const LabelLayoutInput&) const = default;
};

struct LabelPlacement {
    bool shown = false;  ///< false: no room; the rest is 0 and left
    LabelSide side = LabelSide::left;
    int x = 0, y = 0;  ///< the label's top left corner
    bool operator==(const LabelPlacement&) const = default;
};

/// Reentrant. No two shown labels share a pixel, none shares one with an obstacle, all lie inside bounds.
std::vector<LabelPlacement> layout_labels(const LabelLayoutInput& input);

}  // namespace vitrine
