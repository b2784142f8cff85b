#include "tools/running_show.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <vector>

#include "engine/clock.h"
#include "engine/log.h"
#include "engine/private_files.h"
#include "engine/source_url.h"
#include "overlays/show_stage.h"
#include "tools/commands.h"

namespace vitrine {
namespace {

/// A link that is over sooner is not taken up again: it would end during the show.
constexpr std::int64_t least_life_us = 24LL * 3'600'000'000;

Result<desk::ActResult> act(Show& show, const desk::Act& what) {
    std::promise<Result<desk::ActResult>> done;
    show.act(what, {desk::Role::presenter, {}, {}}, [&](Result<desk::ActResult> result) { done.set_value(std::move(result)); });
    return done.get_future().get();
}

/// The show's one open link: that of last time, as long as it lets people in; else a new one.
Result<desk::ActResult> open_link(Show& show, const ShowConfig& config) {
    const std::int64_t until = utc_now_us() + least_life_us;
    const desk::DeskViewPtr view = show.snapshot()->desk;
    std::vector<const desk::InviteRecord*> there;
    for (const auto& [id, invite] : view->invites)
        if (invite.role == desk::Role::buyer && invite.person.empty() && invite.name.empty() && invite.company.empty() &&
            invite.group.empty() && invite.language.empty() && invite.revoked_us == 0 && invite.not_before_us == 0 &&
            invite.expires_us > until && invite.max_people >= config.desk.max_people)
            there.push_back(&invite);
    std::sort(there.begin(), there.end(), [](const auto* a, const auto* b) { return a->made_us > b->made_us; });
    for (const desk::InviteRecord* invite : there)
        if (auto again = act(show, desk::ShowLink{invite->id})) return again;
    desk::MakeInvite invite;
    invite.open = true;
    invite.max_people = config.desk.max_people;
    // At least as long as it must have left to be taken up again.
    invite.expires_us = utc_now_us() + std::max<std::int64_t>(config.desk.invite_days, 2) * least_life_us;
    return act(show, invite);
}

/// A camera's password and the server's key are nobody else's business. What the show owns is closed; a certificate's key may belong to
/// what renews it, so of that it is only said.
void close_secret_files(const ShowConfig& config) {
    const bool secret = std::any_of(config.cameras.begin(), config.cameras.end(),
                                    [](const CameraConfig& camera) { return shown_address(camera.source.rest) != camera.source.rest; });
    if (secret) {
        const auto file = config.folder / "show.toml";
        const Tightened told = tighten(file);
        if (told.closed > 0)
            log::info("run", file.string() + " holds a camera's password and could be read by others on this machine; now by you alone.");
        if (!told.left_open.empty())
            log::warn("run",
                      file.string() + " holds a camera's password and can be read by others on this machine. Its owner should: chmod 600");
    }
    struct stat about {};
    if (config.tls && ::stat(config.tls->key.c_str(), &about) == 0 && (about.st_mode & 07) != 0)
        log::warn("run", config.tls->key.string() +
                             " is the server's secret key and can be read by everybody on this machine. Its owner should: "
                             "chmod o= that file.");
}

}  // namespace

Result<std::unique_ptr<RunningShow>> RunningShow::start(ShowConfig config, GraphOptions options, const std::filesystem::path& data,
                                                        std::vector<std::string> words) {
    if (options.token_file.empty()) {
        auto folder = runtime_folder();
        if (!folder) return tl::unexpected(folder.error());
        options.token_file = *folder / ("control-" + std::to_string(getpid()) + ".token");
    }
    std::unique_ptr<RunningShow> running(new RunningShow);
    running->token_file_ = options.token_file;
    close_secret_files(config);
    const auto shared = std::make_shared<const ShowConfig>(std::move(config));
    if (data.empty()) {
        auto made = PassingFolder::make("vitrine-data");
        if (!made) return tl::unexpected(made.error());
        running->passing_data_.emplace(std::move(*made));
    }
    auto store = desk::Store::open(data.empty() ? running->passing_data_->path() : data);
    if (!store) return tl::unexpected(store.error());
    auto show = Show::open(shared, std::move(*store));
    if (!show) return tl::unexpected(show.error());
    running->show_ = std::move(*show);
    running->buyers_ = std::make_unique<Buyers>(*running->show_);
    running->stage_ = make_show_stage(shared, [show = running->show_.get()](Report report) { show->report(std::move(report)); });
    auto link = open_link(*running->show_, *shared);
    if (!link) return tl::unexpected(link.error());
    options.buyer_path = "/j/" + link->id + "#" + link->secret;
    auto following = FollowUp::start(*running->show_, "/shows/" + shared->folder.filename().string());
    if (!following) return tl::unexpected(following.error());
    running->following_ = std::move(*following);
    const auto rehearsal = std::move(options.files.document);
    options.files = running->following_->files();
    if (rehearsal)
        options.files.document = [rehearsal, others = options.files.document](std::string name, std::string language,
                                                                              DeskFiles::Done done) {
            (name == "rehearsal.json" ? rehearsal : others)(std::move(name), std::move(language), std::move(done));
        };
    options.metrics = [following = running->following_.get()] { return following->metrics(); };
    const std::string buyer_path = options.buyer_path;
    auto graph = ShowGraph::start(*running->show_, *running->buyers_, *running->stage_, std::move(options));
    if (!graph) return tl::unexpected(graph.error());
    running->graph_ = std::move(*graph);

    running->buyer_url_ = running->graph_->buyer_origin() + buyer_path;

    for (const SessionMove move : {SessionMove::prepare, SessionMove::go_live}) {
        if (move == SessionMove::go_live && !shared->start_live) break;
        if (auto moved = running->show_->post(MoveSession{move}).get(); !moved) return tl::unexpected(moved.error());
    }
    if (!words.empty()) words.insert(words.end(), {"--port", std::to_string(running->graph_->buyer_port())});
    running->announced_ = Announced({running->graph_->control_url(), running->token_file_, shared->folder, getpid(), std::move(words)});
    return running;
}

RunningShow::~RunningShow() {
    if (show_) show_->post(MoveSession{SessionMove::end}).wait();
    graph_.reset();
    following_.reset();
    buyers_.reset();
    stage_.reset();
    show_.reset();
    std::error_code error;
    std::filesystem::remove(token_file_, error);
}

}  // namespace vitrine
