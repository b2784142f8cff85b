#include "pipelines/deliver/web/static_files.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>

namespace vitrine::web {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_files = 4000, most_bytes = 128u << 20;

/// "/assets/index-0a1b2c3d.js": the bundler's hash, 8 characters or more, before the last dot.
bool is_hashed(std::string_view path) {
    if (path.substr(0, 8) != "/assets/") return false;
    const auto dot = path.rfind('.');
    const auto dash = path.substr(0, dot).rfind('-');
    if (dot == std::string_view::npos || dash == std::string_view::npos) return false;
    const std::string_view hash = path.substr(dash + 1, dot - dash - 1);
    return hash.size() >= 8 && std::all_of(hash.begin(), hash.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

bool is_invite_page(std::string_view path) {
    if (path.substr(0, 3) != "/j/") return false;
    const std::string_view id = path.substr(3);
    return !id.empty() && id.size() <= 64 &&
           std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; });
}

}  // namespace

std::string content_type(const fs::path& file) {
    static const std::map<std::string, std::string, std::less<>> types{{".html", "text/html; charset=utf-8"},
                                                                       {".js", "text/javascript; charset=utf-8"},
                                                                       {".mjs", "text/javascript; charset=utf-8"},
                                                                       {".css", "text/css; charset=utf-8"},
                                                                       {".json", "application/json"},
                                                                       {".webmanifest", "application/manifest+json"},
                                                                       {".svg", "image/svg+xml"},
                                                                       {".png", "image/png"},
                                                                       {".jpg", "image/jpeg"},
                                                                       {".jpeg", "image/jpeg"},
                                                                       {".webp", "image/webp"},
                                                                       {".avif", "image/avif"},
                                                                       {".gif", "image/gif"},
                                                                       {".ico", "image/x-icon"},
                                                                       {".woff2", "font/woff2"},
                                                                       {".woff", "font/woff"},
                                                                       {".ttf", "font/ttf"},
                                                                       {".wasm", "application/wasm"},
                                                                       {".glb", "model/gltf-binary"},
                                                                       {".txt", "text/plain; charset=utf-8"},
                                                                       {".map", "application/json"},
                                                                       {".mp3", "audio/mpeg"},
                                                                       {".mp4", "video/mp4"},
                                                                       {".bin", "application/octet-stream"}};
    const auto found = types.find(lower(file.extension().string()));
    return found == types.end() ? "application/octet-stream" : found->second;
}

Result<std::string> read_file(const fs::path& file, std::size_t most) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error) return fail("Cannot read " + file.string() + ": " + error.message() + ".", ErrorKind::missing);
    if (size > most) return fail(file.string() + " is larger than " + std::to_string(most >> 20) + " MiB.", ErrorKind::bad_input);
    std::ifstream in(file, std::ios::binary);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
        return fail("Cannot read " + file.string() + ".", ErrorKind::missing);
    return bytes;
}

std::string etag_of(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash.data());
    static constexpr char digits[] = "0123456789abcdef";
    std::string text = "\"";
    for (std::size_t i = 0; i < 12; ++i) {
        text.push_back(digits[hash[i] >> 4]);
        text.push_back(digits[hash[i] & 15]);
    }
    return text + "\"";
}

Response file_answer(const Request& request, std::shared_ptr<const std::string> bytes, const std::string& type, const std::string& etag,
                     const std::string& cache) {
    Response response;
    response.set("Cache-Control", cache).set("ETag", etag);
    const std::string* known = request.header("if-none-match");
    if (known && (known->find(etag) != std::string::npos || *known == "*")) {
        response.status = 304;
        return response;
    }
    response.set("Content-Type", type);
    response.body = std::move(bytes);
    response.kept = true;
    response.head = request.method == "HEAD";
    return response;
}

Result<StaticFiles> StaticFiles::load(const fs::path& folder) {
    std::error_code error;
    const fs::path root = fs::canonical(folder, error);
    if (error || !fs::is_regular_file(root / "index.html", error))
        return fail("The buyer page is not in " + folder.string() + "; build it first.", ErrorKind::missing);
    StaticFiles result;
    std::size_t total = 0;
    fs::recursive_directory_iterator it(root, error), end;
    for (; !error && it != end; it.increment(error)) {
        std::error_code ignored;
        if (it->is_symlink(ignored)) {
            // A link may point within the folder, never out of it.
            const fs::path target = fs::canonical(it->path(), ignored);
            const auto inside = ignored ? fs::path("..") : target.lexically_relative(root);
            if (inside.empty() || *inside.begin() == "..") continue;
        }
        if (!it->is_regular_file(ignored)) continue;
        const std::string name = "/" + it->path().lexically_relative(root).generic_string();
        auto bytes = read_file(it->path(), most_bytes - total);
        if (!bytes) return tl::unexpected<Error>(bytes.error());
        total += bytes->size();
        if (result.files_.size() >= most_files)
            return fail("The page's folder " + folder.string() + " holds more than " + std::to_string(most_files) + " files.",
                        ErrorKind::bad_input);
        File file;
        file.etag = etag_of(*bytes);
        file.type = content_type(it->path());
        file.cache = is_hashed(name) ? "public, max-age=31536000, immutable" : name == "/index.html" ? "no-store" : "no-cache";
        file.bytes = std::make_shared<const std::string>(std::move(*bytes));
        result.files_.emplace(name, std::move(file));
    }
    if (error) return fail("Cannot read the page's folder " + folder.string() + ": " + error.message() + ".", ErrorKind::missing);
    return result;
}

std::optional<Response> StaticFiles::find(const Request& request) const {
    const auto path = percent_decode(request.path);
    if (!path) return std::nullopt;
    const bool page = *path == "/" || is_invite_page(*path);
    const auto found = files_.find(page ? std::string_view("/index.html") : std::string_view(*path));
    if (found == files_.end()) return std::nullopt;
    const File& file = found->second;
    return file_answer(request, file.bytes, file.type, file.etag, file.cache);
}

}  // namespace vitrine::web
