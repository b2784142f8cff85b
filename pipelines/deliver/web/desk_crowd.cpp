#include "pipelines/deliver/web/desk_crowd.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/barrier.h"
#include "engine/clock.h"
#include "pipelines/deliver/web/desk_asker.h"

namespace vitrine {
namespace {

namespace beast = boost::beast;
namespace net = boost::asio;
using Json = nlohmann::json;
using boost::system::error_code;
using net::ip::tcp;

constexpr std::string_view mark = "crowd-";

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
    std::unique_ptr<DeskAsker> asker;
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
        asker = std::make_unique<DeskAsker>(asking, there, host);
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
        thread = barrier::thread("crowd", [this] { listening.run(); });
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
    auto core = std::make_unique<Core>();
    auto door = find_desk_door(link, core->asking);
    if (!door) return tl::unexpected(door.error());
    core->host = door->host;
    core->there = door->there;
    if (auto entered = core->enter(door->invite, door->secret, people); !entered) return tl::unexpected(entered.error());
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
