#pragma once
// What bodies made for one reader (an offer, a still, a table) may take together while they wait to be read. Long ones that lie on the disk
// are read in pieces instead (body_source.h), and what all readers share costs nothing more. Net thread only; the caller owns the clock.
// When it is full, who has been taking longest gives way to who comes now, once they have had a while.

#include <cstddef>
#include <functional>
#include <list>
#include <memory>

#include "engine/clock.h"

namespace vitrine::web {

class BodyMemory {
  public:
    explicit BodyMemory(std::size_t most, Nanoseconds give_way_after = 10'000'000'000);

    /// Held until the pointer goes. Null: there is no room. A body larger than all there is gets in when nothing else is held. `cut` ends
    /// the reader; a later take() may call it, once.
    std::shared_ptr<void> take(std::size_t bytes, Nanoseconds now, std::function<void()> cut);
    std::size_t held() const { return held_->bytes; }

  private:
    struct Body {
        std::size_t bytes;
        Nanoseconds since;
        std::function<void()> cut;
    };
    struct Held {
        std::size_t bytes = 0;
        std::list<Body> bodies;  ///< oldest first
    };
    bool fits(std::size_t bytes) const { return held_->bytes == 0 || held_->bytes + bytes <= most_; }

    std::size_t most_;
    Nanoseconds give_way_after_;
    std::shared_ptr<Held> held_ = std::make_shared<Held>();
};

}  // namespace vitrine::web
