#pragma once
// Programs beside the window: `vitrine probe` and `vitrine new` look for cameras, try an address, read pictures and write a show, so that
// the panel itself opens no camera and decodes no stranger's picture. They end with this object. Thread-bound.

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tools/panel/child_job.h"
#include "tools/panel/file_pictures.h"
#include "tools/panel/panel_state.h"

namespace vitrine::panel {

class PanelJobs {
  public:
    /// `state` outlives it; `want` is told every text whose letters will be drawn.
    PanelJobs(std::filesystem::path program, PanelState& state, std::function<void(const std::string&)> want);
    ~PanelJobs();
    PanelJobs(const PanelJobs&) = delete;
    PanelJobs& operator=(const PanelJobs&) = delete;

    /// Once a frame; true when one has ended.
    bool look_after();

    void look_for_cameras();
    void try_camera(const std::string& source);
    void look_at_pictures(const std::string& folder);
    /// Out of what has been answered.
    void make_show();

  private:
    using Done = std::function<void(const ChildJob::Ended&)>;
    void run(const std::vector<std::string>& words, const std::string& input, Done done);
    std::string passing_file(const std::string& name);
    /// A camera that a show masks is not shown without its masks here either.
    std::vector<std::string> with_known_shows(std::vector<std::string> words) const;
    void show_thumbnail(const std::string& file);
    void want_trial(const Trial& trial);

    std::filesystem::path program_;
    PanelState& state_;
    std::function<void(const std::string&)> want_;
    std::vector<std::pair<ChildJob, Done>> jobs_;
    FilePictures file_pictures_;
    std::string passing_;  ///< folder
    int tried_ = 0;
};

}  // namespace vitrine::panel
