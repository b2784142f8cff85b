#include "pipelines/deliver/follow_up.h"

#include "engine/buyers.h"
#include "engine/clock.h"
#include "engine/desk/events.h"
#include "pipelines/deliver/web/desk_papers.h"
#include "pipelines/deliver/webhooks/webhooks.h"

namespace vitrine {
namespace {

class Following final : public FollowUp {
  public:
    explicit Following(Show& show) : show_(show) {}

    ~Following() override {
        if (!webhooks_) return;
        // "show.ended" and what came just before it.
        webhooks_->finish(std::chrono::seconds(3));
        listening_.reset();
        show_.make_events({});
    }

    Result<void> open(std::string source) {
        const auto config = show_.snapshot()->show;
        if (config->webhooks.empty() || !show_.store()) return {};
        auto webhooks = Webhooks::start(*show_.store(), config->webhooks);
        if (!webhooks) return tl::unexpected(webhooks.error());
        webhooks_ = std::move(*webhooks);
        auto maker = std::make_shared<desk::EventMaker>(config, std::move(source), utc_now_us, [] { return random_hex(16); });
        show_.make_events(
            [maker](const std::vector<desk::Record>& records, const desk::Desk& before) { return (*maker)(records, before); });
        listening_ = show_.listen_desk([webhooks = webhooks_](const std::vector<desk::Record>& settled, const desk::DeskViewPtr&) {
            if (!settled.empty()) webhooks->wake();
        });
        return {};
    }

    DeskFiles files() override {
        return make_desk_files(show_, [webhooks = webhooks_] {
            if (webhooks) webhooks->wake();
        });
    }

    std::string metrics() const override {
        if (!webhooks_) return {};
        const auto f = webhooks_->figures();
        return "# TYPE vitrine_webhooks_total counter\nvitrine_webhooks_total{outcome=\"sent\"} " + std::to_string(f.sent) +
               "\nvitrine_webhooks_total{outcome=\"failed\"} " + std::to_string(f.failed) + "\nvitrine_webhooks_total{outcome=\"dead\"} " +
               std::to_string(f.dead) + "\n";
    }

  private:
    Show& show_;
    std::shared_ptr<Webhooks> webhooks_;
    std::shared_ptr<void> listening_;
};

}  // namespace

Result<std::unique_ptr<FollowUp>> FollowUp::start(Show& show, std::string source) {
    auto following = std::make_unique<Following>(show);
    if (auto opened = following->open(std::move(source)); !opened) return tl::unexpected(opened.error());
    return std::unique_ptr<FollowUp>(std::move(following));
}

}  // namespace vitrine
