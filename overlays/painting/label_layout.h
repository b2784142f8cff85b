#pragma once
// Where callout labels go. A pure function of integers, so that the buyer page's twin in TypeScript gives the same answer; both are held
// to tests/fixtures/label_layout: *.json, each a list of {"input": {...}, "expected": [...]} with members named as below, and
// summary/figures.json, what comes of poses, turns and shaking that both generate.
//
// Rectangles are half-open: x, y, width, height cover [x, x+width) × [y, y+height). `/` rounds towards minus infinity everywhere below
// (Math.floor of the quotient). All inputs are integers of magnitude under 2^24. A label "stays" on a lane when its previous placement is
// on that lane.
//
// THE ALGORITHM
//  Labels stand in four lanes: columns left and right of the product's box and, when those do not hold them, rows above and below it.
//  All of it is said for columns. Rows are columns in the picture turned by swapping x with y (left and right become above and below), in
//  which the labels that stand in columns are further obstacles and the lanes' extent may be limited (rule 3).
//
//  1. Wish. d = 2·anchor.x − (2·product.x + product.width), less slack for a label that stays left, plus slack for one that stays right;
//     slack = max(product.width / 4, 2·spacing). It wishes for the left when d is below 0, else for the right.
//  2. Room. room(left) = product.x − bounds.x, room(right) = bounds.x + bounds.width − (product.x + product.width). A label may stand on
//     a lane when it is no wider than bounds and room >= width + (it stays there ? 0 : gap). It goes to its wish. In rows, and in columns
//     when rule 10 says so, it goes to the other lane when it may not stand there; else it is left over.
//  3. Edge and intervals. A lane has an edge that all its labels touch. Left: product.x − gap, at most bounds.x + bounds.width, then at
//     least bounds.x + greatest width. Right: product.x + product.width + gap, at least bounds.x, then at most bounds.x + bounds.width −
//     greatest width. Its extent is the bounds' height; for rows, where a label stands in the left column, from product.y − h at least
//     and, where one stands in the right column, to product.y + product.height + h at most (turned: x, width), with h = least height / 2,
//     so that leaders of rows keep clear of columns. Its free intervals are the extent without the obstacles that share an x with the
//     lane's widest label, each grown by spacing above and below; empty ones are left out.
//  4. Who stands where. A lane holds labels when, in their order (rule 5), each fits the first interval, counted from that of the label
//     before, in which it lies spacing below the label before. When one of them does not stay on the lane, obstacles are grown by gap on
//     all sides for this, and those limits of a row are narrower by gap: a label comes only where there is room to spare.
//     Labels are taken by index. When the lane does not hold one: of the lane's labels and itself, by d (greatest first on the left,
//     least first on the right; then highest index first), the first goes over that may stand on the other lane, with which the other
//     lane holds, and without which this lane holds. When there is none, the label is left over.
//  5. Order. Labels that stay, by previous y + height / 2 (then index); then the others by index, each put before the first whose anchor
//     is lower than its own.
//  6. Setting a lane. With wishes w_i = anchor.y_i − height_i / 2 the labels in order are cut into runs, one per interval, some empty.
//     A run is spread by least squares: o_i = sum of (height_j + spacing) over j < i in the run, z_i = w_i − o_i; pool adjacent violators
//     (blocks (sum, count), joined while the last one's mean is below that of the one before, compared by cross-multiplying; z_i becomes
//     sum / count); z_i is limited to at most the interval's end − total and, after that, to at least its start; y_i = z_i + o_i. It fits
//     when total = o_last + height_last is at most the interval's length. Its cost is the sum of |y_i − w_i|, and 3·gap for each label
//     that stays but whose previous y + height / 2 lies outside the interval. The cuts of least total cost count, found interval after
//     interval: of equal ones for the first j labels the one whose last run is longest.
//  7. Uncrossing a lane, at most as often as it has labels. Through pairs (k < l) of the order: when their leaders cross and, where both
//     stay, still cross with the upper anchor raised and the lower one lowered by spacing / 3, exchange the two and begin again, the
//     ports where they are. When anything was exchanged, set the lane anew (rule 6); an order that does not fit is not taken.
//  8. Uncrossing the two lanes. Through pairs (a of the left, b of the right, in their orders): when their leaders cross and, where both
//     stay, still cross with a's anchor moved left and b's right by spacing / 3, try: both change lanes, b alone, a alone. The first
//     counts for which those who go may stand there, both lanes hold, and fewer pairs cross between the lanes. Then begin again.
//  9. Clear rows. At the end row labels are looked through by index: one is hidden when the leader of a column label or of a row label
//     kept so far meets it, or its own leader meets such a label. For one that does not stay, labels are grown by spacing for this.
// 10. All of this is done with labels of columns keeping to their wish (a leader right across the product crosses others: a row is better;
//     in rule 4 only labels whose d is at most product.width / 2 on the own side go over) and, when that hides a label or lets leaders
//     cross, again with labels that may go to the other column. The second counts when hidden labels and crossing pairs are fewer together.
//
//  The leader runs from the port, the middle of the label's edge that faces the product, to the anchor.

#include <utility>
#include <vector>

namespace vitrine {

enum class LabelSide { left, right, above, below };

struct LabelRect {
    int x = 0, y = 0, width = 0, height = 0;
    bool operator==(const LabelRect&) const = default;
};

struct LabelPlacement {
    bool shown = false;  ///< false: no room; the rest is 0 and left
    LabelSide side = LabelSide::left;
    int x = 0, y = 0;  ///< the label's top left corner
    bool operator==(const LabelPlacement&) const = default;
};

struct LabelInput {
    int anchor_x = 0, anchor_y = 0;
    int width = 0, height = 0;
    LabelPlacement previous;  ///< what the frame before gave; not shown when it had none
    bool operator==(const LabelInput&) const = default;
};

struct LabelLayoutInput {
    LabelRect bounds;   ///< labels stay inside: the safe area, less the card's side
    LabelRect product;  ///< box round the product and all anchors; may reach outside bounds
    std::vector<LabelRect> obstacles;
    std::vector<LabelInput> labels;  ///< most important first
    int gap = 0;                     ///< between product and lane; as little as 0 for labels that stay
    int spacing = 0;                 ///< between labels
    bool operator==(const LabelLayoutInput&) const = default;
};

/// Reentrant; one placement per label, in input order. No two shown labels share a pixel, none shares one with the product or an obstacle,
/// all lie inside bounds; no leader runs over a label. Who calls tells the viewer of the hidden ones.
std::vector<LabelPlacement> layout_labels(const LabelLayoutInput& input);

/// (x, y) from which the leader of a shown label of that size runs.
std::pair<int, int> label_port(const LabelPlacement& placement, int width, int height);

/// Do segments a-b and c-d cross in a point inside both?
bool segments_cross(std::pair<int, int> a, std::pair<int, int> b, std::pair<int, int> c, std::pair<int, int> d);

}  // namespace vitrine
