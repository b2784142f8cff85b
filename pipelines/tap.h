#pragma once
// A tap joins two pipelines: one writer, any number of readers, each with a bounded queue of its own. push() never waits: a reader whose
// queue is full loses its oldest items, counted. Readers come and go at any time; the writer hears when the first comes and the last has
// gone, so that nothing is made that nobody needs.
//
// Locks: Tap::mutex_ then Reader::mutex_; neither is held while a callback runs.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace vitrine {

template <class Item>
class Tap : public std::enable_shared_from_this<Tap<Item>> {
  public:
    class Reader {
      public:
        ~Reader() {
            if (auto tap = tap_.lock()) tap->leave(this);
        }
        /// Waits up to `timeout` for the oldest item. Nothing on time-out or once closed.
        std::optional<Item> pop(std::chrono::milliseconds timeout) {
            std::unique_lock lock(mutex_);
            arrived_.wait_for(lock, timeout, [&] { return closed_ || !queue_.empty(); });
            return take();
        }
        std::optional<Item> try_pop() {
            std::unique_lock lock(mutex_);
            return take();
        }
        /// Wakes a pop() that waits; every later pop() answers nothing at once.
        void close() {
            std::lock_guard lock(mutex_);
            closed_ = true;
            arrived_.notify_all();
        }
        bool closed() const {
            std::lock_guard lock(mutex_);
            return closed_;
        }
        std::uint64_t dropped() const {
            std::lock_guard lock(mutex_);
            return dropped_;
        }
        std::uint64_t received() const {
            std::lock_guard lock(mutex_);
            return received_;
        }

      private:
        friend class Tap;
        Reader(std::weak_ptr<Tap> tap, std::size_t limit) : tap_(std::move(tap)), limit_(limit) {}
        std::optional<Item> take() {
            if (closed_ || queue_.empty()) return std::nullopt;
            Item item = std::move(queue_.front());
            queue_.pop_front();
            return item;
        }
        void put(const Item& item) {
            std::lock_guard lock(mutex_);
            if (closed_) return;
            ++received_;
            if (queue_.size() >= limit_) {
                queue_.pop_front();
                ++dropped_;
            }
            queue_.push_back(item);
            arrived_.notify_one();
        }

        std::weak_ptr<Tap> tap_;
        const std::size_t limit_;
        mutable std::mutex mutex_;
        std::condition_variable arrived_;
        std::deque<Item> queue_;
        std::uint64_t dropped_ = 0, received_ = 0;
        bool closed_ = false;
    };

    static std::shared_ptr<Tap> create() { return std::shared_ptr<Tap>(new Tap); }

    /// Called without a lock when the number of readers changes, with the new number. Set before the first reader.
    void on_readers(std::function<void(std::size_t)> callback) { on_readers_ = std::move(callback); }

    /// `limit`: items kept for this reader before the oldest is dropped.
    std::shared_ptr<Reader> read(std::size_t limit) {
        std::shared_ptr<Reader> reader(new Reader(this->weak_from_this(), limit));
        std::size_t count;
        {
            std::lock_guard lock(mutex_);
            readers_.push_back(reader.get());
            count = readers_.size();
        }
        if (on_readers_) on_readers_(count);
        return reader;
    }

    void push(const Item& item) {
        std::lock_guard lock(mutex_);
        for (Reader* reader : readers_) reader->put(item);
    }

    std::size_t readers() const {
        std::lock_guard lock(mutex_);
        return readers_.size();
    }

  private:
    Tap() = default;
    void leave(Reader* reader) {
        std::size_t count;
        {
            std::lock_guard lock(mutex_);
            std::erase(readers_, reader);
            count = readers_.size();
        }
        if (on_readers_) on_readers_(count);
    }

    mutable std::mutex mutex_;
    std::vector<Reader*> readers_;
    std::function<void(std::size_t)> on_readers_;
};

}  // namespace vitrine
