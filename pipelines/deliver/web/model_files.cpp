#include "pipelines/deliver/web/model_files.h"

#include <cstdint>

#include "engine/log.h"
#include "engine/picture_metadata.h"
#include "pipelines/deliver/web/static_files.h"

namespace vitrine::web {

namespace {

std::uint32_t little_endian(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

Result<std::string> read_model(const std::filesystem::path& path) {
    if (lower(path.extension().string()) != ".glb")
        return fail(path.filename().string() + " is not offered to buyers: only .glb holds a whole model; export it as binary glTF.",
                    ErrorKind::bad_input);
    auto bytes = read_file(path, most_model_bytes);
    if (!bytes) return bytes;
    if (const auto problem = glb_header_problem(*bytes))
        return fail(path.filename().string() + " is not offered to buyers: " + *problem + " Export it again as binary glTF 2.0.",
                    ErrorKind::bad_input);
    auto plain = model_without_metadata(std::move(*bytes));
    if (!plain)
        return fail(
            path.filename().string() +
                " is not offered to buyers: it is damaged, or a picture in it is neither JPEG nor PNG. Export it again as binary glTF 2.0.",
            ErrorKind::bad_input);
    return std::move(*plain);
}

}  // namespace

std::optional<std::string> glb_header_problem(std::string_view bytes) {
    if (bytes.size() < 20 || bytes.substr(0, 4) != "glTF") return "it does not begin like a GLB.";
    if (little_endian(bytes, 4) != 2) return "its version is not 2.";
    if (little_endian(bytes, 8) != bytes.size()) return "it is not as long as its header says.";
    return std::nullopt;
}

ModelFiles::ModelFiles(const ShowConfig& show) {
    for (const ProductConfig& product : show.products) {
        if (!product.model) continue;
        auto bytes = read_model(*product.model);
        if (!bytes) {
            log::warn("web", bytes.error().message, {{"product", product.id}});
            continue;
        }
        File file{std::make_shared<const std::string>(std::move(*bytes)), {}};
        file.etag = etag_of(*file.bytes);
        files_.emplace(product.id, std::move(file));
    }
}

ModelSizes ModelFiles::sizes() const {
    ModelSizes sizes;
    for (const auto& [product, file] : files_) sizes.emplace(product, file.bytes->size());
    return sizes;
}

Response ModelFiles::answer(const Request& request, std::string_view product) const {
    const auto id = percent_decode(product);
    const auto found = id ? files_.find(*id) : files_.end();
    if (found == files_.end()) return problem(404, "There is no model of that product.");
    // Private: what needs a session may not be kept by a cache that others share.
    return file_answer(request, found->second.bytes, "model/gltf-binary", found->second.etag, "private, no-cache");
}

}  // namespace vitrine::web
