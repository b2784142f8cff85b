#pragma once
// Functions that one thread calls until their handles are destroyed. Thread-safe, except tell(), which is that thread's alone. No lock is
// held while calling out; destroying a handle waits for a call under way, unless the listener itself does it.

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/log.h"

namespace vitrine {

/// What a caller's function throws must not end the show.
template <class Function, class... Arguments>
void call_safely(const Function& function, Arguments&&... arguments) {
    if (!function) return;
    try {
        function(std::forward<Arguments>(arguments)...);
    } catch (const std::exception& problem) {
        log::error("engine", "a function called by the show thread threw", {{"what", problem.what()}});
    } catch (...) {
        log::error("engine", "a function called by the show thread threw");
    }
}

template <class... Arguments>
class Listeners {
  public:
    using Listener = std::function<void(Arguments...)>;

    std::shared_ptr<void> add(Listener listener) {
        auto entry = std::make_shared<Entry>();
        entry->listener = std::move(listener);
        const std::lock_guard lock(inside_->mutex);
        inside_->entries.push_back(entry);
        return {entry.get(), [inside = inside_, entry](void*) {
                    std::unique_lock lock(inside->mutex);
                    entry->gone = true;
                    std::erase(inside->entries, entry);
                    // The call under way is our own: waiting for it would never end.
                    if (entry->calling && std::this_thread::get_id() == inside->teller) return;
                    inside->called.wait(lock, [&] { return !entry->calling; });
                }};
    }
    bool empty() const {
        const std::lock_guard lock(inside_->mutex);
        return inside_->entries.empty();
    }
    void tell(Arguments... arguments) const {
        std::vector<std::shared_ptr<Entry>> now;
        {
            const std::lock_guard lock(inside_->mutex);
            now = inside_->entries;
            inside_->teller = std::this_thread::get_id();
        }
        for (const auto& one : now) {
            {
                const std::lock_guard lock(inside_->mutex);
                if (one->gone) continue;
                one->calling = true;
            }
            call_safely(one->listener, arguments...);
            {
                const std::lock_guard lock(inside_->mutex);
                one->calling = false;
            }
            inside_->called.notify_all();
        }
    }

  private:
    struct Entry {
        Listener listener;
        bool gone = false, calling = false;
    };
    struct Inside {
        std::mutex mutex;
        std::condition_variable called;
        std::vector<std::shared_ptr<Entry>> entries;
        std::thread::id teller;
    };
    std::shared_ptr<Inside> inside_ = std::make_shared<Inside>();
};

}  // namespace vitrine
