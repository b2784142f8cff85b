#include "engine/show.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/barrier.h"
#include "engine/desk/link_key.h"
#include "engine/listeners.h"
#include "engine/picture_metadata.h"
#include "engine/show_desk.h"
#include "engine/show_files.h"
#include "engine/show_state.h"

namespace vitrine {
namespace {

using Done = std::function<void(Result<std::uint64_t>)>;

constexpr std::size_t most_waiting_commands = 4096;
constexpr std::size_t most_waiting_acts = 4096;
constexpr std::size_t most_waiting_notices = 20;

struct Waiting {
    Command command;
    Done done;
    Doer by;
};

/// For the presenter, at once and in the log. A sentence that stands there already is not said again.
void notice(ShowState& state, std::string sentence) {
    LogLine line;
    line.at_us = utc_now_us();
    line.sentence = sentence;
    const bool again = !state.newest()->notices.empty() && state.newest()->notices.back() == sentence;
    state.apply(NoticeReport{std::move(sentence)});
    if (!again) state.log(std::move(line));
}

/// The newest report of each kind that the show thread has not seen yet: bounded, however fast the rooms report.
struct Reports {
    std::map<std::string, CameraReport> cameras;
    std::optional<OutputsReport> outputs;
    std::optional<BuyersReport> buyers;
    std::optional<AudioReport> audio;
    std::optional<RecordingReport> recording;
    std::map<std::string, TargetReport> targets;
    std::map<std::string, ModelReport> models;
    std::deque<NoticeReport> notices;
    std::map<std::string, PresenceReport> presence;

    void put(CameraReport r) {
        std::string id = r.camera;
        cameras.insert_or_assign(std::move(id), std::move(r));
    }
    void put(OutputsReport r) { outputs = std::move(r); }
    void put(BuyersReport r) { buyers = r; }
    void put(AudioReport r) { audio = std::move(r); }
    void put(RecordingReport r) { recording = std::move(r); }
    void put(TargetReport r) {
        std::string id = r.product;
        targets.insert_or_assign(std::move(id), std::move(r));
    }
    void put(ModelReport r) {
        std::string id = r.product;
        models.insert_or_assign(std::move(id), std::move(r));
    }
    void put(NoticeReport r) {
        notices.push_back(std::move(r));
        if (notices.size() > most_waiting_notices) notices.pop_front();
    }
    void put(PresenceReport r) {
        std::string person = r.person;
        presence.insert_or_assign(std::move(person), std::move(r));
    }
    bool empty() const {
        return cameras.empty() && !outputs && !buyers && !audio && !recording && models.empty() && targets.empty() && notices.empty() &&
               presence.empty();
    }
    void apply_to(ShowState& state, ShowDesk& desk) {
        for (const auto& [person, report] : presence) desk.present(report);
        for (auto& [id, report] : cameras) state.apply(std::move(report));
        if (outputs) state.apply(std::move(*outputs));
        if (buyers) state.apply(*buyers);
        if (audio) state.apply(std::move(*audio));
        if (recording) state.apply(std::move(*recording));
        for (auto& [id, report] : targets) state.apply(std::move(report));
        for (auto& [id, report] : models) state.apply(std::move(report));
        for (NoticeReport& report : notices) notice(state, std::move(report.sentence));
    }
};

}  // namespace

struct Show::Core {
    Core(std::shared_ptr<const ShowConfig> config, std::unique_ptr<desk::Store> kept_in, KeptDesk kept)
        : state(config),
          desk(config, kept_in.get(), std::move(kept), [this](std::function<void()> job) { post_job(std::move(job)); }),
          newest(state.newest()),
          files(std::make_unique<ShowFiles>(config->texts)),
          store(std::move(kept_in)) {
        (void)run_utc_us();  // the run's own UTC begins here
        state.set_desk(desk.view());
        newest = state.newest();
        desk.pinned(newest->pinned);
        thread = barrier::thread("show", [this] { run(); });
    }

    void run();
    bool run_jobs(std::unique_lock<std::mutex>& lock);
    void close(std::unique_lock<std::mutex>& lock);
    void apply(Waiting next);
    void finish(const FileEdit& edit, const Result<void>& result, const Done& done);
    void publish_if_due(bool even_if_early = false);
    void publish_desk(Nanoseconds now);
    void note_changes(const Snapshot& before, const Snapshot& now);
    void post_job(std::function<void()> job);
    /// An act or the like: bounded, unlike what the store answers. False: there are too many, or the show is closing.
    bool post_asked(std::function<void()> job);

