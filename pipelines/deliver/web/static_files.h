#pragma once
// The buyer page, read into memory once. A request is looked up by name among the files that were there at start, so no path can lead
// anywhere else; files added later are not served. Links that lead out of the folder are not followed.

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "pipelines/deliver/web/http_message.h"

namespace vitrine::web {

class StaticFiles {
  public:
    /// missing: no index.html in `folder`. At most 4000 files, 128 MiB.
    static Result<StaticFiles> load(const std::filesystem::path& folder);

    /// GET or HEAD. "/" and "/j/<invite>" are the page. Nothing when there is no such file.
    std::optional<Response> find(const Request& request) const;
    std::size_t size() const { return files_.size(); }

  private:
    struct File {
        std::shared_ptr<const std::string> bytes;
        std::string type, etag, cache;
    };
    std::map<std::string, File, std::less<>> files_;  ///< key: "/assets/app-0a1b2c3d.js"
};

std::string content_type(const std::filesystem::path& file);
/// Reads a whole file of at most `most` bytes.
Result<std::string> read_file(const std::filesystem::path& file, std::size_t most);
/// A strong entity tag from the bytes.
std::string etag_of(std::string_view bytes);
/// Answers 304 when If-None-Match names `etag`, else 200 with the bytes.
Response file_answer(const Request& request, std::shared_ptr<const std::string> bytes, const std::string& type, const std::string& etag,
                     const std::string& cache);

}  // namespace vitrine::web
