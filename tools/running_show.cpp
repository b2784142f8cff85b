#include "tools/running_show.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "engine/clock.h"
#include "engine/log.h"
#include "engine/private_files.h"
#include "engine/source_url.h"
#include "overlays/show_stage.h"
#include "tools/commands.h"
#include "tools/open_link.h"

namespace vitrine {
namespace {

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
    options.buyer_path = link_path(*link);
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
