#pragma once
// Files that buyers put up for a quote: at most 5 MiB each, of three kinds, judged by their first bytes and never by their names. They go
// out as downloads only, with a policy of their own, so that nothing in them can act as our page. Net thread only.

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "engine/buyers.h"
#include "engine/show.h"
#include "pipelines/deliver/web/api_limits.h"
#include "pipelines/deliver/web/desk_files.h"
#include "pipelines/deliver/web/http_connection.h"
#include "pipelines/deliver/web/http_message.h"

namespace vitrine::web {

inline constexpr std::string_view attachments_path = "/api/attachments/";
inline constexpr std::size_t most_attachment = 5u << 20;

struct AttachmentHost {
    virtual ~AttachmentHost() = default;
    virtual void attach(std::string name, std::string type, std::string bytes, desk::Actor actor,
                        std::function<void(Result<desk::Attachment>)> done) = 0;
    /// Read from the store as its reader takes it.
    struct Download {
        desk::Attachment attachment;
        std::shared_ptr<BodySource> bytes;
    };
    virtual void attachment(std::string id, desk::Actor actor, std::function<void(Result<Download>)> done) = 0;
};

class AttachmentApi {
  public:
    AttachmentApi(AttachmentHost& host, const ApiLimits& limits);

    /// Judged by the header: 401 without a session, 429, 503 when too many are being received; nothing of the body is read then.
    tl::expected<BodyRoom, Response> room(const std::optional<BuyerSession>& who, bool had_token, const std::string& address,
                                          Nanoseconds now, double scale);
    /// PUT or GET of /api/attachments/<id>.
    void handle(const Request& request, const BuyerSession& who, Responder respond);

  private:
    void put(const Request& request, const BuyerSession& who, Responder respond);

    AttachmentHost& host_;
    RateLimit uploads_;
    std::shared_ptr<std::list<Holder>> receiving_ = std::make_shared<std::list<Holder>>();
    Share share_;
};

/// "image/png", "image/jpeg" or "application/pdf" by the first bytes; empty: none of them.
std::string kind_of_file(std::string_view bytes);
/// The last part of a path, without control characters and what is special in headers and file systems; at most 120 bytes of whole letters.
std::string plain_file_name(std::string_view name, std::string_view type);
/// The file as a download.
Response download(std::shared_ptr<const std::string> bytes, const std::string& type, const std::string& name);
Response download(AttachmentHost::Download file);

/// A document as it was made: a download when it has a name, else a page with the policy it brings.
Response file_response(DeskFile file);

}  // namespace vitrine::web
