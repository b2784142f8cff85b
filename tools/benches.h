#pragma once
// What `vitrine bench` measures besides the browser and the viewers. Each gives one object for every line to print, with "bench" in it.

#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/result.h"

namespace vitrine {

using BenchLines = std::vector<nlohmann::json>;

/// Processor time of this process so far, s.
double cpu_seconds();

/// Blending into the program picture, against a plain copy of as many bytes and ffmpeg's filter.
Result<BenchLines> bench_overlay(double seconds);
/// A product's 3D model in the program picture: rendering, and blending what was rendered. `seconds` is not used.
Result<BenchLines> bench_model(double seconds);
/// Following a marker, a picture and a model: their cost, their truth.
Result<BenchLines> bench_track(double seconds);
/// Capture, mask, mix and stage at 1080p30 without viewers, so without encoders: one line for each layout and one for a fade, `seconds`
/// long each.
Result<BenchLines> bench_program(double seconds);

/// Two hundred buyers on the socket without video: chat to everybody, `seconds` long.
Result<BenchLines> bench_desk(double seconds);

}  // namespace vitrine
