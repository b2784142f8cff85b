#pragma once
// What the presenter practises, step by step, and whether it has been done: read off the show's own snapshots, so it does not matter
// whether panel, helper or control API did it. At the end: how it went. Pure; whoever owns it serialises the calls.

#include <string>
#include <string_view>
#include <vector>

#include "engine/snapshot.h"

namespace vitrine::rehearsal {

enum class StepId { go_live, pin, answer, counter, chapter, safe, back, end };
std::string_view to_string(StepId);

struct Step {
    StepId id = StepId::go_live;
    bool done = false;
    bool operator==(const Step&) const = default;
};

class Guide {
  public:
    /// Steps that this show cannot take are left out: without products nothing is pinned and nobody asks for a price.
    explicit Guide(const ShowConfig& show);
    /// True when something was ticked.
    bool see(const Snapshot& snapshot);
    const std::vector<Step>& steps() const { return steps_; }
    /// The first that is not done; steps().size() when all are.
    std::size_t current() const;
    bool over() const { return over_; }

  private:
    void tick(StepId id, bool done);
    std::vector<Step> steps_;
    bool live_ = false, over_ = false, changed_ = false;
    std::string pinned_;  ///< in the snapshot before
};

/// How it went, from what is on the desk.
struct Outcome {
    int steps = 0, steps_done = 0;
    int questions = 0, answered = 0;
    double answer_s = 0, longest_s = 0;        ///< mean and longest time to an answer
    std::vector<std::string> unanswered;       ///< the questions as they were asked
    int quotes = 0, offered = 0, ordered = 0;  ///< asked for, given an offer, accepted
    std::vector<std::string> open_quotes;      ///< numbers of those never given an offer
    int hands_up = 0;
    bool operator==(const Outcome&) const = default;
};
Outcome outcome(const Guide& guide, const desk::DeskView& desk);

/// What is to be done next and how, and how it went, in sentences: "rehearsal.step.pin", "….how" in messages.h. Reentrant.
std::vector<std::string> sentences(const Outcome& outcome, std::string_view language);

/// For GET /control/rehearsal: {"steps":[{"id","done","text":{},"how":{}}],"current","over","outcome":{…,"sentences":{}}}. Reentrant.
std::string document(const Guide& guide, const Outcome& outcome);

}  // namespace vitrine::rehearsal
