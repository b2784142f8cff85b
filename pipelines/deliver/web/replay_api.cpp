#include "pipelines/deliver/web/replay_api.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pipelines/deliver/web/file_body.h"
#include "pipelines/deliver/web/scene_lines.h"

namespace vitrine::web {

namespace {

/// A player asks for all the rest and takes what it is given, then asks again: one that jumps has little to throw away.
constexpr std::uint64_t most_piece = 2u << 20;
/// Half a minute of scene frames or so.
constexpr std::size_t most_scenes = 512u << 10;

Response not_opened(const Error& error) {
    if (error.kind == ErrorKind::missing) return problem(404, "There is no recording of this show.");
    return problem_later(503, "The recording cannot be read just now.", 5);
}

/// On the reading thread.
Response piece_of(const std::filesystem::path& path, const std::string& type, const std::optional<std::string>& wanted,
                  const std::optional<std::string>& if_range, bool head, const std::weak_ptr<WorkThreads>& reading, Awaited& awaited) {
    const auto opened = OpenFile::open(path);
    if (!opened) return not_opened(opened.error());
    const auto& file = *opened;
    Response response;
    response.set("Content-Type", type).set("Accept-Ranges", "bytes").set("ETag", file->etag).set("Cache-Control", "private, no-cache");
    std::optional<ByteRange> range;
    if (wanted && (!if_range || *if_range == file->etag)) {
        const auto parsed = parse_range(*wanted, file->size);
        if (!parsed) {
            Response none = problem(416, "The recording ends before that.");
            none.set("Content-Range", "bytes */" + std::to_string(file->size));
            return none;
        }
        range = *parsed;
    }
    if (range) {
        range->last = std::min(range->last, range->first + most_piece - 1);
        response.status = 206;
        response.set("Content-Range",
                     "bytes " + std::to_string(range->first) + "-" + std::to_string(range->last) + "/" + std::to_string(file->size));
    } else if (file->size > 0) {
        range = ByteRange{0, file->size - 1};
    }
    if (range) {
        const std::uint64_t bytes = range->last - range->first + 1;
        response.source = file_body(file, range->first, bytes, reading, awaited);
    } else {
        response.body = std::make_shared<const std::string>();
    }
    response.head = head;
    return response;
}

/// On the reading thread.
Response scenes_from(const std::filesystem::path& path, double from, bool head) {
    const auto file = OpenFile::open(path);
    if (!file) return not_opened(file.error());
    auto lines = scene_lines((*file)->fd, (*file)->size, from, most_scenes);
    if (!lines) return problem(503, "The recording cannot be read just now.");
    Response response;
    response.set("Content-Type", "application/jsonl").set("Cache-Control", "private, no-cache");
    if (lines->next) {
        char next[32];
        std::snprintf(next, sizeof next, "%.6f", *lines->next);
        response.set("X-Next", next);
    }
    response.body = std::make_shared<const std::string>(std::move(lines->text));
    response.head = head;
    return response;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || end != text.data() + text.size()) return std::nullopt;
    return error == std::errc() ? value : UINT64_MAX;
}

/// Time of the last scene frame; 0 when there is none.
double last_time(const std::filesystem::path& scenes) {
    std::ifstream in(scenes, std::ios::binary);
    if (!in.seekg(0, std::ios::end)) return 0;
    const auto size = static_cast<std::int64_t>(in.tellg());
    const std::int64_t from = std::max<std::int64_t>(0, size - 8192);
    std::string tail(static_cast<std::size_t>(size - from), '\0');
    in.seekg(from);
    in.read(tail.data(), static_cast<std::streamsize>(tail.size()));
    for (std::size_t end = tail.rfind('\n'); end != std::string::npos && end > 0; end = tail.rfind('\n', end - 1)) {
        const std::size_t before = tail.rfind('\n', end - 1);
        const std::size_t start = before == std::string::npos ? 0 : before + 1;
        const auto line = nlohmann::json::parse(tail.substr(start, end - start), nullptr, false);
        if (line.is_object() && line.contains("t") && line["t"].is_number()) return line["t"].get<double>();
    }
    return 0;
}

}  // namespace

tl::expected<std::optional<ByteRange>, int> parse_range(std::string_view header, std::uint64_t size) {
    const auto ignored = std::optional<ByteRange>();
    if (!same_text(header.substr(0, 6), "bytes=")) return ignored;
    const std::string_view range = trim(header.substr(6));
    const std::size_t dash = range.find('-');
    if (dash == std::string_view::npos || range.find(',') != std::string_view::npos) return ignored;
    const std::string_view from = range.substr(0, dash), to = range.substr(dash + 1);
    if (from.empty()) {
        const auto count = whole_number(to);
        if (!count) return ignored;
        if (*count == 0 || size == 0) return tl::unexpected(416);
        return ByteRange{size - std::min(size, *count), size - 1};
    }
    const auto first = whole_number(from);
    const auto last = to.empty() ? std::optional<std::uint64_t>(UINT64_MAX) : whole_number(to);
    if (!first || !last || *last < *first) return ignored;
    if (*first >= size) return tl::unexpected(416);
    return ByteRange{*first, std::min(*last, size - 1)};
}

ReplayApi::ReplayApi(std::function<std::optional<ReplayFiles>()> find, Awaited& awaited)
    : find_(std::move(find)), awaited_(awaited), reading_(std::make_shared<WorkThreads>(1)) {}

ReplayApi::~ReplayApi() = default;

void ReplayApi::handle(const Request& request, bool ended, Responder respond) {
    const bool head = request.method == "HEAD";
    if (request.method != "GET" && !head) return respond(method_not_allowed("GET, HEAD"));
    const bool video = request.path == "/api/replay/video";
    if (!video && request.path != "/api/replay/scenes") return respond(problem(404, "There is nothing at this address."));
    const auto files = ended && find_ ? find_() : std::nullopt;
    if (!files) return respond(problem(404, "There is no recording of this show."));
    std::optional<double> since;
    if (const auto from = request.query_value("from"); from && !video) {
        const auto [end, error] = std::from_chars(from->data(), from->data() + from->size(), since.emplace());
        if (error != std::errc() || end != from->data() + from->size() || !(*since >= 0))
            return respond(problem(400, "from is a time in seconds."));
    }
    auto done = awaited_.expect<Response>([respond = std::move(respond)](Response response) { respond(std::move(response)); });
    if (since) return reading_->post([path = files->scenes, since = *since, head, done] { done(scenes_from(path, since, head)); });
    const auto copy = [&](std::string_view name) { return request.header(name) ? std::optional(*request.header(name)) : std::nullopt; };
    reading_->post([path = video ? files->video : files->scenes, type = std::string(video ? "video/mp4" : "application/jsonl"),
                    range = copy("range"), if_range = copy("if-range"), head, done, reading = std::weak_ptr(reading_),
                    awaited = &awaited_] { done(piece_of(path, type, range, if_range, head, reading, *awaited)); });
}

std::string ReplayApi::document(bool ended) {
    const auto files = ended && find_ ? find_() : std::nullopt;
    if (!files) return "null";
    if (files->video != described_) {
        described_ = files->video;
        document_ =
            nlohmann::json{{"url", "/api/replay/video"}, {"scenes", "/api/replay/scenes"}, {"duration_s", last_time(files->scenes)}}.dump();
    }
    return document_;
}

}  // namespace vitrine::web
