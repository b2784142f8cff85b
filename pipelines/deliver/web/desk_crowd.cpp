#include "pipelines/deliver/web/desk_crowd.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/clock.h"

namespace vitrine {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace net = boost::asio;
using Json = nlohmann::json;
using boost::system::error_code;
using net::ip::tcp;

constexpr std::string_view mark = "crowd-";

/// One connection that asks and waits.
class Asker {
  public:
    Asker(net::io_context& io, const tcp::endpoint& there, std::string host) : stream_(io), there_(there), host_(std::move(host)) {}

    Result<Json> post(const std::string& target, const Json& body, const std::string& token) {
        for (int attempt = 0;; ++attempt) {
            http::request<http::string_body> request(http::verb::post, target, 11);
            request.set(http::field::host, host_);
            request.set(http::field::content_type, "application/json");
            if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
            request.body() = body.dump();
            request.prepare_payload();
            error_code error;
            if (!open_) {
                stream_.connect(there_, error);
                if (error) return fail("The show does not answer: " + error.message() + ".");
                stream_.socket().set_option(tcp::no_delay(true), error);
                open_ = true;
            }
            http::response<http::string_body> response;
            http::write(stream_, request, error);
            if (!error) http::read(stream_, buffer_, response, error);
            if (error) {
                // A connection that rested may have been closed.
                stream_.close();
                buffer_.clear();
                open_ = false;
                if (attempt == 0) continue;
                return fail("The show does not answer: " + error.message() + ".");
            }
            if (response.result_int() / 100 != 2)
                return fail(target + " was answered with " + std::to_string(response.result_int()) + ": " + response.body());
            return Json::parse(response.body(), nullptr, false);
        }
    }

  private:
    beast::tcp_stream stream_;
    tcp::endpoint there_;
    std::string host_;
    beast::flat_buffer buffer_;
    bool open_ = false;
};

}  // namespace

struct DeskCrowd::Core {
    struct Member {
        explicit Member(net::io_context& io) : socket(io) {}
        beast::websocket::stream<beast::tcp_stream> socket;
        beast::flat_buffer buffer;
        std::string hello, token;
    };

    tcp::endpoint there;
    std::string host;
    net::io_context asking, listening;
    net::executor_work_guard<net::io_context::executor_type> work{listening.get_executor()};
    std::vector<std::unique_ptr<Member>> members;
    std::unique_ptr<Asker> asker;
    std::thread thread;

    mutable std::mutex mutex;  ///< guards what follows
    std::condition_variable heard;
    std::map<std::string, std::pair<Nanoseconds, int>> said;  ///< text: when, and how many have heard it
    Figures figures;
    int said_count = 0;

    ~Core() {
        work.reset();
        listening.stop();
        if (thread.joinable()) thread.join();
    }

    Result<void> enter(const std::string& invite, const std::string& secret, int people) {
        asker = std::make_unique<Asker>(asking, there, host);
        for (int i = 0; i < people; ++i) {
            const auto joined =
                asker->post("/api/join", {{"invite", invite}, {"secret", secret}, {"language", "en"}, {"bearer", true}}, "");
            if (!joined) return tl::unexpected(joined.error());
            if (!joined->is_object() || !joined->contains("session")) return fail("The show's answer to a join is not understood.");
            auto member = std::make_unique<Member>(listening);
            member->token = (*joined)["session"].get<std::string>();
            member->hello = Json{{"type", "hello"}, {"session", member->token}, {"language", "en"}}.dump();
            error_code error;
            member->socket.next_layer().connect(there, error);
            if (!error) member->socket.handshake(host, "/live", error);
            if (!error) member->socket.write(net::buffer(member->hello), error);
            if (error) return fail("A socket could not be opened: " + error.message() + ".");
            members.push_back(std::move(member));
            ++figures.open;
        }
        for (auto& member : members) listen(*member);
        thread = std::thread([this] { listening.run(); });
        return {};
    }

    void listen(Member& member) {
        member.socket.async_read(member.buffer, [this, &member](error_code error, std::size_t size) {
            if (error) {
                std::lock_guard lock(mutex);
                --figures.open;
                heard.notify_all();
                return;
            }
            const Nanoseconds now = steady_now();
            take({static_cast<const char*>(member.buffer.data().data()), size}, now);
            member.buffer.consume(member.buffer.size());
            listen(member);
        });
    }

    /// What was said stands in the text as it was sent; reading JSON two hundred times would measure the crowd.
    void take(std::string_view text, Nanoseconds now) {
        std::lock_guard lock(mutex);
        ++figures.texts;
        figures.bytes += text.size();
        if (text.substr(0, 40).find("\"desk\"") == std::string_view::npos && text.find("\"put\"") == std::string_view::npos) return;
        for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
            const auto found = said.find(std::string(text.substr(at, text.find('"', at) - at)));
            if (found == said.end()) continue;
            ++found->second.second;
            figures.heard_ms.push_back(static_cast<double>(now - found->second.first) / 1e6);
        }
        heard.notify_all();
    }
};

DeskCrowd::DeskCrowd(std::unique_ptr<Core> core) : core_(std::move(core)) {}
DeskCrowd::~DeskCrowd() = default;

Result<std::unique_ptr<DeskCrowd>> DeskCrowd::join(const std::string& link, int people) {
    const auto scheme = link.find("http://"), path = link.find("/j/"), hash = link.find('#');
    const auto colon = link.rfind(':', path);
    if (scheme != 0 || path == std::string::npos || hash == std::string::npos || hash < path || colon == std::string::npos || colon < 7)
        return fail("\"" + link + "\" is not a link of a show on this machine: http://host:port/j/<invite>#<secret>.",
                    ErrorKind::bad_input);
    auto core = std::make_unique<Core>();
    core->host = link.substr(7, path - 7);
    error_code error;
    tcp::resolver resolver(core->asking);
    const auto found = resolver.resolve(link.substr(7, colon - 7), link.substr(colon + 1, path - colon - 1), error);
    if (error || found.empty()) return fail("The host of " + link.substr(0, path) + " is not known.", ErrorKind::bad_input);
    core->there = found.begin()->endpoint();
    if (auto entered = core->enter(link.substr(path + 3, hash - path - 3), link.substr(hash + 1), people); !entered)
        return tl::unexpected(entered.error());
    return std::unique_ptr<DeskCrowd>(new DeskCrowd(std::move(core)));
}

Result<double> DeskCrowd::say(int who) {
    std::string text;
    const Nanoseconds now = steady_now();
    {
        std::lock_guard lock(core_->mutex);
        text = std::string(mark) + std::to_string(core_->said_count++);
        core_->said[text] = {now, 0};
    }
    const auto answer = core_->asker->post("/api/act", {{"act", "say"}, {"kind", "chat"}, {"text", text}, {"client_id", text}},
                                           core_->members.at(static_cast<std::size_t>(who))->token);
    if (!answer) return tl::unexpected(answer.error());
    return static_cast<double>(steady_now() - now) / 1e6;
}

bool DeskCrowd::all_heard(double seconds) {
    std::unique_lock lock(core_->mutex);
    return core_->heard.wait_for(lock, std::chrono::duration<double>(seconds), [&] {
        for (const auto& [text, told] : core_->said)
            if (told.second < core_->figures.open) return false;
        return true;
    });
}

DeskCrowd::Figures DeskCrowd::figures() const {
    std::lock_guard lock(core_->mutex);
    return core_->figures;
}

}  // namespace vitrine
