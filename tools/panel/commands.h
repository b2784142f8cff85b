#pragma once
// What a frame of the panel asks for. Views and keys fill it while drawing; the app carries it out after the frame: commands go to the
// show, acts change the panel itself. Thread-bound.

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/commands.h"

namespace vitrine::panel {

struct SelectPreview {
    std::string scene;
};
struct SetLanguage {
    std::string language;
};
struct SetTheme {
    bool dark = true;
};
struct AskAgain {
    SessionMove move;
};  ///< the next press of the same within four seconds does it
struct ForgetAsking {};
struct CopyBuyerLink {};

using Act = std::variant<SelectPreview, SetLanguage, SetTheme, AskAgain, ForgetAsking, CopyBuyerLink>;

struct Commands {
    std::vector<Command> to_show;
    std::vector<Act> acts;

    template <class C>
    void send(C&& command) {
        to_show.emplace_back(std::forward<C>(command));
    }
    void act(Act act) { acts.push_back(std::move(act)); }
};

}  // namespace vitrine::panel
