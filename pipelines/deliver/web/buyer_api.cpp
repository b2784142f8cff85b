#include "pipelines/deliver/web/buyer_api.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/log.h"
#include "pipelines/deliver/web/json_views.h"
#include "pipelines/deliver/web/security_headers.h"
#include "pipelines/deliver/web/static_files.h"

namespace vitrine::web {

namespace {

constexpr std::string_view models_path = "/api/models/";

}  // namespace

BuyerApi::BuyerApi(Buyers& buyers, const ShowConfig& show, JoinLimits limits, bool behind_proxy,
                   std::function<void(std::function<void()>)> post)
    : buyers_(buyers),
      languages_(show.languages),
      models_(show),
      document_(std::make_shared<const std::string>(show_document(show, models_.sizes()))),
      joins_(limits.join_per_address),
      bad_secrets_(limits.bad_secret_per_address),
      model_reads_(limits.model_per_session),
      behind_proxy_(behind_proxy),
      post_(std::move(post)) {
    const auto serve = [&](const ProductConfig& product, const std::string& name, const std::optional<std::filesystem::path>& image) {
        if (!image) return;
        auto bytes = read_file(*image, 8u << 20);
        if (!bytes) {
            log::warn("web", bytes.error().message, {{"product", product.id}});
            return;
        }
        Picture picture{std::make_shared<const std::string>(std::move(*bytes)), content_type(*image), {}};
        picture.etag = etag_of(*picture.bytes);
        pictures_.emplace(name, std::move(picture));
    };
    for (const ProductConfig& product : show.products) {
        serve(product, product.id, product.image);
        for (const BadgeConfig& badge : product.badges) serve(product, product.id + "/" + badge.id, badge.image);
    }
}

void BuyerApi::handle(const Request& request, Nanoseconds now, std::int64_t utc_us, double scale, std::function<void(Response)> respond) {
    if (request.path != "/api/join") return respond(answer(request, now, utc_us, scale));
    if (request.method != "POST") return respond(method_not_allowed("POST"));
    join(request, now, utc_us, scale, std::move(respond));
}

Response BuyerApi::answer(const Request& request, Nanoseconds now, std::int64_t utc_us, double scale) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    const bool is_show = request.path == "/api/show";
    if (is_show || request.path.rfind(models_path, 0) == 0) {
        if (!reads) return method_not_allowed("GET, HEAD");
        const std::string token = request.bearer();
        const auto session = token.empty() ? std::nullopt : buyers_.check(token, utc_us);
        if (!session) {
            Response response = problem(401, "Join with an invite first, then send its session as a bearer token.");
            return response.set("WWW-Authenticate", "Bearer realm=\"vitrine\"");
        }
        if (!is_show) return model(request, *session, now, scale);
        Response response = json_answer({});
        response.body = document_;
        response.head = request.method == "HEAD";
        return response;
    }
    if (request.path.rfind("/media/", 0) == 0) return reads ? media(request) : method_not_allowed("GET, HEAD");
    return problem(404, "There is nothing at this address.");
}

Response BuyerApi::media(const Request& request) const {
    const auto id = percent_decode(request.path.substr(7));
    const auto found = id ? pictures_.find(*id) : pictures_.end();
    if (found == pictures_.end()) return problem(404, "There is no picture of that product.");
    return file_answer(request, found->second.bytes, found->second.type, found->second.etag, "no-cache");
}

Response BuyerApi::model(const Request& request, const BuyerSession& session, Nanoseconds now, double scale) {
    if (const int wait = model_reads_.take(session.id, now, scale); wait > 0)
        return problem_later(429, "The model was asked for too often; wait a moment and try again.", wait);
    return models_.answer(request, std::string_view(request.path).substr(models_path.size()));
}

void BuyerApi::join(const Request& request, Nanoseconds now, std::int64_t utc_us, double scale, std::function<void(Response)> respond) {
    const std::string address = address_key(request.address);
    const int wait = std::max(joins_.take(address, now, scale), bad_secrets_.wait(address, now, scale));
    if (wait > 0) return respond(problem_later(429, "Too many attempts from this network; wait a moment and try again.", wait));
    const std::string* host = request.header("host");
    const std::optional<bool> secure = behind_proxy_ ? std::nullopt : std::optional<bool>(request.secure);
    if (!same_origin(request.header("origin"), host ? *host : std::string(), secure))
        return respond(problem(403, "Join from the show's own page."));
    if (request.media_type() != "application/json") return respond(problem(415, "Send the invite as application/json."));
    const auto body = parse_object(request.body);
    const auto invite = body ? text_of(*body, "invite") : std::nullopt;
    const auto secret = body ? text_of(*body, "secret") : std::nullopt;
    if (!invite || !secret || invite->size() > 128 || secret->size() > 256)
        return respond(problem(400, "Send {\"invite\", \"secret\", \"language\"} as JSON texts."));
    std::string language = text_of(*body, "language").value_or("");
    if (std::find(languages_.begin(), languages_.end(), language) == languages_.end())
        language = languages_.empty() ? "en" : languages_.front();

    const auto answer = [address, from = request.address, now, scale, respond = std::move(respond)](BuyerApi& api,
                                                                                                    const Result<Buyers::Joined>& joined) {
        if (!joined) {
            if (joined.error().kind == ErrorKind::not_allowed) api.bad_secrets_.take(address, now, scale);
            log::info("web", "An invite was refused.", {{"address", from}});
            return respond(problem(joined.error().kind == ErrorKind::no_space ? 507 : 403, joined.error().message));
        }
        log::info("web", "A buyer joined.", {{"session", joined->session.id}, {"address", from}});
        respond(
            json_answer(write_json({{"session", joined->token}, {"name", joined->session.name}, {"language", joined->session.language}})));
    };
    const auto net = std::this_thread::get_id();
    buyers_.join(*invite, *secret, language, utc_us,
                 [here = std::weak_ptr(here_), post = post_, net, answer](const Result<Buyers::Joined>& joined) {
                     const auto finish = [here, answer, joined] {
                         if (const auto api = here.lock()) answer(**api, joined);
                     };
                     if (std::this_thread::get_id() == net) return finish();
                     post(finish);
                 });
}

}  // namespace vitrine::web
