#pragma once
// Tells the factory's own systems what buyers do. Entries wait in the store's outbox; one thread sends them with libcurl: each until it is
// taken (at least once; the CloudEvents id is the same in every try), one at a time in each line (receiver and person), eight lines of a
// receiver side by side. A receiver that fails or hangs holds up its own lines only; nothing here holds up the show. See README.md beside
// this for what is on the wire.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "engine/config.h"
#include "engine/desk/store.h"
#include "engine/result.h"
#include "pipelines/deliver/webhooks/delivery_rules.h"

namespace vitrine {

class Webhooks {
  public:
    struct Timing {
        webhooks::RetryRules retry;
        long connect_ms = 5'000, whole_ms = 15'000;
        int look_every_ms = 1'000;  ///< for entries whose time has come
    };

    /// `store` outlives it. missing: a secret cannot be read.
    static Result<std::unique_ptr<Webhooks>> start(desk::Store& store, std::vector<WebhookConfig> hooks, Timing timing);
    static Result<std::unique_ptr<Webhooks>> start(desk::Store& store, std::vector<WebhookConfig> hooks);
    /// What is on its way is broken off and sent again after the next start.
    virtual ~Webhooks() = default;

    /// Thread-safe. There may be something new in the outbox.
    virtual void wake() = 0;
    /// Waits until nothing is due or on its way, at most so long: for the end of a show, whose last events would else wait for the next
    /// one.
    virtual void finish(std::chrono::milliseconds most) = 0;

    struct Figures {
        std::uint64_t sent = 0, failed = 0, dead = 0;
    };
    /// Thread-safe. Tries since the start, by how they ended.
    virtual Figures figures() const = 0;
};

}  // namespace vitrine
