#pragma once
// A QR code as modules to draw, for a link that is shown on a screen. Reentrant.

#include <string>
#include <vector>

namespace vitrine::panel {

struct QrCode {
    int size = 0;            ///< modules each side; 0: the text does not fit
    std::vector<bool> dark;  ///< row by row
};

/// Level M: a screen has no dirt on it, a phone's camera may shake.
QrCode qr_code(const std::string& text);

}  // namespace vitrine::panel
