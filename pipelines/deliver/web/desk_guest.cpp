#include "pipelines/deliver/web/desk_guest.h"

#include <boost/beast/websocket.hpp>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "engine/barrier.h"
#include "engine/desk/record_json.h"
#include "pipelines/deliver/web/desk_asker.h"

namespace vitrine {

namespace beast = boost::beast;
namespace net = boost::asio;
using nlohmann::json;

struct DeskGuest::Core {
    net::io_context asking, listening;
    std::unique_ptr<DeskAsker> asker;
    beast::websocket::stream<beast::tcp_stream> socket{listening};
    beast::flat_buffer buffer;
    std::string token, mark;
    int acts = 0;
    std::thread thread;

    mutable std::mutex mutex;  ///< guards what follows
    std::map<std::string, desk::Quote> told;
    bool open = true;

    ~Core() {
        listening.stop();
        if (thread.joinable()) thread.join();
    }

    void listen() {
        socket.async_read(buffer, [this](boost::system::error_code error, std::size_t) {
            if (error) {
                std::lock_guard lock(mutex);
                open = false;
                return;
            }
            take(beast::buffers_to_string(buffer.data()));
            buffer.consume(buffer.size());
            listen();
        });
    }

    void take(const std::string& text) {
        const json message = json::parse(text, nullptr, false);
        if (!message.is_object() || message.value("type", json()) != "desk") return;
        const auto each = [&](const char* key, bool of_one_kind) {
            const auto list = message.find(key);
            if (list == message.end() || !list->is_array()) return;
            for (json entry : *list) {
                if (!entry.is_object()) continue;
                if (of_one_kind) entry["record"] = "quote";
                if (entry.value("record", json()) != "quote") continue;
                auto record = desk::record_from_json(entry);
                if (!record || !std::holds_alternative<desk::Quote>(*record)) continue;
                std::lock_guard lock(mutex);
                auto& quote = std::get<desk::Quote>(*record);
                told[quote.id] = std::move(quote);
            }
        };
        each("quotes", true);
        each("put", false);
    }
};

DeskGuest::DeskGuest(std::unique_ptr<Core> core) : core_(std::move(core)) {}
DeskGuest::~DeskGuest() = default;

Result<std::unique_ptr<DeskGuest>> DeskGuest::join(const std::string& link, const std::string& language) {
    auto core = std::make_unique<Core>();
    const auto door = find_desk_door(link, core->asking);
    if (!door) return tl::unexpected(door.error());
    core->asker = std::make_unique<DeskAsker>(core->asking, door->there, door->host);
    const auto joined =
        core->asker->post("/api/join", {{"invite", door->invite}, {"secret", door->secret}, {"language", language}, {"bearer", true}}, "");
    if (!joined) return tl::unexpected(joined.error());
    if (!joined->is_object() || !joined->value("session", json()).is_string())
        return fail("The show's answer to a join is not understood.");
    core->token = (*joined)["session"].get<std::string>();
    core->mark = "guest-" + std::to_string(std::random_device{}());
    const std::string hello = json{{"type", "hello"}, {"session", core->token}, {"language", language}}.dump();
    boost::system::error_code error;
    core->socket.next_layer().connect(door->there, error);
    if (!error) core->socket.handshake(door->host, "/live", error);
    if (!error) core->socket.write(net::buffer(hello), error);
    if (error) return fail("A socket could not be opened: " + error.message() + ".");
    core->listen();
    core->thread = barrier::thread("guest", [core = core.get()] { core->listening.run(); });
    return std::unique_ptr<DeskGuest>(new DeskGuest(std::move(core)));
}

Result<void> DeskGuest::act(const desk::Act& act) {
    json body = json::parse(desk::act_to_json(act));
    body["client_id"] = core_->mark + "-" + std::to_string(++core_->acts);
    const auto answer = core_->asker->post("/api/act", body, core_->token);
    if (!answer) return tl::unexpected(answer.error());
    return {};
}

std::vector<desk::Quote> DeskGuest::news() {
    std::lock_guard lock(core_->mutex);
    std::vector<desk::Quote> out;
    for (auto& [id, quote] : core_->told) out.push_back(std::move(quote));
    core_->told.clear();
    return out;
}

bool DeskGuest::here() const {
    std::lock_guard lock(core_->mutex);
    return core_->open;
}

}  // namespace vitrine
