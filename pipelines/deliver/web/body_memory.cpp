#include "pipelines/deliver/web/body_memory.h"

#include <utility>

namespace vitrine::web {

BodyMemory::BodyMemory(std::size_t most, Nanoseconds give_way_after) : most_(most), give_way_after_(give_way_after) {}

std::shared_ptr<void> BodyMemory::take(std::size_t bytes, Nanoseconds now, std::function<void()> cut) {
    std::list<Body>& bodies = held_->bodies;
    while (!fits(bytes) && now - bodies.front().since >= give_way_after_) {
        // It counts as gone at once: its connection lets go of it in its own time.
        Body& oldest = bodies.front();
        held_->bytes -= std::exchange(oldest.bytes, 0);
        oldest.since = now;
        const std::function<void()> end = std::exchange(oldest.cut, nullptr);
        bodies.splice(bodies.end(), bodies, bodies.begin());
        if (end) end();
    }
    if (!fits(bytes)) return nullptr;
    held_->bytes += bytes;
    bodies.push_back({bytes, now, std::move(cut)});
    return std::shared_ptr<void>(held_.get(), [held = held_, here = std::prev(bodies.end())](void*) {
        held->bytes -= here->bytes;
        held->bodies.erase(here);
    });
}

}  // namespace vitrine::web
