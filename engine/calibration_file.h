#pragma once
// A camera's lens as a file: what a show's `calibration` key names, `vitrine calibrate` writes and `vitrine track` takes.

#include <filesystem>
#include <string>
#include <vector>

#include "engine/config.h"

namespace vitrine {

/// Reentrant. Judged as `vitrine check` judges it; bad_input names every problem.
Result<Calibration> load_calibration(const std::filesystem::path& file);

/// Reentrant. The file's text; `remarks` stand above the values as comments, a line each. Numbers are the shortest that read back the same.
std::string calibration_text(const Calibration& calibration, const std::vector<std::string>& remarks);

/// Writes a new file beside it and puts it in its place: after a failure the old file is there, whole. failed: cannot be written.
/// bad_input: the values are none that load_calibration() would take back.
Result<void> save_calibration(const std::filesystem::path& file, const Calibration& calibration, const std::vector<std::string>& remarks);

}  // namespace vitrine
