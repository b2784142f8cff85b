#include "pipelines/deliver/web/gate.h"

#include <optional>
#include <utility>

#include "pipelines/deliver/web/rate_limit.h"

namespace vitrine::web {

Gate::Gate(ConnectionHost& host, std::function<std::shared_ptr<boost::asio::ssl::context>()> tls, int most, WebFigures& figures)
    : host_(host), tls_(std::move(tls)), most_(most), figures_(figures) {}

void Gate::admit(boost::asio::ip::tcp::socket socket) {
    boost::system::error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) return;
    // Behind a proxy every connection has the proxy's address.
    const std::string key = host_.behind_proxy ? std::string("proxy") : address_key(remote.address().to_string());
    connections_.remove_if([](const Known& known) { return known.connection.expired(); });
    const bool crowded = !host_.behind_proxy && count_->of(key) >= host_.http.connections_per_address;
    if ((crowded && !make_room(key)) || (!crowded && count_->all() >= most_ && !make_room(count_->heaviest()))) {
        ++figures_.connections_refused;
        return;  // closes it
    }
    const auto context = tls_ ? tls_() : nullptr;
    auto connection = HttpConnection::make(std::move(socket), context.get(), host_, ConnectionCount::take(count_, key));
    connections_.push_back({key, connection});
    connection->start();
}

void Gate::stop_all() {
    for (const Known& known : connections_)
        if (const auto connection = known.connection.lock()) connection->stop();
}

bool Gate::make_room(const std::string& key) {
    using Phase = HttpConnection::Phase;
    const Nanoseconds now = steady_now();
    // Lower goes first; nothing: it stays.
    const auto rank = [&](const HttpConnection& one) -> std::optional<std::pair<int, Nanoseconds>> {
        if (one.stopped() || one.phase() == Phase::working) return std::nullopt;
        if (one.phase() == Phase::resting) return std::pair(0, one.phase_since());
        if (now - one.step_since() >= host_.http.give_way_after) return std::pair(1, one.step_since());
        if (now - one.phase_since() >= 15 * host_.http.give_way_after) return std::pair(2, one.phase_since());
        return std::nullopt;
    };
    std::shared_ptr<HttpConnection> chosen;
    std::optional<std::pair<int, Nanoseconds>> lowest;
    for (const Known& known : connections_) {
        if (known.key != key) continue;
        auto connection = known.connection.lock();
        const auto here = connection ? rank(*connection) : std::nullopt;
        if (!here || (lowest && *lowest <= *here)) continue;
        lowest = here;
        chosen = std::move(connection);
    }
    if (chosen) chosen->stop();
    return chosen != nullptr;
}

}  // namespace vitrine::web
