#pragma once
// Answers that other threads give to the net thread. Who answers keeps only a number, so nothing of the net thread's is called or destroyed
// elsewhere, and an answer that comes after the end finds nobody.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace vitrine::web {

class Awaited {
  public:
    /// `post` runs a function on the net thread, from any thread.
    explicit Awaited(std::function<void(std::function<void()>)> post) : post_(std::move(post)) {}

    /// Net thread. What is returned may be called on any thread, once; `done` then runs on the net thread.
    template <class Answer>
    std::function<void(Answer)> expect(std::function<void(Answer)> done) {
        const std::uint64_t number = waiting_->next++;
        // Type-erased: the answer is put where `done` finds it.
        waiting_->calls.emplace(number, [done = std::move(done)](void* answer) { done(std::move(*static_cast<Answer*>(answer))); });
        return [number, post = post_, weak = std::weak_ptr<Waiting>(waiting_)](Answer answer) {
            auto held = std::make_shared<Answer>(std::move(answer));
            post([number, weak, held] {
                const auto waiting = weak.lock();
                if (!waiting) return;
                const auto found = waiting->calls.find(number);
                if (found == waiting->calls.end()) return;
                const auto call = std::move(found->second);
                waiting->calls.erase(found);
                call(held.get());
            });
        };
    }

  private:
    struct Waiting {
        std::map<std::uint64_t, std::function<void(void*)>> calls;
        std::uint64_t next = 0;
    };
    std::function<void(std::function<void()>)> post_;
    std::shared_ptr<Waiting> waiting_ = std::make_shared<Waiting>();
};

}  // namespace vitrine::web
