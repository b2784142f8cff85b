#include "pipelines/deliver/web/web_core.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "engine/barrier.h"
#include "engine/log.h"
#include "pipelines/deliver/web/buyer_door.h"
#include "pipelines/deliver/web/control_door.h"
#include "pipelines/deliver/web/json_views.h"
#include "pipelines/deliver/web/links.h"
#include "pipelines/deliver/web/listener.h"
#include "pipelines/deliver/web/streams.h"

namespace vitrine::web {

namespace net = boost::asio;
using net::ip::tcp;

namespace {

constexpr auto farewell = std::chrono::milliseconds(1500);

/// Admits connections to one door and remembers them.
class Gate {
  public:
    Gate(ConnectionHost& host, net::ssl::context* tls, WebFigures& figures) : host_(host), tls_(tls), figures_(figures) {}

    void admit(tcp::socket socket) {
        boost::system::error_code error;
        const auto remote = socket.remote_endpoint(error);
        if (error) return;
        // Behind a proxy every connection has the proxy's address.
        const std::string key = host_.behind_proxy ? std::string("proxy") : address_key(remote.address().to_string());
        const bool crowded = !host_.behind_proxy && count_->of(key) >= host_.http.connections_per_address;
        if ((crowded || count_->all() >= host_.http.connections) && !drop_idle(crowded ? key : std::string())) {
            ++figures_.connections_refused;
            return;  // closes it
        }
        auto connection = HttpConnection::make(std::move(socket), tls_, host_, ConnectionCount::take(count_, key));
        connections_.remove_if([](const Known& known) { return known.connection.expired(); });
        connections_.push_back({key, connection});
        connection->start();
    }

    void stop_all() {
        for (const Known& known : connections_)
            if (const auto connection = known.connection.lock()) connection->stop();
    }

    int connections() const { return count_->all(); }

  private:
    struct Known {
        std::string key;
        std::weak_ptr<HttpConnection> connection;
    };

    /// Makes room by closing the connection that has rested longest; of that address, or of any when `key` is empty.
    bool drop_idle(const std::string& key) {
        std::shared_ptr<HttpConnection> oldest;
        for (const Known& known : connections_) {
            if (!key.empty() && known.key != key) continue;
            const auto connection = known.connection.lock();
            if (!connection || !connection->idle_since()) continue;
            if (!oldest || *connection->idle_since() < *oldest->idle_since()) oldest = connection;
        }
        if (oldest) oldest->stop();
        return oldest != nullptr;
    }

    ConnectionHost& host_;
    net::ssl::context* tls_;
    WebFigures& figures_;
    std::shared_ptr<ConnectionCount> count_ = std::make_shared<ConnectionCount>();
    std::list<Known> connections_;
};

class Server final : public WebServer {
  public:
    Server(Show& show, WebOptions options, WebInside inside)
        : show_(show), options_(std::move(options)), inside_(std::move(inside)), io_(std::make_shared<net::io_context>(1)), timer_(*io_) {}

