#include "tools/panel/control_client.h"

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "engine/barrier.h"

namespace vitrine {
namespace {

using nlohmann::json;

std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    static_cast<std::string*>(to)->append(data, size * count);
    return size * count;
}

/// One connection, kept open between calls; thread-bound.
class Connection {
  public:
    Connection(std::string base, std::string token, const std::atomic<bool>& stopping)
        : base_(std::move(base)), curl_(curl_easy_init()), stopping_(stopping) {
        headers_ = curl_slist_append(headers_, ("Authorization: Bearer " + token).c_str());
        headers_ = curl_slist_append(headers_, "Content-Type: application/json");
    }
    ~Connection() {
        curl_slist_free_all(headers_);
        curl_easy_cleanup(curl_);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    struct Answer {
        long status = 0;  ///< 0: no answer
        json body;
        std::string trouble;
    };
    Answer call(const std::string& path, const std::string* post, long timeout_ms) {
        std::string text;
        curl_easy_reset(curl_);
        curl_easy_setopt(curl_, CURLOPT_URL, (base_ + path).c_str());
        curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers_);
        curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, (barrier::barred<"control answer", &take>));
        curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &text);
        curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, timeout_ms);
        curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl_, CURLOPT_NOPROXY, "*");
        curl_easy_setopt(curl_, CURLOPT_USERAGENT, "vitrine-panel");  // the show's log names who did what
        curl_easy_setopt(curl_, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl_, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&stopping_));
        curl_easy_setopt(curl_, CURLOPT_XFERINFOFUNCTION,
                         (barrier::barred<"control wait", [](void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> int {
                             return static_cast<std::atomic<bool>*>(stop)->load();
                         }>));
        if (post) {
            curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE, static_cast<long>(post->size()));
            curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, post->c_str());
        }
        Answer answer;
        if (const CURLcode code = curl_easy_perform(curl_); code != CURLE_OK) {
            answer.trouble = curl_easy_strerror(code);
            return answer;
        }
        curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &answer.status);
        answer.body = json::parse(text, nullptr, false);
        if (answer.status >= 400)
            answer.trouble = answer.body.is_object() ? answer.body.value("detail", "") : "status " + std::to_string(answer.status);
        return answer;
    }

  private:
    const std::string base_;
    CURL* curl_;
    curl_slist* headers_ = nullptr;
    const std::atomic<bool>& stopping_;
};

std::string read_token(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string token;
    in >> token;
    return token;
}

}  // namespace

struct ControlClient::Core {
    const FindAgain find_again;
    std::atomic<bool> stopping{false};

    mutable std::mutex mutex;  // guards view, queue and the address
    std::string url;
    std::filesystem::path token_file;
    std::condition_variable wake;
    View view;
    struct Request {
        std::string path;
        std::optional<json> body;  ///< nothing: GET
        Done done;
    };
    std::deque<Request> queue;
    std::thread watcher, desk_watcher, sender;

    Core(std::string u, std::filesystem::path t, FindAgain f) : find_again(std::move(f)), url(std::move(u)), token_file(std::move(t)) {}

    std::unique_ptr<Connection> connect() {
        std::unique_lock lock(mutex);
        std::string where = url;
        std::filesystem::path token = token_file;
        lock.unlock();
        return std::make_unique<Connection>(where, read_token(token), stopping);
    }

    void set_link(Link link, std::string trouble) {
        std::lock_guard lock(mutex);
        view.link = link;
        view.trouble = std::move(trouble);
    }

