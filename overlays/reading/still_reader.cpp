#include "overlays/reading/still_reader.h"

#include <opencv2/imgcodecs.hpp>

namespace vitrine {

bool is_still(const std::filesystem::path& file) {
    std::error_code ignored;
    try {
        return std::filesystem::is_regular_file(file, ignored) && cv::haveImageReader(file.string());
    } catch (const std::exception&) {
        return false;
    }
}

Result<LumaPicture> read_still(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return fail("There is no file " + file.string() + ".", ErrorKind::bad_input);
    cv::Mat luma;
    try {
        luma = cv::imread(file.string(), cv::IMREAD_GRAYSCALE);
    } catch (const std::exception&) {  // a size beyond OpenCV's limits
    }
    if (luma.empty())
        return fail(file.string() + " cannot be read as a picture. PNG, JPEG, WebP, TIFF and BMP are understood; is the file whole?",
                    ErrorKind::bad_input);
    if (luma.cols < 16 || luma.rows < 16)
        return fail(file.string() + " is only " + std::to_string(luma.cols) + " × " + std::to_string(luma.rows) + " px: too small.",
                    ErrorKind::bad_input);
    LumaPicture out;
    out.width = luma.cols, out.height = luma.rows;
    out.pixels.resize(luma.total());
    luma.copyTo(cv::Mat(luma.rows, luma.cols, CV_8U, out.pixels.data()));
    return out;
}

}  // namespace vitrine
