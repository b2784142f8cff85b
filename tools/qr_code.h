#pragma once
// A QR code of a link, for the terminal and as a picture.

#include <filesystem>
#include <string>
#include <vector>

#include "engine/result.h"

namespace vitrine {

/// Square, true is dark, with the quiet zone of four modules around it.
struct QrCode {
    int size = 0;
    std::vector<bool> dark;
    bool at(int x, int y) const { return dark[static_cast<std::size_t>(y * size + x)]; }
};

/// Level M: still read with 15 % of it dirty.
Result<QrCode> make_qr_code(const std::string& text);
/// Two modules a character. `coloured`: black on white whatever the terminal's colours are; else for white letters on black.
std::string qr_text(const QrCode& code, bool coloured);
Result<void> write_qr_png(const QrCode& code, const std::filesystem::path& file, int module_px = 8);

}  // namespace vitrine
