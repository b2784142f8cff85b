#include "tools/panel/qr_code.h"

#include <qrencode.h>

#include <memory>

namespace vitrine::panel {

QrCode qr_code(const std::string& text) {
    QrCode code;
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
        QRcode_encodeData(static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M),
        QRcode_free);
    if (!made) return code;
    code.size = made->width;
    for (int i = 0; i < made->width * made->width; ++i) code.dark.push_back((made->data[i] & 1) != 0);
    return code;
}

}  // namespace vitrine::panel