    ShowState state;  // thread-bound: the show thread
    Doer by;          // thread-bound: the show thread; of the command being applied
    ShowDesk desk;    // thread-bound: the show thread

    std::mutex mutex;  // guards all below
    std::condition_variable wake;
    bool closing = false;
    std::deque<Waiting> commands;
    std::deque<std::function<void()>> jobs;
    std::size_t asked_waiting = 0;
    Reports reports;
    SnapshotPtr newest;

    Listeners<const SnapshotPtr&> listeners;
    Listeners<const std::vector<desk::Record>&, const desk::DeskViewPtr&> desk_listeners;
    std::unique_ptr<ShowFiles> files;  // thread-bound: the show thread; its own thread posts jobs
    std::thread thread;
    std::unique_ptr<desk::Store> store;  // first to go: its thread posts jobs until then
};

void Show::Core::post_job(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex);
        jobs.push_back(std::move(job));
    }
    wake.notify_one();
}

bool Show::Core::post_asked(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex);
        if (closing || asked_waiting >= most_waiting_acts) return false;
        ++asked_waiting;
        jobs.push_back([this, job = std::move(job)] {
            {
                const std::lock_guard counted(mutex);
                --asked_waiting;
            }
            job();
        });
    }
    wake.notify_one();
    return true;
}

void Show::Core::publish_if_due(bool even_if_early) {
    const Nanoseconds now = steady_now();
    if (const auto due = state.due(); due && *due <= now) {
        const SnapshotPtr before = state.newest();
        const SnapshotPtr snapshot = state.publish(now, by, utc_now_us());
        {
            const std::lock_guard lock(mutex);
            newest = snapshot;
        }
        listeners.tell(snapshot);
        note_changes(*before, *snapshot);
    }
    if (const auto due = desk.due(); even_if_early || (due && *due <= now)) publish_desk(now);
}

void Show::Core::publish_desk(Nanoseconds now) {
    ShowDesk::News news = desk.publish(now);
    const bool changed = state.newest()->desk != news.view;
    if (changed) {
        state.set_desk(news.view);
        const std::lock_guard lock(mutex);
        newest = state.newest();
    }
    if (changed || !news.settled.empty()) desk_listeners.tell(news.settled, news.view);
    for (const auto& answer : news.answers) answer();
    for (std::string& sentence : desk.notices()) notice(state, std::move(sentence));
}

/// What was on air when is kept for the report and the replay.
void Show::Core::note_changes(const Snapshot& before, const Snapshot& now) {
    std::vector<desk::Happening> happenings;
    const std::int64_t at = utc_now_us();
    const bool began = now.session == SessionState::live && before.session != SessionState::paused && before.session != now.session;
    if (before.session != now.session) happenings.push_back({at, "session", std::string(to_string(now.session)), {}});
    if (before.scene != now.scene || began) happenings.push_back({at, "scene", now.scene, {}});
    if (before.pinned != now.pinned || began) happenings.push_back({at, "pinned", now.pinned, {}});
    desk.pinned(now.pinned);
    if (now.chapters.size() > before.chapters.size()) happenings.push_back({at, "chapter", now.chapters.back().title, {}});
    if (began) desk.went_live();
    desk.happened(std::move(happenings));
}

bool Show::Core::run_jobs(std::unique_lock<std::mutex>& lock) {
    if (jobs.empty()) return false;
    std::deque<std::function<void()>> now = std::exchange(jobs, {});
    lock.unlock();
    for (const auto& job : now) call_safely(job);
    now.clear();
    lock.lock();
    return true;
}

/// A command that changes a file as well is answered when that is done.
void Show::Core::apply(Waiting next) {
    publish_if_due();  // what was reported before is nobody's doing
    const Result<std::optional<FileEdit>> applied = state.apply(next.command, steady_now());
    by = next.by;
    publish_if_due();
    by = {};
    if (!applied) return call_safely(next.done, Result<std::uint64_t>(tl::unexpected<Error>(applied.error())));
    if (!*applied) return call_safely(next.done, Result<std::uint64_t>(state.newest()->version));
    files->write(**applied, [this, edit = **applied, done = std::move(next.done)](Result<void> result) {
        post_job([this, edit, result = std::move(result), done] { finish(edit, result, done); });
    });
}

