#include "pipelines/deliver/web/web_core.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/barrier.h"
#include "engine/log_rate.h"
#include "pipelines/deliver/web/buyer_door.h"
#include "pipelines/deliver/web/control_door.h"
#include "pipelines/deliver/web/descriptors.h"
#include "pipelines/deliver/web/gate.h"
#include "pipelines/deliver/web/json_views.h"
#include "pipelines/deliver/web/links.h"
#include "pipelines/deliver/web/listener.h"
#include "pipelines/deliver/web/tls_identity.h"

namespace vitrine::web {

namespace net = boost::asio;
using net::ip::tcp;

namespace {

constexpr auto farewell = std::chrono::milliseconds(1500);

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
            auto tls = TlsIdentity::open(*config->tls);
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
        const DescriptorShares shares = share_descriptors(descriptor_limit(), open_descriptors(),
                                                          {inside_.http.connections, inside_.control_connections, options_.viewer_cap});
        inside_.whep.viewers = shares.streams;
        if (shares.streams < options_.viewer_cap)
            log::warn("web", "There are too few file descriptors for all viewers; raise the limit (ulimit -n).",
                      {{"limit", std::to_string(descriptor_limit())},
                       {"viewers", std::to_string(shares.streams)},
                       {"connections", std::to_string(shares.connections)}});
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
        buyer_gate_ = std::make_unique<Gate>(
            *buyers_, [this] { return tls_ ? tls_->context() : nullptr; }, shares.connections, figures_);
        control_gate_ = std::make_unique<Gate>(*control_, nullptr, shares.control, figures_);
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
        log::tell_left_out(true);
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
            follow_certificate(now);
            log::tell_left_out(false);
        }
        if (closing_) return closed_if_quiet();
        if (const int buyers = buyers_->buyers(); buyers != reported_buyers_) {
            reported_buyers_ = buyers;
            show_.report(BuyersReport{buyers});
        }
    }

    void follow_certificate(Nanoseconds now) {
        if (!tls_) return;
        const TlsIdentity::News news = tls_->look(now);
        if (news == TlsIdentity::News::none) return;
        const std::string days = tls_->days() ? std::to_string(*tls_->days()) : std::string("unknown");
        if (news == TlsIdentity::News::renewed) return log::info("web", "The renewed TLS certificate is in use.", {{"days_left", days}});
        log::warn("web", "The new TLS certificate cannot be used; the one from before stays.",
                  {{"why", tls_->problem()}, {"days_left", days}});
        show_.report(
            NoticeReport{tls_->problem() + " Buyers get the certificate from before; a good one is taken as soon as it is there."});
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
        if (tls_) {
            facts.certificate_days = tls_->days();
            facts.certificate_problem = tls_->problem();
        }
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
    std::unique_ptr<TlsIdentity> tls_;
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
