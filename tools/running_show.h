#pragma once
// A show folder brought to life: show thread, stage, graph, an open invite. What run, demo and bench share.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/buyers.h"
#include "engine/config.h"
#include "engine/frame_stage.h"
#include "engine/show.h"
#include "pipelines/deliver/follow_up.h"
#include "pipelines/show_graph.h"
#include "tools/announcement.h"
#include "tools/passing_folder.h"

namespace vitrine {

class RunningShow {
  public:
    /// What happens is kept in `data`; empty: in a private folder that goes with the show.
    /// `options.files` may bring the document "rehearsal.json"; the others are made here.
    /// `words`: start it again, after "vitrine"; where buyers come in is added. Empty: nobody is told how.
    static Result<std::unique_ptr<RunningShow>> start(ShowConfig config, GraphOptions options, const std::filesystem::path& data = {},
                                                      std::vector<std::string> words = {});
    /// Ends the session, then closes everything in order.
    ~RunningShow();

    Show& show() { return *show_; }
    ShowGraph& graph() { return *graph_; }
    const std::string& buyer_url() const { return buyer_url_; }
    const std::filesystem::path& token_file() const { return token_file_; }

  private:
    RunningShow() = default;
    std::unique_ptr<Show> show_;
    std::unique_ptr<Buyers> buyers_;
    std::unique_ptr<FollowUp> following_;
    std::unique_ptr<FrameStage> stage_;
    std::unique_ptr<ShowGraph> graph_;
    std::string buyer_url_;
    std::filesystem::path token_file_;
    std::optional<PassingFolder> passing_data_;
    Announced announced_;  ///< for `vitrine panel` and `vitrine invite`
};

}  // namespace vitrine
