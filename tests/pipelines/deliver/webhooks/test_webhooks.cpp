// The sender against a real store on disk and a real receiver on a socket that fails in every way.

#include "pipelines/deliver/webhooks/webhooks.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "engine/clock.h"
#include "tests/support/catch.h"
#include "tests/support/patience.h"

using namespace vitrine;
using namespace std::chrono_literals;

namespace {

struct Arrival {
    std::string body, signature, path;
};

/// Answers each request with what `answer` says, byte for byte, and closes.
class Receiver {
  public:
    explicit Receiver(std::function<std::string(const Arrival&, int nth)> answer) : answer_(std::move(answer)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(::listen(listener_, 32) == 0);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~Receiver() {
        stop_ = true;
        thread_.join();
        ::close(listener_);
    }
    std::string url(const std::string& path = "/hook") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
    std::vector<Arrival> arrivals() const {
        const std::lock_guard lock(mutex_);
        return arrivals_;
    }

  private:
    void serve() {
        while (!stop_) {
            pollfd ready{listener_, POLLIN, 0};
            if (::poll(&ready, 1, 20) <= 0) continue;
            const int client = ::accept(listener_, nullptr, nullptr);
            if (client < 0) continue;
            const timeval patience{5, 0};
            ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            take(client);
            ::close(client);
        }
    }
    void take(int client) {
        std::string text;
        char part[4096];
        std::size_t head = std::string::npos, wanted = 0;
        while (head == std::string::npos || text.size() < head + 4 + wanted) {
            const ssize_t n = ::recv(client, part, sizeof part, 0);
            if (n <= 0) return;
            text.append(part, static_cast<std::size_t>(n));
            if (head == std::string::npos && (head = text.find("\r\n\r\n")) != std::string::npos)
                wanted = std::stoul(field(text, "Content-Length: "));
        }
        Arrival arrival{text.substr(head + 4), field(text, "Vitrine-Signature: "), text.substr(5, text.find(' ', 5) - 5)};
        int nth = 0;
        {
            const std::lock_guard lock(mutex_);
            for (const Arrival& before : arrivals_) nth += before.body == arrival.body;
            arrivals_.push_back(arrival);
        }
        const std::string answer = answer_(arrival, nth);
        ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    static std::string field(const std::string& text, const std::string& name) {
        const std::size_t at = text.find(name);
        return at == std::string::npos ? "0" : text.substr(at + name.size(), text.find("\r\n", at) - at - name.size());
    }

    std::function<std::string(const Arrival&, int)> answer_;
    int listener_ = -1, port_ = 0;
    std::atomic<bool> stop_{false};
    mutable std::mutex mutex_;
    std::vector<Arrival> arrivals_;
    std::thread thread_;
};

std::string status(int code, const std::string& more = "", const std::string& body = "") {
    return "HTTP/1.1 " + std::to_string(code) + " x\r\n" + more + "Content-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n\r\n" + body;
}

const std::string secret = "0123456789abcdef0123456789abcdef";

struct Outbox {
    std::filesystem::path folder;
    std::unique_ptr<desk::Store> store;

    Outbox() {
        std::string name = (std::filesystem::temp_directory_path() / "vitrine-hooks-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        folder = name;
        std::ofstream(folder / "secret") << secret << "\n";
        open();
    }
    ~Outbox() {
        store.reset();
        std::filesystem::remove_all(folder);
    }
    void open() {
        store.reset();
        auto opened = desk::Store::open(folder);
        REQUIRE(opened);
        store = std::move(*opened);
        REQUIRE(store->load());
    }
    void put(const std::string& hook, const std::string& person, const std::string& data) {
        desk::OutboxEntry entry;
        entry.hook = hook;
        entry.person = person;
        entry.type = "com.vitrine.test";
        entry.data = data;
        entry.made_us = utc_now_us();
        desk::Store::Write write;
        write.outbox.push_back(std::move(entry));
        std::promise<Result<void>> done;
        store->write(std::move(write), [&](Result<void> r) { done.set_value(std::move(r)); });
        REQUIRE(done.get_future().get());
    }
    desk::Store::Outbox look() {
        std::promise<desk::Store::Outbox> box;
        store->outbox(100, [&](desk::Store::Outbox b) { box.set_value(std::move(b)); });
        return box.get_future().get();
    }
    bool again(std::int64_t number) {
        std::promise<bool> there;
        store->outbox_again(number, [&](bool b) { there.set_value(b); });
        return there.get_future().get();
    }
    WebhookConfig hook(const std::string& id, const std::string& url) const { return {id, url, {folder / "secret"}, {}}; }
};

Webhooks::Timing quick() {
    Webhooks::Timing timing;
    timing.retry.first_us = 40'000;
    timing.retry.most_us = 200'000;
    timing.look_every_ms = 20;
    timing.whole_ms = 1500;
    timing.connect_ms = 1000;
    return timing;
}

/// No deadline is what a test with this is about: a busy machine's answer that misses one would be one more try.
Webhooks::Timing patient() {
    Webhooks::Timing timing = quick();
    timing.whole_ms = timing.connect_ms = 60'000;
    return timing;
}

template <class Check>
bool until(Check check, std::chrono::milliseconds most = 20s * test::patience) {
    const auto end = std::chrono::steady_clock::now() + most;
    while (!check()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

}  // namespace

TEST_CASE("a receiver that fails in every way gets each event, in order for each person, signed", "[webhooks]") {
    Outbox box;
    std::atomic<int> turn{0};
    const Receiver receiver([&](const Arrival& a, int nth) -> std::string {
        if (nth >= 2 || a.path == "/again") return status(204);
        switch (turn++ % 9) {
            case 0:
                return status(500, "", "sorry");
            case 1:
                return status(503, "Retry-After: 0\r\n");
            case 2:
                return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";  // and closes
            case 3:
                return "";  // closes without a word
            case 4:
                return "not HTTP at all\r\n\r\n";
            case 5:
                return status(307, "Location: /again\r\n");
            case 6:
                return status(429);
            case 7:
                return status(200, "", std::string(200'000, 'x'));  // longer than is read
            default:
                return status(200, "", "ok");
        }
    });
    auto hooks = Webhooks::start(*box.store, {box.hook("crm", receiver.url())}, patient());
    REQUIRE(hooks);
    for (int i = 0; i < 8; ++i)
        for (int person = 0; person < 5; ++person)
            box.put("crm", "p" + std::to_string(person), "p" + std::to_string(person) + "/" + std::to_string(i));
    (*hooks)->wake();
    REQUIRE(until([&] { return box.look().waiting == 0; }));
    hooks->reset();
    CHECK(box.look().dead.empty());

    std::map<std::string, std::vector<int>> order;
    const auto arrivals = receiver.arrivals();
    for (const Arrival& a : arrivals) {
        auto& seen = order[a.body.substr(0, 2)];
        const int number = std::stoi(a.body.substr(3));
        if (seen.empty() || seen.back() != number) seen.push_back(number);
        const std::int64_t t = std::stoll(a.signature.substr(2));
        CHECK(a.signature == webhooks::signature(a.body, t, {secret}));
        CHECK(std::abs(t - utc_now_us() / 1'000'000) < 120);
    }
    REQUIRE(order.size() == 5);
    for (const auto& [person, numbers] : order) CHECK(numbers == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7});
    CHECK(arrivals.size() > 60);  // there were failures
    // What was taken does not come again: only a try that failed is followed by another of the same.
    std::map<std::string, int> times_each;
    for (const Arrival& a : arrivals) ++times_each[a.body];
    for (const auto& [body, times] : times_each) CHECK(times <= 3);
}

TEST_CASE("a receiver that hangs, with many lines waiting for it, holds back no other", "[webhooks]") {
    Outbox box;
    std::atomic<bool> let_go{false};
    const Receiver hanging([&](const Arrival&, int) {
        until([&] { return let_go.load(); });
        return status(204);
    });
    const Receiver good([](const Arrival&, int) { return status(204); });
    // More lines than are asked for at once, all older than the good one's.
    for (int person = 0; person < 80; ++person) box.put("bad", "p" + std::to_string(person), "{}");
    for (int person = 0; person < 20; ++person) box.put("good", "p" + std::to_string(person), std::to_string(person));
    auto hooks = Webhooks::start(*box.store, {box.hook("bad", hanging.url()), box.hook("good", good.url())}, patient());
    REQUIRE(hooks);
    CHECK(until([&] { return good.arrivals().size() == 20; }));
    CHECK(hanging.arrivals().size() <= 1);  // still with its first
    let_go = true;
    CHECK(until([&] { return box.look().waiting == 0; }));
    CHECK((*hooks)->figures().sent == 100);
}

namespace {

/// The outbox's answer to what was asked while an event was on its way comes just when that event has been taken.
class Late final : public desk::Store {
  public:
    explicit Late(desk::Store& real) : real_(real) {}
    bool asked_meanwhile() const { return asked_meanwhile_; }

    void outbox_due(std::int64_t now_us, int most, std::function<void(std::vector<desk::OutboxEntry>)> done) override {
        real_.outbox_due(now_us, most, [this, done = std::move(done)](std::vector<desk::OutboxEntry> due) {
            if (due.empty() || !std::exchange(given_, true) || asked_meanwhile_) return done(std::move(due));
            const std::lock_guard lock(mutex_);
            held_ = [done, due = std::move(due)] { done(due); };
            asked_meanwhile_ = true;
        });
    }
    void outbox_sent(std::int64_t number) override {
        real_.outbox_sent(number);
        const std::lock_guard lock(mutex_);
        if (held_) std::exchange(held_, nullptr)();
    }
    void outbox_failed(std::int64_t number, std::int64_t next_us, bool dead) override { real_.outbox_failed(number, next_us, dead); }

    Result<std::vector<desk::Record>> load() override { return real_.load(); }
    Result<std::vector<desk::Acknowledged>> load_acknowledged() override { return real_.load_acknowledged(); }
    Result<std::vector<desk::Upload>> load_uploads() override { return real_.load_uploads(); }
    void write(Write write, std::function<void(Result<void>)> done) override { real_.write(std::move(write), std::move(done)); }
    void put_attachment(desk::Attachment a, std::string person, std::string bytes, std::function<void(Result<void>)> done) override {
        real_.put_attachment(std::move(a), std::move(person), std::move(bytes), std::move(done));
    }
    void get_attachment(std::string id, std::function<void(Result<std::string>)> done) override {
        real_.get_attachment(std::move(id), std::move(done));
    }
    void read_attachment(std::string id, std::uint64_t at, std::size_t bytes, std::function<void(Result<std::string>)> done) override {
        real_.read_attachment(std::move(id), at, bytes, std::move(done));
    }
    void outbox(int most, std::function<void(Outbox)> done) override { real_.outbox(most, std::move(done)); }
    void outbox_again(std::int64_t number, std::function<void(bool)> done) override { real_.outbox_again(number, std::move(done)); }
    void sweep(int days, std::function<void(const Swept&)> done) override { real_.sweep(days, std::move(done)); }
    Result<std::size_t> bring_back() override { return real_.bring_back(); }
    Result<std::set<std::string>> load_aside_people() override { return real_.load_aside_people(); }
    const std::string& notice() const override { return real_.notice(); }
    const std::filesystem::path& file() const override { return real_.file(); }

  private:
    desk::Store& real_;
    bool given_ = false;  // the store's thread
    std::atomic<bool> asked_meanwhile_{false};
    std::mutex mutex_;
    std::function<void()> held_;
};

}  // namespace

TEST_CASE("an answer of the outbox that is older than a delivery sends nothing twice", "[webhooks]") {
    Outbox box;
    Late late(*box.store);
    const Receiver receiver([&](const Arrival&, int) {
        until([&] { return late.asked_meanwhile(); });
        return status(204);
    });
    auto hooks = Webhooks::start(late, {box.hook("crm", receiver.url())}, patient());
    REQUIRE(hooks);
    box.put("crm", "p0", "once");
    (*hooks)->wake();
    REQUIRE(until([&] { return box.look().waiting == 0; }));
    CHECK(late.asked_meanwhile());
    box.put("crm", "p0", "after");  // has come when everything before it has been dealt with
    (*hooks)->wake();
    REQUIRE(until([&] { return box.look().waiting == 0; }));
    hooks->reset();
    std::vector<std::string> bodies;
    for (const Arrival& a : receiver.arrivals()) bodies.push_back(a.body);
    CHECK(bodies == std::vector<std::string>{"once", "after"});
}

TEST_CASE("what is not taken becomes a dead letter, holds up nobody, and can be sent again", "[webhooks]") {
    Outbox box;
    std::atomic<bool> strict{true};
    const Receiver receiver([&](const Arrival& a, int) { return a.body == "bad" && strict ? status(422) : status(200); });
    auto hooks = Webhooks::start(*box.store, {box.hook("crm", receiver.url())}, quick());
    REQUIRE(hooks);
    box.put("crm", "p1", "bad");
    box.put("crm", "p1", "behind it");
    box.put("crm", "p2", "beside it");
    box.put("removed from the configuration", "p1", "nobody's");
    (*hooks)->wake();
    REQUIRE(until([&] { return box.look().dead.size() == 2 && box.look().waiting == 0; }));
    std::int64_t number = 0;
    for (const auto& entry : box.look().dead)
        if (entry.data == "bad") number = entry.number;
    REQUIRE(number > 0);
    const auto tries = receiver.arrivals();
    CHECK(std::count_if(tries.begin(), tries.end(), [](const Arrival& a) { return a.body == "bad"; }) == 5);
    strict = false;
    CHECK(box.again(number));
    CHECK_FALSE(box.again(number));
    (*hooks)->wake();
    CHECK(until([&] { return box.look().dead.size() == 1 && box.look().waiting == 0; }));
}

TEST_CASE("neither body nor signature follows a redirect to somebody else", "[webhooks]") {
    Outbox box;
    const Receiver thief([](const Arrival&, int) { return status(200); });
    const Receiver receiver(
        [&](const Arrival&, int nth) { return nth < 2 ? status(307, "Location: " + thief.url("/stolen") + "\r\n") : status(200); });
    auto hooks = Webhooks::start(*box.store, {box.hook("crm", receiver.url())}, quick());
    REQUIRE(hooks);
    box.put("crm", "p1", "private");
    (*hooks)->wake();
    REQUIRE(until([&] { return box.look().waiting == 0; }));
    CHECK(receiver.arrivals().size() == 3);
    CHECK(thief.arrivals().empty());
}

TEST_CASE("what was on its way when the show died comes after the next start; a secret may change meanwhile", "[webhooks]") {
    Outbox box;
    std::atomic<bool> down{true};
    const Receiver receiver([&](const Arrival&, int) { return down ? std::string() : status(200); });
    auto hooks = Webhooks::start(*box.store, {box.hook("crm", receiver.url())}, quick());
    REQUIRE(hooks);
    box.put("crm", "p1", "one");
    (*hooks)->wake();
    REQUIRE(until([&] { return !receiver.arrivals().empty(); }));
    hooks->reset();
    box.open();
    down = false;
    const std::string fresh = "another secret, as long as it must be";
    std::ofstream(box.folder / "secret", std::ios::trunc) << fresh;
    hooks = Webhooks::start(*box.store, {box.hook("crm", receiver.url())}, quick());
    REQUIRE(hooks);
    const auto begun = std::chrono::steady_clock::now();
    (*hooks)->finish(10s);
    CHECK(std::chrono::steady_clock::now() - begun < 9s);
    REQUIRE(until([&] { return box.look().waiting == 0; }));
    const Arrival last = receiver.arrivals().back();
    CHECK(last.signature == webhooks::signature(last.body, std::stoll(last.signature.substr(2)), {fresh}));

    std::filesystem::remove(box.folder / "secret");
    CHECK_FALSE(Webhooks::start(*box.store, {box.hook("crm", receiver.url())}, quick()));
}