    Result<void> open(Buyers& buyers) {
        const auto config = show_.snapshot()->show;
        if (!config->tls && !config->behind_proxy && !is_loopback_address(config->listen_address))
            return fail("Buyers on other machines need TLS: set [tls] or behind_proxy, or listen on 127.0.0.1.", ErrorKind::bad_input);
        auto page = StaticFiles::load(options_.page);
        if (!page) return tl::unexpected<Error>(page.error());
        if (config->tls) {
            auto tls = make_tls_context(*config->tls);
            if (!tls) return tl::unexpected<Error>(tls.error());
            tls_ = std::move(*tls);
        }
        auto buyer_listener = Listener::open(*io_, config->listen_address, config->listen_port);
        if (!buyer_listener) return tl::unexpected<Error>(buyer_listener.error());
        buyer_listener_ = std::move(*buyer_listener);
        auto control_listener = Listener::open(*io_, "127.0.0.1", options_.control_port);
        if (!control_listener) return tl::unexpected<Error>(control_listener.error());
        control_listener_ = std::move(*control_listener);
        auto token = make_control_token(options_.token_file);
        if (!token) return tl::unexpected<Error>(token.error());
        token_written_ = true;
        log::hide(*token);

        buyer_origin_ = link_origin(*config, buyer_listener_->port());
        if (config->translation) {
            auto translator = make_translator(config->translation->url, config->translation->key_file.value_or(""));
            if (!translator) return tl::unexpected<Error>(translator.error());
            translator_ = std::move(*translator);
        }
        control_url_ = "http://127.0.0.1:" + std::to_string(control_listener_->port());
        auto post = [weak = std::weak_ptr<net::io_context>(io_)](std::function<void()> work) {
            if (const auto io = weak.lock()) net::post(*io, std::move(work));
        };
        inside_.whep.viewers = options_.viewer_cap;
        desk_ = std::make_unique<DeskDoor>(show_, translator_.get(), post);
        buyers_ = std::make_unique<BuyerDoor>(BuyerDoor::Parts{show_, buyers, *desk_, options_, figures_}, std::move(*page), inside_, post);
        control_ = std::make_unique<ControlDoor>(
            show_, *desk_, options_.files, buyer_origin_, std::move(*token), control_listener_->port(), figures_,
            [this] {
                const SnapshotPtr snapshot = show_.snapshot();
                return control_show_document(*snapshot->show, buyers_->models(), options_.preview_name, buyer_origin_ + options_.buyer_path,
                                             snapshot->edition);
            },
            [this] { return metrics(); }, [this] { return preflight_document(*show_.snapshot(), facts()); }, inside_.http);
        buyer_gate_ = std::make_unique<Gate>(*buyers_, tls_.get(), figures_);
        control_gate_ = std::make_unique<Gate>(*control_, nullptr, figures_);
        return {};
    }

    void run() {
        buyer_listener_->start([this](tcp::socket socket) { buyer_gate_->admit(std::move(socket)); });
        control_listener_->start([this](tcp::socket socket) { control_gate_->admit(std::move(socket)); });
        schedule();
        listening_ = show_.listen([this](const SnapshotPtr&) {
            if (snapshot_due_.exchange(true)) return;
            net::post(*io_, [this] {
                snapshot_due_ = false;
                const SnapshotPtr snapshot = show_.snapshot();
                const Nanoseconds now = steady_now();
                buyers_->on_snapshot(snapshot, now);
                control_->on_snapshot(snapshot, now);
            });
        });
        listening_desk_ = show_.listen_desk([this](const std::vector<desk::Record>& settled, const desk::DeskViewPtr& view) {
            net::post(*io_, [this, settled, view] { buyers_->on_desk(settled, view); });
        });
        // Access that ends, ends now: not at the next round.
        listening_endings_ = show_.listen_endings(
            [this](const std::vector<desk::Record>&) { net::post(*io_, [this] { buyers_->check_sessions(steady_now()); }); });
        show_.records([weak = std::weak_ptr<net::io_context>(io_), this](std::vector<desk::Record> records) {
            if (const auto io = weak.lock()) net::post(*io, [this, records = std::move(records)] { buyers_->remember(records); });
        });
        // One request's trouble (say, no memory) must not end the others': the next handler runs at once.
        thread_ = barrier::thread("net", [this] {
            while (!barrier::run("request", [this] { io_->run(); })) {
            }
        });
        log::info("web", "Buyers and the panel can connect.", {{"buyers", buyer_origin_}, {"control", control_url_}});
    }

    ~Server() override {
        listening_.reset();
        listening_desk_.reset();
        listening_endings_.reset();
        if (thread_.joinable()) {
            net::post(*io_, [this] {
                buyer_listener_->stop();
                control_listener_->stop();
                closing_ = true;
                buyers_->end("The show has ended.");
                closed_if_quiet();
            });
            {
                std::unique_lock lock(mutex_);
                quiet_changed_.wait_for(lock, farewell, [&] { return quiet_; });
            }
            net::post(*io_, [this] {
                timer_.cancel();
                buyer_gate_->stop_all();
                control_gate_->stop_all();
                buyers_->abort_sockets();
                io_->stop();
            });
            thread_.join();
        }
        // Handlers of closed sockets still hold them; they run here, with nothing left to wait for.
        io_->restart();
        for (int i = 0; i < 1000 && io_->poll() > 0; ++i) {
        }
        control_.reset();
        buyers_.reset();
        desk_.reset();
        if (token_written_) ::unlink(options_.token_file.c_str());
    }

