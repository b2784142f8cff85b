#pragma once
// What the simulated cameras draw with, when they open: colour pictures (BGR, or BGRA with straight alpha) at any scale, turned into
// I420 (BT.709, studio range) once. Per frame only copy() and blend() of finished planes run.

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "engine/frame.h"

namespace vitrine::sim {

/// Colours are written 0xRRGGBB.
cv::Scalar rgb(unsigned hex, double alpha = 255);

/// Draws one line of text, its top left corner at (x, y) px; returns its width. `size` is the type size in px.
int write_text(cv::Mat& picture, const std::string& utf8, double x, double y, int size, bool bold, const cv::Scalar& colour,
               double opacity = 1);

/// Adds smooth noise of that standard deviation; `grain` is the size of its features in px. The same seed gives the same noise.
void add_noise(cv::Mat& bgr, double deviation, cv::Size grain, std::uint64_t seed);
/// Multiplies brightness by `from` at the top to `to` at the bottom of `area`.
void shade_down(cv::Mat& bgr, const cv::Rect& area, double from, double to);
/// Rectangle with rounded corners, filled. Works on BGR and BGRA.
void rounded(cv::Mat& picture, const cv::Rect2d& at, double radius, const cv::Scalar& colour);
/// Diagonal yellow and black stripes.
void hazard(cv::Mat& bgr, const cv::Rect& area, int width);

/// Resizes to width × height (area average) and converts.
std::shared_ptr<VideoFrame> to_i420(const cv::Mat& bgr, int width, int height);

/// A picture with premultiplied coverage; luma size is even.
struct Sprite {
    int width = 0, height = 0;
    cv::Mat y, u, v;          ///< CV_8U, already multiplied by coverage
    cv::Mat rest_y, rest_uv;  ///< 255 − coverage
};
/// `bgra` resized to width × height (rounded up to even) and converted.
Sprite to_sprite(const cv::Mat& bgra, int width, int height);
/// Draws it with its top left corner at (x, y) px, both rounded down to even; what lies outside is cut off.
void blend(const I420View& onto, const Sprite& sprite, int x, int y);

}  // namespace vitrine::sim