void Show::Core::finish(const FileEdit& edit, const Result<void>& result, const Done& done) {
    state.saved(edit, result.has_value());
    publish_if_due();
    if (!result) return call_safely(done, Result<std::uint64_t>(tl::unexpected<Error>(result.error())));
    call_safely(done, Result<std::uint64_t>(state.newest()->version));
}

void Show::Core::run() {
    std::unique_lock lock(mutex);
    while (true) {
        const auto something = [this] { return closing || !commands.empty() || !jobs.empty() || !reports.empty(); };
        std::optional<Nanoseconds> due = state.due();
        if (const auto desk_due = desk.due(); desk_due && (!due || *desk_due < *due)) due = desk_due;
        if (due) {
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
        barrier::run("show reports", [&] { new_reports.apply_to(state, desk); });
        if (next) {
            const Done done = next->done;
            if (!barrier::run("show command", [&] { apply(std::move(*next)); }))
                call_safely(done, Result<std::uint64_t>(fail("the command failed; try again in a moment")));
        }
        next.reset();
        lock.lock();
        run_jobs(lock);
        lock.unlock();
        barrier::run("show snapshot", [this] { publish_if_due(); });
        lock.lock();
    }
    close(lock);
}

// What is on its way to the disk is waited for, so that everybody learns what became of it.
void Show::Core::close(std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    files.reset();
    desk.everybody_goes();
    lock.lock();
    while (run_jobs(lock) || desk.in_flight()) {
        if (jobs.empty()) wake.wait(lock, [this] { return !jobs.empty() || !desk.in_flight(); });
    }
    lock.unlock();
    publish_if_due(true);
    lock.lock();
    while (!commands.empty()) {
        const Waiting next = std::move(commands.front());
        commands.pop_front();
        lock.unlock();
        call_safely(next.done, Result<std::uint64_t>(fail("the show is closing")));
        lock.lock();
    }
}

Show::Show(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Show::Show(std::shared_ptr<const ShowConfig> config) : core_(std::make_shared<Core>(std::move(config), nullptr, KeptDesk{})) {}

Result<std::unique_ptr<Show>> Show::open(std::shared_ptr<const ShowConfig> config, std::unique_ptr<desk::Store> store) {
    KeptDesk kept;
    auto sweeping = std::make_shared<std::promise<desk::Store::Swept>>();
    store->sweep(config->desk.keep_days, [sweeping](const desk::Store::Swept& swept) { sweeping->set_value(swept); });
    kept.swept = sweeping->get_future().get();
    auto records = store->load();
    if (!records) return tl::unexpected<Error>(records.error());
    auto acknowledged = store->load_acknowledged();
    if (!acknowledged) return tl::unexpected<Error>(acknowledged.error());
    auto uploads = store->load_uploads();
    if (!uploads) return tl::unexpected<Error>(uploads.error());
    auto aside = store->load_aside_people();
    if (!aside) return tl::unexpected<Error>(aside.error());
    std::vector<std::string> notices;
    if (!store->notice().empty()) notices.push_back(store->notice());
    auto key = desk::read_link_key(store->file().parent_path());
    if (!key) notices.push_back(key.error().message);
    kept.records = std::move(*records);
    kept.acknowledged = std::move(*acknowledged);
    kept.uploads = std::move(*uploads);
    kept.link_key = key ? std::move(*key) : std::string();
    kept.aside_people = std::move(*aside);
    auto core = std::make_shared<Core>(std::move(config), std::move(store), std::move(kept));
    std::unique_ptr<Show> show(new Show(std::move(core)));
    for (std::string& sentence : notices) show->report(NoticeReport{std::move(sentence)});
    return show;
}

Show::~Show() {
    {
        const std::lock_guard lock(core_->mutex);
        core_->closing = true;
    }
    core_->wake.notify_all();
    core_->thread.join();
    core_->store.reset();
}

std::future<Result<std::uint64_t>> Show::post(Command command) {
    auto promise = std::make_shared<std::promise<Result<std::uint64_t>>>();
    std::future<Result<std::uint64_t>> future = promise->get_future();
    post(std::move(command), [promise](Result<std::uint64_t> result) { promise->set_value(std::move(result)); }, {});
    return future;
}

void Show::post(Command command, std::function<void(Result<std::uint64_t>)> done, Doer by) {
    {
        const std::lock_guard lock(core_->mutex);
        if (core_->commands.size() < most_waiting_commands) {
            core_->commands.push_back({std::move(command), std::move(done), std::move(by)});
            done = nullptr;
        }
    }
    if (done) {
        call_safely(done, Result<std::uint64_t>(fail("too many commands are waiting for the show; try again in a moment")));
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

std::shared_ptr<void> Show::listen(Listener listener) { return core_->listeners.add(std::move(listener)); }

std::shared_ptr<void> Show::listen_desk(DeskListener listener) { return core_->desk_listeners.add(std::move(listener)); }

std::shared_ptr<void> Show::listen_endings(EndingListener listener) { return core_->desk.endings.add(std::move(listener)); }

namespace {

template <class T>
void too_busy(const std::function<void(Result<T>)>& done) {
    call_safely(done, Result<T>(fail("The show is too busy or closing; please try again in a moment.")));
}

}  // namespace

void Show::act(desk::Act act, desk::Actor actor, std::function<void(Result<desk::ActResult>)> done) {
    const bool taken =
        core_->post_asked([core = core_.get(), act = std::move(act), actor = std::move(actor), done] { core->desk.act(act, actor, done); });
    if (!taken) too_busy(done);
}

void Show::put_orders(std::vector<desk::Order> orders, std::function<void(Result<std::vector<desk::OrderRefusal>>)> done) {
    const bool taken = core_->post_asked([core = core_.get(), orders = std::move(orders), done] { core->desk.put_orders(orders, done); });
    if (!taken) too_busy(done);
}

void Show::arrive(desk::Arrival arrival, std::function<void(Result<desk::ActResult>)> done) {
    if (!core_->post_asked([core = core_.get(), arrival = std::move(arrival), done] { core->desk.arrive(arrival, done); })) too_busy(done);
}

void Show::leave(std::string seat, std::function<void(Result<void>)> done) {
    const bool taken = core_->post_asked([core = core_.get(), seat = std::move(seat), done] {
        core->desk.leave(seat, [done](const Result<desk::ActResult>& left) {
            call_safely(done, left ? Result<void>() : Result<void>(tl::unexpected<Error>(left.error())));
        });
    });
    if (!taken) too_busy(done);
}

void Show::attach(std::string name, std::string type, std::string bytes, desk::Actor actor,
                  std::function<void(Result<desk::Attachment>)> done) {
    // Here, on the caller's thread: where a photo was taken is for nobody else, whoever sends it to whom.
    if (type.starts_with("image/")) {
        auto plain = without_metadata(bytes);
        if (!plain)
            return call_safely(done, Result<desk::Attachment>(fail(
                                         name + " is no whole PNG or JPEG picture. Save it again and attach that.", ErrorKind::bad_input)));
        bytes = std::move(*plain);
    }
    const bool taken = core_->post_asked(
        [core = core_.get(), name = std::move(name), type = std::move(type), bytes = std::move(bytes), actor = std::move(actor),
         done]() mutable { core->desk.attach(std::move(name), std::move(type), std::move(bytes), actor, done); });
    if (!taken) too_busy(done);
}

void Show::attachment(std::string id, desk::Actor actor, std::function<void(Result<AttachmentFile>)> told) {
    // What an older version has kept was kept as it came.
    const std::function<void(Result<AttachmentFile>)> done = [told = std::move(told)](Result<AttachmentFile> file) {
        if (file && file->attachment.type.starts_with("image/")) {
            auto plain = without_metadata(file->bytes);
            if (!plain) return told(fail("This picture is damaged. Ask for it to be sent again.", ErrorKind::not_found));
            file->bytes = std::move(*plain);
        }
        told(std::move(file));
    };
    const bool taken = core_->post_asked(
        [core = core_.get(), id = std::move(id), actor = std::move(actor), done] { core->desk.attachment(id, actor, done); });
    if (!taken) too_busy(done);
}

void Show::find_attachment(std::string id, desk::Actor actor, std::function<void(Result<desk::Attachment>)> done) {
    const bool taken = core_->post_asked(
        [core = core_.get(), id = std::move(id), actor = std::move(actor), done] { core->desk.find_attachment(id, actor, done); });
    if (!taken) too_busy(done);
}

void Show::records(std::function<void(std::vector<desk::Record>)> done) {
    core_->post_job([core = core_.get(), done = std::move(done)] { call_safely(done, core->desk.records()); });
}

void Show::make_events(EventMaker maker) {
    core_->post_job([core = core_.get(), maker = std::move(maker)] { core->desk.make_events = maker; });
}

std::int64_t Show::up_us() const { return core_->desk.up_us(); }

desk::Store* Show::store() const { return core_->store.get(); }

}  // namespace vitrine
