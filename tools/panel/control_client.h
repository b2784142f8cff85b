#pragma once
// The panel's line to the show: one thread long-polls the snapshot, one the buyers' desk, another sends what is asked, in order. The window
// never waits for any of them. All methods thread-safe.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

namespace vitrine {

class ControlClient {
  public:
    enum class Link { connecting, attached, lost, refused };

    using FindAgain = std::function<void(std::string& control_url, std::filesystem::path& token_file)>;

    /// `find_again` may change the address before each try to attach; called on the polling thread.
    ControlClient(std::string control_url, std::filesystem::path token_file, FindAgain find_again = {});
    ~ControlClient();

    struct View {
        Link link = Link::connecting;
        std::string control_url;                         ///< where the show was asked last
        std::string trouble;                             ///< why not attached; a sentence
        std::shared_ptr<const nlohmann::json> snapshot;  ///< newest; null before the first
        std::shared_ptr<const nlohmann::json> show;      ///< the show document, read again after each attach and edition
        std::shared_ptr<const nlohmann::json> desk;      ///< newest; null before the first, or when the show has no desk
    };
    View view() const;
    struct Answer {
        std::string refusal;  ///< empty: done; else the show's sentence
        nlohmann::json body;
    };
    using Done = std::function<void(Answer)>;
    /// `done` is called on the sending thread. A command goes to /control/command, a desk act to /control/act.
    void post(std::string path, nlohmann::json body, Done done);
    void get(std::string path, Done done);

  private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