    /// Sleeps unless stopping.
    void pause(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex);
        wake.wait_for(lock, time, [&] { return stopping.load(); });
    }

    void watch() {
        while (!stopping) {
            if (find_again) {
                std::unique_lock lock(mutex);
                std::string where = url;
                std::filesystem::path token = token_file;
                lock.unlock();
                find_again(where, token);
                lock.lock();
                url = where, token_file = token;
            }
            const auto connection = connect();
            const auto show = connection->call("/control/show", nullptr, 3000);
            if (show.status == 200 && show.body.is_object()) {
                std::lock_guard lock(mutex);
                view.show = std::make_shared<const json>(show.body);
                view.control_url = url;
            } else {
                set_link(show.status == 401 || show.status == 403 ? Link::refused : Link::lost, show.trouble);
                pause(std::chrono::milliseconds(500));
                continue;
            }
            std::uint64_t after = 0, edition = 0;
            while (!stopping) {
                const auto answer = connection->call("/control/snapshot?after=" + std::to_string(after) + "&wait_ms=1000", nullptr, 4000);
                if (answer.status != 200 || !answer.body.is_object()) {
                    set_link(Link::lost, answer.trouble);
                    pause(std::chrono::milliseconds(500));
                    break;
                }
                after = answer.body.value("version", std::uint64_t{0});
                // Masks, callouts and texts can be edited while the show runs.
                const auto new_edition = answer.body.value("edition", std::uint64_t{0});
                std::shared_ptr<const json> edited;
                if (edition != 0 && new_edition != edition)
                    if (auto again = connection->call("/control/show", nullptr, 3000); again.status == 200 && again.body.is_object())
                        edited = std::make_shared<const json>(std::move(again.body));
                edition = new_edition;
                std::lock_guard lock(mutex);
                if (edited) view.show = std::move(edited);
                view.link = Link::attached;
                view.trouble.clear();
                view.snapshot = std::make_shared<const json>(answer.body);
            }
        }
    }

    void watch_desk() {
        while (!stopping) {
            const auto connection = connect();
            std::uint64_t after = 0;
            while (!stopping) {
                const auto answer = connection->call("/control/desk?after=" + std::to_string(after) + "&wait_ms=1000", nullptr, 4000);
                if (answer.status != 200 || !answer.body.is_object()) break;
                after = answer.body.value("version", std::uint64_t{0});
                std::lock_guard lock(mutex);
                view.desk = std::make_shared<const json>(answer.body);
            }
            pause(std::chrono::milliseconds(1000));
        }
    }

    void send_all() {
        std::unique_ptr<Connection> connection;
        std::string connected_to;
        std::unique_lock lock(mutex);
        while (true) {
            wake.wait(lock, [&] { return stopping || !queue.empty(); });
            if (stopping) return;
            const Request request = std::move(queue.front());
            queue.pop_front();
            // A show that was started anew is elsewhere: its first command must not be lost to the old address.
            if (connected_to != url) connection.reset();
            connected_to = url;
            lock.unlock();
            if (!connection) connection = connect();
            const std::string body = request.body ? request.body->dump(-1, ' ', false, json::error_handler_t::replace) : "";
            auto answer = connection->call(request.path, request.body ? &body : nullptr, 15'000);
            if (answer.status == 0 || answer.status == 401) connection.reset();
            const bool fine = answer.status >= 200 && answer.status < 300;
            if (request.done)
                request.done({fine ? "" : answer.trouble.empty() ? "The show did not answer." : answer.trouble, std::move(answer.body)});
            lock.lock();
        }
    }
};

ControlClient::ControlClient(std::string control_url, std::filesystem::path token_file, FindAgain find_again)
    : core_(std::make_unique<Core>(std::move(control_url), std::move(token_file), std::move(find_again))) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    core_->watcher = barrier::thread("watch", [c = core_.get()] { c->watch(); });
    core_->desk_watcher = barrier::thread("watch desk", [c = core_.get()] { c->watch_desk(); });
    core_->sender = barrier::thread("send", [c = core_.get()] { c->send_all(); });
}

ControlClient::~ControlClient() {
    {
        std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->wake.notify_all();
    core_->watcher.join();
    core_->desk_watcher.join();
    core_->sender.join();
}

ControlClient::View ControlClient::view() const {
    std::lock_guard lock(core_->mutex);
    return core_->view;
}

void ControlClient::post(std::string path, nlohmann::json body, Done done) {
    {
        std::lock_guard lock(core_->mutex);
        core_->queue.push_back({std::move(path), std::move(body), std::move(done)});
    }
    core_->wake.notify_all();
}

void ControlClient::get(std::string path, Done done) {
    {
        std::lock_guard lock(core_->mutex);
        core_->queue.push_back({std::move(path), std::nullopt, std::move(done)});
    }
    core_->wake.notify_all();
}

}  // namespace vitrine
