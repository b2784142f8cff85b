#pragma once
// The control panel as a child process; it may crash, stall or be closed without the show noticing.

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace vitrine {

class PanelProcess {
  public:
    static bool display_present();
    PanelProcess(const std::string& control_url, const std::filesystem::path& token_file);
    /// Closes it.
    ~PanelProcess();
    PanelProcess(const PanelProcess&) = delete;
    PanelProcess& operator=(const PanelProcess&) = delete;
    bool started() const { return pid_ > 0; }
    /// After SIGCHLD.
    void reap();

  private:
    pid_t pid_ = -1;
};

}  // namespace vitrine
