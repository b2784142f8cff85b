#include "engine/show.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/log.h"
#include "engine/show_state.h"

namespace vitrine {
namespace {

using Done = std::function<void(Result<std::uint64_t>)>;

constexpr std::size_t most_waiting_commands = 4096;
constexpr std::size_t most_waiting_notices = 20;

struct Waiting {
    Command command;
    Done done;
};

/// The newest report of each kind that the show thread has not seen yet: bounded, however fast the rooms report.
struct Reports {
    std::map<std::string, CameraReport> cameras;
    std::optional<OutputsReport> outputs;
    std::optional<BuyersReport> buyers;
    std::optional<AudioReport> audio;
    std::map<std::string, ModelReport> models;
    std::deque<NoticeReport> notices;

    void put(CameraReport r) {
        std::string id = r.camera;
        cameras.insert_or_assign(std::move(id), std::move(r));
    }
    void put(OutputsReport r) { outputs = std::move(r); }
    void put(BuyersReport r) { buyers = r; }
    void put(AudioReport r) { audio = r; }
    void put(ModelReport r) {
        std::string id = r.product;
        models.insert_or_assign(std::move(id), std::move(r));
    }
    void put(NoticeReport r) {
        notices.push_back(std::move(r));
        if (notices.size() > most_waiting_notices) notices.pop_front();
    }
    bool empty() const { return cameras.empty() && !outputs && !buyers && !audio && models.empty() && notices.empty(); }
    void apply_to(ShowState& state) {
        for (auto& [id, report] : cameras) state.apply(std::move(report));
        if (outputs) state.apply(std::move(*outputs));
        if (buyers) state.apply(*buyers);
        if (audio) state.apply(*audio);
        for (auto& [id, report] : models) state.apply(std::move(report));
        for (NoticeReport& report : notices) state.apply(std::move(report));
    }
};

/// What a caller's function throws must not end the show.
template <class Function, class... Arguments>
void call(const Function& function, Arguments&&... arguments) {
    if (!function) return;
    try {
        function(std::forward<Arguments>(arguments)...);
    } catch (const std::exception& problem) {
        log::error("engine", "a function called by the show thread threw", {{"what", problem.what()}});
    } catch (...) {
        log::error("engine", "a function called by the show thread threw");
    }
}

}  // namespace

struct Show::Core {
    struct Listening {
        Listener listener;
        bool gone = false;     // under mutex
        bool calling = false;  // under mutex
    };

    explicit Core(std::shared_ptr<const ShowConfig> config) : state(std::move(config)), newest(state.newest()) {}

    void run();
    void publish_if_due();
    void tell_listeners(const SnapshotPtr& snapshot);

    ShowState state;  // thread-bound: the show thread

    std::mutex mutex;  // guards all below
    std::condition_variable wake, called;
    bool closing = false;
    std::deque<Waiting> commands;
    Reports reports;
    std::vector<std::shared_ptr<Listening>> listeners;
    SnapshotPtr newest;

    std::thread thread;
    std::thread::id thread_id;
};

void Show::Core::tell_listeners(const SnapshotPtr& snapshot) {
    std::vector<std::shared_ptr<Listening>> now;
    {
        const std::lock_guard lock(mutex);
        now = listeners;
    }
    for (const auto& one : now) {
        {
            const std::lock_guard lock(mutex);
            if (one->gone) continue;
            one->calling = true;
        }
        call(one->listener, snapshot);
        {
            const std::lock_guard lock(mutex);
            one->calling = false;
        }
        called.notify_all();
    }
}

void Show::Core::publish_if_due() {
    const Nanoseconds now = steady_now();
    const std::optional<Nanoseconds> due = state.due();
    if (!due || *due > now) return;
    const SnapshotPtr snapshot = state.publish(now);
    {
        const std::lock_guard lock(mutex);
        newest = snapshot;
    }
    tell_listeners(snapshot);
}

void Show::Core::run() {
    std::unique_lock lock(mutex);
    thread_id = std::this_thread::get_id();
    while (true) {
        const auto something = [this] { return closing || !commands.empty() || !reports.empty(); };
        if (const auto due = state.due()) {
            const Nanoseconds left = *due - steady_now();
            if (left > 0) wake.wait_for(lock, std::chrono::nanoseconds(left), something);
        } else {
            wake.wait(lock, something);
        }
        if (closing) break;

        // Reports first: who reported and then commanded finds both in the answered snapshot.
        Reports new_reports = std::exchange(reports, {});
        std::optional<Waiting> next;
        if (!commands.empty()) {
            next = std::move(commands.front());
            commands.pop_front();
        }
        lock.unlock();
        new_reports.apply_to(state);
        if (next) {
            const Result<void> applied = state.apply(next->command, steady_now());
            publish_if_due();
            if (applied) {
                call(next->done, Result<std::uint64_t>(state.newest()->version));
            } else {
                call(next->done, Result<std::uint64_t>(tl::unexpected<Error>(applied.error())));
            }
        } else {
            publish_if_due();
        }
        next.reset();
        lock.lock();
    }
    while (!commands.empty()) {
        const Waiting next = std::move(commands.front());
        commands.pop_front();
        lock.unlock();
        call(next.done, Result<std::uint64_t>(fail("the show is closing")));
        lock.lock();
    }
}

Show::Show(std::shared_ptr<const ShowConfig> config) : core_(std::make_shared<Core>(std::move(config))) {
    core_->thread = std::thread([core = core_.get()] { core->run(); });
}

Show::~Show() {
    {
        const std::lock_guard lock(core_->mutex);
        core_->closing = true;
    }
    core_->wake.notify_all();
    core_->thread.join();
}

std::future<Result<std::uint64_t>> Show::post(Command command) {
    auto promise = std::make_shared<std::promise<Result<std::uint64_t>>>();
    std::future<Result<std::uint64_t>> future = promise->get_future();
    post(std::move(command), [promise](Result<std::uint64_t> result) { promise->set_value(std::move(result)); });
    return future;
}

void Show::post(Command command, std::function<void(Result<std::uint64_t>)> done) {
    {
        const std::lock_guard lock(core_->mutex);
        if (core_->commands.size() < most_waiting_commands) {
            core_->commands.push_back({std::move(command), std::move(done)});
            done = nullptr;
        }
    }
    if (done) {
        call(done, Result<std::uint64_t>(fail("too many commands are waiting for the show; try again in a moment")));
        return;
    }
    core_->wake.notify_one();
}

void Show::report(Report report) {
    {
        const std::lock_guard lock(core_->mutex);
        std::visit([this](auto& r) { core_->reports.put(std::move(r)); }, report);
    }
    core_->wake.notify_one();
}

SnapshotPtr Show::snapshot() const {
    const std::lock_guard lock(core_->mutex);
    return core_->newest;
}

std::shared_ptr<void> Show::listen(Listener listener) {
    auto entry = std::make_shared<Core::Listening>();
    entry->listener = std::move(listener);
    const std::lock_guard lock(core_->mutex);
    core_->listeners.push_back(entry);
    return {entry.get(), [core = core_, entry](void*) {
                std::unique_lock lock(core->mutex);
                entry->gone = true;
                std::erase(core->listeners, entry);
                // On the show thread the call under way is our own: waiting for it would never end.
                if (std::this_thread::get_id() == core->thread_id) return;
                core->called.wait(lock, [&] { return !entry->calling; });
            }};
}

}  // namespace vitrine