    std::string buyer_origin() const override { return buyer_origin_; }
    int buyer_port() const override { return buyer_listener_->port(); }
    std::string control_url() const override { return control_url_; }
    int viewers() const override { return viewers_; }

    std::vector<OutputStatus> outputs() const override {
        std::lock_guard lock(mutex_);
        return outputs_;
    }

  private:
    void schedule() {
        timer_.expires_after(std::chrono::nanoseconds(inside_.tick));
        timer_.async_wait([this](boost::system::error_code cancelled) {
            if (cancelled) return;
            tick();
            schedule();
        });
    }

    void tick() {
        const Nanoseconds now = steady_now();
        buyers_->tick(now);
        control_->tick(now);
        figures_.connections = buyer_gate_->connections();
        viewers_ = static_cast<int>(buyers_->viewers());
        if (now - checked_at_ >= inside_.check_sessions_every) {
            checked_at_ = now;
            buyers_->check_sessions(now);
            publish_outputs();
        }
        if (closing_) return closed_if_quiet();
        if (const int buyers = buyers_->buyers(); buyers != reported_buyers_) {
            reported_buyers_ = buyers;
            show_.report(BuyersReport{buyers});
        }
    }

    void publish_outputs() {
        const PeerKeeper::Totals& totals = buyers_->totals();
        OutputStatus status;
        status.kind = "webrtc";
        status.name = "viewers";
        status.state = std::to_string(totals.connected) + " connected";
        status.frames = totals.frames;
        status.dropped = totals.dropped;
        status.bytes = totals.bytes;
        status.bitrate_kbps = totals.bitrate_kbps;
        std::lock_guard lock(mutex_);
        outputs_ = {std::move(status)};
    }

    void closed_if_quiet() {
        if (buyers_->sockets() > 0) return;
        std::lock_guard lock(mutex_);
        quiet_ = true;
        quiet_changed_.notify_all();
    }

    PreflightFacts facts() {
        PreflightFacts facts = options_.facts ? options_.facts() : PreflightFacts{};
        facts.buyers_at = buyer_origin_;
        if (tls_) facts.certificate_days = certificate_days(*tls_);
        return facts;
    }

    std::string metrics() {
        PeerKeeper::Totals totals = buyers_->totals();
        totals.peers = static_cast<int>(buyers_->viewers());
        return metrics_text(figures_, totals, *show_.snapshot(), options_.metrics ? options_.metrics() : std::string());
    }

    Show& show_;
    WebOptions options_;
    WebInside inside_;
    std::shared_ptr<net::io_context> io_;
    net::steady_timer timer_;
    std::shared_ptr<net::ssl::context> tls_;
    std::shared_ptr<Listener> buyer_listener_, control_listener_;
    WebFigures figures_;
    std::unique_ptr<Translator> translator_;
    std::unique_ptr<DeskDoor> desk_;
    std::unique_ptr<BuyerDoor> buyers_;
    std::unique_ptr<ControlDoor> control_;
    std::unique_ptr<Gate> buyer_gate_, control_gate_;
    std::string buyer_origin_, control_url_;
    std::shared_ptr<void> listening_, listening_desk_, listening_endings_;
    std::atomic<bool> snapshot_due_{false};
    std::atomic<int> viewers_{0};
    Nanoseconds checked_at_ = 0;
    int reported_buyers_ = 0;
    bool closing_ = false, token_written_ = false;
    std::thread thread_;

    mutable std::mutex mutex_;  ///< guards what follows
    std::condition_variable quiet_changed_;
    bool quiet_ = false;
    std::vector<OutputStatus> outputs_;
};

}  // namespace
Result<std::unique_ptr<WebServer>> start_web_server(Show& show, Buyers& buyers, WebOptions options, WebInside inside) {
    try {
        auto server = std::make_unique<Server>(show, std::move(options), std::move(inside));
        if (auto opened = server->open(buyers); !opened) return tl::unexpected<Error>(opened.error());
        server->run();
        return server;
    } catch (const std::exception& problem) {
        return fail(std::string("The web server cannot start: ") + problem.what() + ".");
    }
}

}  // namespace vitrine::web
