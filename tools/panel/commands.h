#pragma once
// What a frame of the panel asks for. Views and keys fill it while drawing; the app carries it out after the frame: commands go to the
// show, desk acts to the buyers' desk, acts change the panel itself. Thread-bound.

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/commands.h"
#include "engine/desk/acts.h"

namespace vitrine::panel {

enum class Page { show, buyers, products, masks, multiview, sound, record, log, settings, help };
inline constexpr int page_count = 10;
std::string_view to_string(Page page);

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
    std::string what;
    std::string question = {};  ///< what will happen, with names and amounts; stands in the status bar
};                              ///< the next press of the same within four seconds does it, but for one that comes with the same stroke
struct ForgetAsking {};
struct CopyText {
    std::string text;
    std::string what;  ///< which control says "copied" for two seconds
};
struct OpenPage {
    Page page = Page::show;
};
/// What is chosen in a view or typed into a field; views name their own keys ("buyers.tab", "quote.price").
struct Keep {
    std::string key, value;
    bool operator==(const Keep&) const = default;
};
/// Something is to be said in the status bar.
struct Tell {
    std::string sentence;
    bool warning = true;
};
/// A key that would take itself back was carried out.
struct KeyTaken {
    char key = 0;
};
struct SetFade {
    int ms = 500;
};
enum class Overlay { none, keys, preflight, rehearsal };
struct OpenOverlay {
    Overlay overlay = Overlay::none;
};
struct Explain {
    bool on = true;
};

/// A callout under the pointer, not yet let go.
struct CalloutDrag {
    std::string callout, product;
    std::array<double, 3> at_mm{};
    std::array<double, 2> grip{};  ///< mm from the pointer to the callout when it was taken
    bool operator==(const CalloutDrag&) const = default;
};
struct DragCallout {
    std::optional<CalloutDrag> drag;
};

/// Masks being edited: what the show has been asked for last, with what is ahead of that: a corner under the pointer, a mask that is
/// being drawn or is not on air yet.
struct MaskEdit {
    std::string camera;
    std::vector<PrivacyMask> masks;
    int mask = -1, corner = -1;  ///< chosen ones; -1: none
    bool moving = false;         ///< the corner hangs on the pointer
    bool drawing = false;        ///< clicks add corners to the last mask
    bool draft = false;          ///< the last mask is not on air yet
    /// What the show had, and what it has been asked for since; others are somebody else's.
    std::vector<std::vector<PrivacyMask>> known;
    bool operator==(const MaskEdit&) const = default;
};
struct EditMasks {
    std::optional<MaskEdit> edit;
};
/// The show has written them to its file.
struct MasksSaved {
    std::string camera;
    std::vector<PrivacyMask> masks;
};
struct RunPreflight {};  ///< asks the show for its findings
struct CloseShow {};     ///< ends the program that runs the show, and goes back to the start screen
struct StartShow {
    std::string folder;
    bool rehearse = false;    ///< in private, with simulated buyers
    bool other_port = false;  ///< not where show.toml says: that port is taken
};                            ///< from the start screen; empty: the demo
struct StartAgain {};         ///< the show that has gone, as it was
struct LeaveShow {};          ///< that has gone: back to the start screen
struct CloseProblems {};      ///< of the folder that could not be started
struct OpenNewShow {
    bool open = true;
    int page = 0;
};
struct TryCamera {
    std::string source;
};  ///< opens it for a moment
struct LookAtPictures {
    std::string folder;
};
struct MakeShow {};  ///< out of what has been answered

struct Undo {};
struct Redo {};

using Act = std::variant<SelectPreview, SetLanguage, SetTheme, AskAgain, ForgetAsking, CopyText, OpenPage, Keep, SetFade, OpenOverlay,
                         Explain, Tell, KeyTaken, Undo, Redo, MasksSaved, DragCallout, EditMasks, RunPreflight, CloseShow, StartShow,
                         StartAgain, LeaveShow, CloseProblems, OpenNewShow, TryCamera, LookAtPictures, MakeShow>;

struct Commands {
    std::vector<Command> to_show;
    std::vector<desk::Act> to_desk;
    std::vector<Act> acts;

    template <class C>
    void send(C&& command) {
        to_show.emplace_back(std::forward<C>(command));
    }
    template <class A>
    void ask_desk(A&& act) {
        to_desk.emplace_back(std::forward<A>(act));
    }
    void act(Act act) { acts.push_back(std::move(act)); }
    void keep(std::string key, std::string value) { acts.push_back(Keep{std::move(key), std::move(value)}); }

    /// What was put in the place of what was kept, and can be taken back: a sentence's key and whose.
    struct KeptEdit {
        std::string name, what;
        std::vector<Keep> from, to;  ///< the first is what was typed, the others go with it
    };
    std::vector<KeptEdit> kept_edits;
};

}  // namespace vitrine::panel
