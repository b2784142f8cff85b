#include "pipelines/deliver/webhooks/webhooks.h"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "engine/barrier.h"
#include "engine/clock.h"
#include "engine/log.h"

namespace vitrine {
namespace {

using webhooks::Outcome;

// Of one receiver: a receiver that hangs keeps its own places, never another's.
constexpr std::ptrdiff_t most_at_once = 8;
constexpr int most_per_look = 64, most_hops = 3;
constexpr std::size_t most_body = 64 * 1024, most_secret = 4096;

using Line = std::pair<std::string, std::string>;  ///< receiver and person

std::string read_secret(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(most_secret, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
}

/// One try, redirects on the same server included. Lives from start to end of the transfer.
struct Try {
    desk::OutboxEntry entry;
    const WebhookConfig* hook = nullptr;
    std::string url, signature;
    int hops = 0;
    std::size_t received = 0;
    bool too_long = false;
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy{curl_easy_init(), curl_easy_cleanup};
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers{nullptr, curl_slist_free_all};
};

std::size_t take_body(char*, std::size_t size, std::size_t count, void* context) {
    auto& one = *static_cast<Try*>(context);
    one.received += size * count;
    if (one.received <= most_body) return size * count;
    one.too_long = true;
    return 0;  // ends the transfer; the status is known already
}

class Sender final : public Webhooks {
  public:
    Sender(desk::Store& store, std::vector<WebhookConfig> hooks, Timing timing)
        : store_(store), hooks_(std::move(hooks)), timing_(timing), inbox_(std::make_shared<Inbox>()) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        multi_ = curl_multi_init();
        inbox_->multi = multi_;
    }

    ~Sender() override {
        stop_ = true;
        curl_multi_wakeup(multi_);
        if (thread_.joinable()) thread_.join();
        {
            // Answers of the store that are still to come find nobody.
            std::lock_guard lock(inbox_->mutex);
            inbox_->multi = nullptr;
        }
        for (auto& [handle, one] : tries_) curl_multi_remove_handle(multi_, handle);
        tries_.clear();
        curl_multi_cleanup(multi_);
    }

    Result<void> open() {
        for (const WebhookConfig& hook : hooks_)
            if (secrets_of(hook).empty())
                return fail("The secret of the webhook " + hook.id + " cannot be read. Check its file.", ErrorKind::missing);
        thread_ = barrier::thread("webhooks", [this] { work(); });
        return {};
    }

    void wake() override {
        idle_ = false;
        look_now_ = true;
        curl_multi_wakeup(multi_);
    }
    void finish(std::chrono::milliseconds most) override {
        wake();
        std::unique_lock lock(idle_mutex_);
        became_idle_.wait_for(lock, most, [&] { return idle_.load(); });
    }
    Figures figures() const override { return {sent_, failed_, dead_}; }

  private:
    /// Where the store's answers wait for this thread.
    struct Inbox {
        std::mutex mutex;
        CURLM* multi = nullptr;  ///< null once the sender has gone
        std::vector<desk::OutboxEntry> due;
        bool asked = false, answered = false;
    };

    void work() {
        Nanoseconds looked = 0;
        while (!stop_) {
            take_due();
            const Nanoseconds every = Nanoseconds{timing_.look_every_ms} * 1'000'000;
            if (look_now_.exchange(false) || steady_now() - looked >= every) {
                looked = steady_now();
                look();
            }
            int running = 0;
            curl_multi_perform(multi_, &running);
            if (take_finished()) continue;  // the next of the line
            curl_multi_poll(multi_, nullptr, 0, timing_.look_every_ms, nullptr);
        }
    }

    void look() {
        {
            std::lock_guard lock(inbox_->mutex);
            // An answer that has not been taken yet is as old as its question: what has finished since must not be forgotten before.
            if (inbox_->asked || inbox_->answered) {
                look_now_ = false;
                again_ = true;
                return;
            }
            inbox_->asked = true;
        }
        finished_.clear();
        store_.outbox_due(utc_now_us(), most_per_look, [inbox = inbox_](std::vector<desk::OutboxEntry> due) {
            std::lock_guard lock(inbox->mutex);
            inbox->asked = false;
            inbox->answered = true;
            if (!inbox->multi) return;
            inbox->due = std::move(due);
            curl_multi_wakeup(inbox->multi);
        });
    }

    void take_due() {
        std::vector<desk::OutboxEntry> due;
        bool free = false, answered = false;
        {
            std::lock_guard lock(inbox_->mutex);
            answered = std::exchange(inbox_->answered, false);
            due.swap(inbox_->due);
            free = !inbox_->asked;
        }
        for (desk::OutboxEntry& entry : due) {
            const auto theirs = [&](const Line& line) { return line.first == entry.hook; };
            if (std::count_if(busy_.begin(), busy_.end(), theirs) >= most_at_once) continue;  // they are found again
            // What has ended since the store was asked is told as it was before.
            if (busy_.contains({entry.hook, entry.person}) || finished_.contains(entry.number)) continue;
            begin(std::move(entry));
        }
        if (free && std::exchange(again_, false)) look_now_ = true;
        if (answered && due.empty() && tries_.empty() && !look_now_) {
            std::lock_guard lock(idle_mutex_);
            idle_ = true;
            became_idle_.notify_all();
        }
    }

    std::vector<std::string> secrets_of(const WebhookConfig& hook) {
        // Read anew each time, so that a secret can be changed while the show runs; an unreadable file leaves the one that is known.
        std::vector<std::string> secrets;
        for (const auto& file : hook.secret_files) {
            std::string& known = secrets_[file];
            if (std::string fresh = read_secret(file); fresh.size() >= 16 && fresh != known) {
                log::hide(fresh);
                known = std::move(fresh);
            }
            if (!known.empty()) secrets.push_back(known);
        }
        return secrets;
    }

    void begin(desk::OutboxEntry entry) {
        const WebhookConfig* hook = nullptr;
        for (const WebhookConfig& h : hooks_)
            if (h.id == entry.hook) hook = &h;
        if (!hook) {
            // Its receiver has been taken out of the configuration.
            ++dead_;
            log::warn("webhooks", "An event has no receiver any more and is kept as a dead letter",
                      {{"receiver", entry.hook}, {"number", std::to_string(entry.number)}});
            finished_.insert(entry.number);
            store_.outbox_failed(entry.number, 0, true);
            look_now_ = true;
            return;
        }
        auto one = std::make_unique<Try>();
        one->entry = std::move(entry);
        one->hook = hook;
        one->url = hook->url;
        const std::int64_t now_s = utc_now_us() / 1'000'000;
        one->signature = webhooks::signature(one->entry.data, now_s, secrets_of(*hook));
        busy_.insert({one->entry.hook, one->entry.person});
        send(std::move(one));
    }

    void send(std::unique_ptr<Try> one) {
        CURL* easy = one->easy.get();
        curl_easy_reset(easy);
        one->received = 0;
        one->too_long = false;
        curl_slist* list = nullptr;
        for (const std::string& line : {std::string("Content-Type: application/cloudevents+json; charset=utf-8"),
                                        "Vitrine-Signature: " + one->signature, std::string("Expect:"), std::string("Accept: */*")})
            list = curl_slist_append(list, line.c_str());
        one->headers.reset(list);
        curl_easy_setopt(easy, CURLOPT_URL, one->url.c_str());
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "Vitrine");
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, one->entry.data.data());
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(one->entry.data.size()));
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, timing_.connect_ms);
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timing_.whole_ms);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_NETRC, 0L);
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, (barrier::barred<"webhook answer", &take_body>));
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, one.get());
        // TLS is verified by default, certificate and name; no option here says otherwise.
        tries_[easy] = std::move(one);
        curl_multi_add_handle(multi_, easy);
    }

    bool take_finished() {
        bool any = false;
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            CURL* easy = message->easy_handle;
            const CURLcode code = message->data.result;
            curl_multi_remove_handle(multi_, easy);
            const auto found = tries_.find(easy);
            if (found == tries_.end()) continue;
            std::unique_ptr<Try> one = std::move(found->second);
            tries_.erase(found);
            finish(std::move(one), code);
            any = true;
        }
        return any;
    }

    static Outcome outcome_of(const Try& one, CURLcode code) {
        Outcome outcome;
        long status = 0;
        curl_easy_getinfo(one.easy.get(), CURLINFO_RESPONSE_CODE, &status);
        outcome.status = static_cast<int>(status);
        outcome.whole = code == CURLE_OK || one.too_long;
        if (!outcome.whole) outcome.trouble = curl_easy_strerror(code);
        const std::int64_t now = utc_now_us();
        curl_header* header = nullptr;
        if (curl_easy_header(one.easy.get(), "Retry-After", 0, CURLH_HEADER, -1, &header) == CURLHE_OK)
            outcome.retry_after_us = webhooks::retry_after(header->value, now);
        return outcome;
    }

    void finish(std::unique_ptr<Try> one, CURLcode code) {
        const Outcome outcome = outcome_of(*one, code);
        if (code == CURLE_OK && (outcome.status == 307 || outcome.status == 308) && one->hops < most_hops) {
            char* to = nullptr;
            curl_easy_getinfo(one->easy.get(), CURLINFO_REDIRECT_URL, &to);
            if (to && webhooks::same_server(one->hook->url, to)) {
                one->url = std::string(to);
                ++one->hops;
                return send(std::move(one));
            }
        }
        const desk::OutboxEntry& entry = one->entry;
        busy_.erase({entry.hook, entry.person});
        finished_.insert(entry.number);
        look_now_ = true;
        if (webhooks::delivered(outcome)) {
            ++sent_;
            store_.outbox_sent(entry.number);
            return;
        }
        ++failed_;
        const auto next = webhooks::next_try(outcome, entry.tries + 1, entry.made_us, utc_now_us(), luck_(random_), timing_.retry);
        // Neither the address nor what was sent: both may hold what is nobody else's business.
        const std::string why = outcome.status != 0 && outcome.whole ? "it answered " + std::to_string(outcome.status) : outcome.trouble;
        if (next.dead) {
            ++dead_;
            log::error("webhooks", "An event was not taken and is kept as a dead letter; send it again from the control API",
                       {{"receiver", entry.hook}, {"type", entry.type}, {"number", std::to_string(entry.number)}, {"why", why}});
        } else {
            log::warn("webhooks", "An event was not taken; it will be sent again",
                      {{"receiver", entry.hook},
                       {"type", entry.type},
                       {"number", std::to_string(entry.number)},
                       {"try", std::to_string(entry.tries + 1)},
                       {"why", why}});
        }
        store_.outbox_failed(entry.number, next.at_us, next.dead);
    }

    desk::Store& store_;
    const std::vector<WebhookConfig> hooks_;
    const Timing timing_;
    const std::shared_ptr<Inbox> inbox_;
    CURLM* multi_ = nullptr;
    std::thread thread_;
    std::atomic<bool> stop_{false}, look_now_{true}, idle_{false};
    std::mutex idle_mutex_;
    std::condition_variable became_idle_;
    std::atomic<std::uint64_t> sent_{0}, failed_{0}, dead_{0};

    // Thread-bound to thread_.
    std::map<CURL*, std::unique_ptr<Try>> tries_;
    std::set<Line> busy_;
    std::set<std::int64_t> finished_;  ///< since the store was last asked, until the next question
    std::map<std::filesystem::path, std::string> secrets_;
    bool again_ = false;  ///< something was new while the store was being asked
    std::mt19937_64 random_{std::random_device{}()};
    std::uniform_real_distribution<double> luck_{0, 1};
};

}  // namespace

Result<std::unique_ptr<Webhooks>> Webhooks::start(desk::Store& store, std::vector<WebhookConfig> hooks, Timing timing) {
    auto sender = std::make_unique<Sender>(store, std::move(hooks), timing);
    if (auto opened = sender->open(); !opened) return tl::unexpected(opened.error());
    return sender;
}

Result<std::unique_ptr<Webhooks>> Webhooks::start(desk::Store& store, std::vector<WebhookConfig> hooks) {
    return start(store, std::move(hooks), Timing{});
}

}  // namespace vitrine
