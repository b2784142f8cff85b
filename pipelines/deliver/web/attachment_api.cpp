#include "pipelines/deliver/web/attachment_api.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <nlohmann/json.hpp>

#include "pipelines/deliver/web/access.h"
#include "pipelines/deliver/web/desk_api.h"
#include "pipelines/deliver/web/json_views.h"

namespace vitrine::web {

namespace {

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '-'; });
}

/// RFC 8187, for names beyond ASCII.
std::string escaped(std::string_view text) {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string out;
    for (const unsigned char c : text) {
        if (std::isalnum(c) || c == '-' || c == '.' || c == '_') {
            out.push_back(static_cast<char>(c));
        } else {
            out += {'%', hex[c >> 4], hex[c & 15]};
        }
    }
    return out;
}

}  // namespace

std::string kind_of_file(std::string_view bytes) {
    if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
    if (bytes.starts_with("\xff\xd8\xff")) return "image/jpeg";
    if (bytes.starts_with("%PDF-")) return "application/pdf";
    return {};
}

std::string plain_file_name(std::string_view name, std::string_view type) {
    name = name.substr(name.find_last_of("/\\") + 1);
    std::string plain;
    for (const char c : name) {
        const auto code = static_cast<unsigned char>(c);
        plain.push_back(code < 0x20 || code == 0x7f || std::string_view("\"*:<>?|%;").find(c) != std::string_view::npos ? '_' : c);
    }
    // What a file is must not be told by a name that says otherwise: "offer.pdf.exe".
    const std::string ending = type == "image/png" ? ".png" : type == "image/jpeg" ? ".jpg" : ".pdf";
    const auto has = [&](std::string_view one) { return lower(plain).ends_with(one); };
    if (!has(ending) && !(type == "image/jpeg" && has(".jpeg"))) plain += ending;
    while (!plain.empty() && (plain.front() == '.' || plain.front() == ' ')) plain.erase(0, 1);
    while (plain.size() > 120) {
        std::size_t cut = plain.size() - ending.size() - 1;
        while (cut > 0 && (static_cast<unsigned char>(plain[cut]) & 0xc0) == 0x80) --cut;
        plain.erase(cut, plain.size() - ending.size() - cut);
    }
    return plain;
}

Response download(std::shared_ptr<const std::string> bytes, const std::string& type, const std::string& name) {
    Response response;
    response.set("Content-Type", type).set("Cache-Control", "private, no-store").set("X-Content-Type-Options", "nosniff");
    response.set("Content-Disposition", "attachment; filename*=UTF-8''" + escaped(name));
    response.set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
    response.body = std::move(bytes);
    return response;
}

Response download(AttachmentHost::Download file) {
    Response response = download(nullptr, file.attachment.type, file.attachment.name);
    response.source = std::move(file.bytes);
    return response;
}

Response file_response(DeskFile file) {
    auto bytes = std::make_shared<const std::string>(std::move(file.bytes));
    if (!file.name.empty()) return download(std::move(bytes), file.type, file.name);
    Response response;
    response.set("Content-Type", file.type).set("Cache-Control", "private, no-store").set("X-Content-Type-Options", "nosniff");
    response.set("Content-Security-Policy", file.policy.empty() ? "default-src 'none'; sandbox; frame-ancestors 'none'" : file.policy);
    response.body = std::move(bytes);
    return response;
}

AttachmentApi::AttachmentApi(AttachmentHost& host, const ApiLimits& limits)
    : host_(host), uploads_(limits.attachment), share_(limits.uploads) {}

tl::expected<BodyRoom, Response> AttachmentApi::room(const std::optional<BuyerSession>& who, bool had_token, const std::string& address,
                                                     Nanoseconds now, double scale) {
    if (!who) return tl::unexpected<Response>(unauthorized(had_token));
    const Holder holder = holder_of(*who, address);
    std::vector<const Holder*> there;
    for (const Holder& one : *receiving_) there.push_back(&one);
    if (taken(share_, holder, there, scale))
        return tl::unexpected<Response>(problem_later(503, "Many files are being received; try again in a moment.", 5));
    if (const int wait = uploads_.take(who->person, now); wait > 0)
        return tl::unexpected<Response>(problem_later(429, "That were many files; wait a moment and try again.", wait));
    receiving_->push_back(holder);
    return BodyRoom{most_attachment,
                    std::shared_ptr<void>(nullptr, [all = receiving_, here = std::prev(receiving_->end())](void*) { all->erase(here); })};
}

void AttachmentApi::handle(const Request& request, const BuyerSession& who, Responder respond) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!reads && request.method != "PUT") return respond(method_not_allowed("GET, HEAD, PUT"));
    const std::string id = request.path.substr(attachments_path.size());
    if (!is_id(id)) return respond(problem(reads ? 404 : 400, "A file's id is 1 to 64 letters, digits and '-'."));
    if (!reads) return put(request, who, std::move(respond));
    host_.attachment(id, {who.role, who.person, {}},
                     [respond = std::move(respond), head = request.method == "HEAD"](Result<AttachmentHost::Download> file) {
                         if (!file) return respond(problem_of(file.error()));
                         Response response = download(std::move(*file));
                         response.head = head;
                         respond(std::move(response));
                     });
}

void AttachmentApi::put(const Request& request, const BuyerSession& who, Responder respond) {
    const std::string type = kind_of_file(request.body);
    if (type.empty() || (!request.media_type().empty() && request.media_type() != type))
        return respond(problem(415, "Only PNG and JPEG pictures and PDF documents can be attached, named as what they are."));
    const std::string client_id = request.path.substr(attachments_path.size());
    const std::string name = plain_file_name(request.query_value("name").value_or("attachment"), type);
    host_.attach(
        name, type, request.body, {who.role, who.person, client_id},
        [respond = std::move(respond), held = request.held](Result<desk::Attachment> kept) {
            if (!kept) return respond(problem_of(kept.error()));
            respond(json_answer(write_json({{"id", kept->id}, {"name", kept->name}, {"type", kept->type}, {"bytes", kept->bytes}}), 201));
        });
}

}  // namespace vitrine::web
