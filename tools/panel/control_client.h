#pragma once
// The panel's line to the show: one thread long-polls the snapshot, another sends commands in order. The window never waits for either. All
// methods thread-safe.

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
        std::string trouble;                             ///< why not attached; a sentence
        std::shared_ptr<const nlohmann::json> snapshot;  ///< newest; null before the first
        std::shared_ptr<const nlohmann::json> show;      ///< the show document, read again after each attach
    };
    View view() const;
    /// `done` is called on the sending thread with an empty string or the show's sentence of refusal.
    void send(nlohmann::json command, std::function<void(std::string)> done = {});

  private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
