#pragma once
// The 3D models that buyers may fetch, read into memory once, as the page is: a request is a look-up by product id, so no path comes from a
// client and no file is opened while the show runs. Only what a browser can take whole is offered: binary glTF 2.0 (.glb) of at most
// most_model_bytes each. That a file begins and ends like a GLB is all that is looked at here; its reader on the page checks the rest.

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/config.h"
#include "pipelines/deliver/web/http_message.h"

namespace vitrine::web {

/// What a buyer's phone is asked to download for one product.
inline constexpr std::size_t most_model_bytes = 32u << 20;

/// Bytes per product id.
using ModelSizes = std::map<std::string, std::size_t>;

class ModelFiles {
  public:
    /// A model that cannot be offered is left out, and the log says why and what would help.
    explicit ModelFiles(const ShowConfig& show);

    ModelSizes sizes() const;
    /// GET or HEAD; `product` still percent-encoded. 200, 304, or 404 with a sentence. The caller has checked the session.
    Response answer(const Request& request, std::string_view product) const;

  private:
    struct File {
        std::shared_ptr<const std::string> bytes;
        std::string etag;
    };
    std::map<std::string, File> files_;
};

/// Why these bytes are not a whole binary glTF 2.0 file (12 byte header: magic, version, length); nothing when they are.
std::optional<std::string> glb_header_problem(std::string_view bytes);

}  // namespace vitrine::web
