#pragma once
// Corners of a dark square on a light ground to a few hundredths of a pixel: each side is measured along many short lines across it, a
// straight line is fitted to where the brightness steps, and neighbouring sides are intersected. Thin border squares inside the dark one do
// not mislead it, because their steps have the other sign. Internal to overlays: includes OpenCV.

#include <array>
#include <opencv2/core.hpp>
#include <optional>

namespace vitrine {

using Quad = std::array<cv::Point2d, 4>;  ///< TL TR BR BL, clockwise on the screen

/// Reentrant. `near` may be wrong by about `reach` px. Nothing when a side shows no clear step or the result is no convex square-like
/// shape.
std::optional<Quad> refine_square(const cv::Mat& luma, const Quad& near, double reach);

/// Reentrant. Mean brightness of `bits` + 2 by `bits` + 2 cells (the outer ones are the square's black border) compared with the middle
/// between border and ground: 0 or 1 for each inner cell. Empty when the border is not black on a lighter ground.
cv::Mat sample_bits(const cv::Mat& luma, const Quad& corners, int bits);

}  // namespace vitrine
