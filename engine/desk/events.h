#pragma once
// Which records are news for the factory's own systems, as CloudEvents 1.0 (JSON, structured mode). An event is made together with the
// records that it speaks of and kept in the same transaction (Store::Write), so there is none without the other.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/config.h"
#include "engine/desk/desk.h"
#include "engine/desk/store.h"

namespace vitrine::desk {

/// Thread-bound, like the desk that it is asked about.
class EventMaker {
  public:
    /// `source`: the CloudEvents source of this show. `clock`: UTC µs; `new_id`: distinct ids.
    EventMaker(std::shared_ptr<const ShowConfig> show, std::string source, std::function<std::int64_t()> clock,
               std::function<std::string()> new_id);

    /// One entry for each receiver that wants it, in the order of the records. `before`: the desk without them.
    std::vector<OutboxEntry> operator()(const std::vector<Record>& records, const Desk& before);

  private:
    struct Batch;
    std::shared_ptr<const ShowConfig> show_;
    std::string source_;
    std::function<std::int64_t()> clock_;
    std::function<std::string()> new_id_;
    bool on_air_ = false;  ///< between show.started and show.ended
};

}  // namespace vitrine::desk
