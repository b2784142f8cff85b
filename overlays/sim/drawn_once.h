#pragma once
// What a simulated camera draws before its first frame, kept for the process: a camera that is opened again, after a reconnect or in
// another show, starts at once. A few sizes are kept; a camera holds on to its own in any case.

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

namespace vitrine::sim {

/// Thread-safe. `Pictures` is made from a width and a height and then only read.
template <class Pictures>
class DrawnOnce {
  public:
    std::shared_ptr<const Pictures> of(int width, int height) {
        const auto entry = entry_of(width, height);
        const std::lock_guard lock(entry->mutex);  // of this size alone: who wants the same waits instead of drawing it too
        if (!entry->pictures) entry->pictures = std::make_shared<const Pictures>(width, height);
        return entry->pictures;
    }

  private:
    static constexpr std::size_t most_sizes = 4;
    struct Entry {
        int width = 0, height = 0;
        std::mutex mutex;
        std::shared_ptr<const Pictures> pictures;
    };

    std::shared_ptr<Entry> entry_of(int width, int height) {
        const std::lock_guard lock(mutex_);
        for (auto at = entries_.begin(); at != entries_.end(); ++at)
            if ((*at)->width == width && (*at)->height == height) {
                entries_.splice(entries_.begin(), entries_, at);
                return entries_.front();
            }
        if (entries_.size() >= most_sizes) entries_.pop_back();
        entries_.push_front(std::make_shared<Entry>());
        entries_.front()->width = width, entries_.front()->height = height;
        return entries_.front();
    }

    std::mutex mutex_;
    std::list<std::shared_ptr<Entry>> entries_;  ///< the last used first
};

}  // namespace vitrine::sim
