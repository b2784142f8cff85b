#pragma once
// What stands between a hand and what it did not mean. A place that has just come to do something else takes no press for a moment, and no
// key acts on the show while a text field was the last thing used. One per panel, kept between frames. Seconds and coordinates are ImGui's.
// Thread-bound.

#include <string>
#include <utility>
#include <vector>

namespace vitrine::panel {

/// How long a place, a key and a question are left alone after they have changed what a press does.
inline constexpr double settled_after_s = 0.4;

class Hand {
  public:
    /// `scrolled`: the list under the pointer was moved by its own hand, which is no surprise.
    void begin_frame(double now, float pointer_x, float pointer_y, float reach, bool scrolled, bool focus_shown);
    /// `clicked`, `escaped`: the ways out of typing.
    void end_frame(bool clicked, bool escaped);

    /// Called for each control drawn: false while the place under the pointer is new to doing `what`.
    bool settled(float x, float y, float w, float h, const std::string& what);
    /// A press began on this; whatever ends it must still be the same.
    void press(const std::string& what, bool settled) { pressed_ = settled ? what : std::string(); }
    bool pressed(const std::string& what) const { return !what.empty() && pressed_ == what; }

    /// A field has the keyboard in this frame.
    void type() { in_field_ = typing_ = true; }
    bool in_field() const { return in_field_; }
    /// Keys that came and went between two frames, which ImGui does not see.
    void enter(bool pressed) { entered_ = pressed; }
    bool entered() const { return entered_; }
    void leave_field() { leaves_ = in_field_, in_field_ = typing_ = false; }
    bool take_leave() { return std::exchange(leaves_, false); }
    /// A field was the last thing used, whether it still has the keyboard or not.
    bool typing() const { return typing_; }
    /// Space and Enter press the focused control.
    bool focus_shown() const { return focus_shown_; }

    /// Whom the controls that are drawn now are for; part of what a press does.
    std::string about;

  private:
    struct Place {
        float x, y, w, h;
        std::string what;
        double since;
    };
    std::vector<Place> before_, now_places_;
    double now_ = 0, scrolled_at_ = -1;
    float x_ = -1, y_ = -1, reach_ = 0;
    std::string pressed_;
    bool in_field_ = false, typing_ = false, focus_shown_ = false, entered_ = false, leaves_ = false;
};

/// For the controls drawn while it lives.
class About {
  public:
    About(Hand& hand, std::string whom) : hand_(hand), before_(std::move(hand.about)) { hand_.about = std::move(whom); }
    ~About() { hand_.about = std::move(before_); }
    About(const About&) = delete;
    About& operator=(const About&) = delete;

  private:
    Hand& hand_;
    std::string before_;
};

/// Whether an input method is putting letters together: then Enter and Escape are its own. X11 hands its keys over like any others;
/// that no letter came of them is how they are told apart.
class Composition {
  public:
    /// A key that writes a letter, by itself or with Shift.
    void letter_key() { waits_ = true; }
    void letter_came() { waits_ = false; }
    /// True when Enter or Escape is not ours. They end what was being put together.
    bool takes_key() { return std::exchange(waits_, false); }

  private:
    bool waits_ = false;
};

}  // namespace vitrine::panel
