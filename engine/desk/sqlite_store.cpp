#include "engine/desk/sqlite_store.h"

#include <sqlite3.h>

#include <future>
#include <set>

#include "engine/barrier.h"
#include "engine/clock.h"
#include "engine/desk/erasure.h"
#include "engine/log.h"

namespace vitrine::desk {
namespace {

constexpr std::size_t most_together = 256;
/// No try waits longer for the next: a time beyond it was reckoned by a clock that has been set back since.
constexpr std::int64_t longest_wait_us = 2 * 3'600'000'000LL;

template <class T>
void append(std::vector<Record>& all, std::vector<T> some) {
    for (T& one : some) all.emplace_back(std::move(one));
}

template <class Function, class... Arguments>
void tell(const Function& done, Arguments&&... arguments) {
    if (!done) return;
    try {
        done(std::forward<Arguments>(arguments)...);
    } catch (const std::exception& problem) {
        log::error("store", "a function called by the store thread threw", {{"what", problem.what()}});
    }
}

}  // namespace

Error store_error(const std::exception& problem) {
    if (const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&problem)) {
        switch (sqlite->getErrorCode() & 0xff) {
            case SQLITE_FULL:
                return {ErrorKind::no_space, "the disk is full; make room on it."};
            case SQLITE_IOERR:
            case SQLITE_CANTOPEN:
                return {ErrorKind::no_space, "the disk cannot be written; look at its space and its state."};
            case SQLITE_READONLY:
                return {ErrorKind::failed, "the show's file may not be written; look at the permissions of its folder."};
            case SQLITE_CORRUPT:
            case SQLITE_NOTADB:
                return {ErrorKind::failed, "the show's file is damaged; start the show again, it will put the file aside."};
            default:
                break;
        }
    }
    return {ErrorKind::failed, std::string("the show's file cannot be used: ") + problem.what() + "."};
}

SqliteStore::SqliteStore(FolderLock lock, std::filesystem::path file, std::unique_ptr<SQLite::Database> database, std::string notice,
                         SightSource sights)
    : lock_(std::move(lock)),
      file_(std::move(file)),
      notice_(std::move(notice)),
      database_(std::move(database)),
      rows_(*database_),
      sights_(std::move(sights)),
      time_(load_time(rows_)) {
    thread_ = barrier::thread("store", [this] { run(); });
}

SqliteStore::~SqliteStore() {
    // What passed until now counts; where nobody has swept nothing is known of the gap before.
    post_alone(
        [this] {
            if (time_gap_ > 0) see(time_gap_);
        },
        nullptr);
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void SqliteStore::post(Job job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
}

void SqliteStore::post_alone(std::function<void()> work, std::function<void(Error)> failed) {
    post({std::nullopt, [this, work = std::move(work), failed = std::move(failed)] {
              try {
                  work();
              } catch (const std::exception& problem) {
                  roll_back();
                  tell(failed, store_error(problem));
              }
          }});
}

template <class T>
Result<T> SqliteStore::wait_for(std::function<T()> work) {
    std::promise<Result<T>> promise;
    post_alone([&] { promise.set_value(work()); },
               [&](Error error) { promise.set_value(fail("What the show has kept cannot be read: " + error.message, error.kind)); });
    return promise.get_future().get();
}
// Those that store_sweep.cpp asks for.
template Result<std::size_t> SqliteStore::wait_for(std::function<std::size_t()>);
template Result<std::set<std::string>> SqliteStore::wait_for(std::function<std::set<std::string>()>);

void SqliteStore::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
        if (jobs_.empty()) return;
        std::vector<Waiting> group;
        while (!jobs_.empty() && jobs_.front().write && group.size() < most_together) {
            group.push_back(std::move(*jobs_.front().write));
            jobs_.pop_front();
        }
        std::function<void()> alone;
        if (group.empty()) {
            alone = std::move(jobs_.front().alone);
            jobs_.pop_front();
        }
        lock.unlock();
        if (alone) {
            alone();
        } else {
            commit(std::move(group));
        }
        alone = nullptr;
        lock.lock();
    }
}

void SqliteStore::roll_back() {
    // A full disk may have made SQLite roll back by itself.
    if (sqlite3_get_autocommit(database_->getHandle()) != 0) return;
    try {
        database_->exec("ROLLBACK");
    } catch (const std::exception& problem) {
        log::error("store", "a failed write could not be taken back", {{"what", problem.what()}});
    }
}

void SqliteStore::commit(std::vector<Waiting> group) {
    std::vector<Waiting> good;
    const auto refuse = [](Waiting& one, const Error& error) { tell(one.done, Result<void>(tl::unexpected<Error>(error))); };
    for (Waiting& one : group) {
        if (one.write.afresh) failed_.reset();
        if (failed_) {
            refuse(one, *failed_);
        } else {
            good.push_back(std::move(one));
        }
    }
    if (good.empty()) return;
    try {
        database_->exec("BEGIN IMMEDIATE");
        for (const Waiting& one : good) keep(one.write);
        database_->exec("COMMIT");
    } catch (const std::exception& problem) {
        failed_ = store_error(problem);
        roll_back();
        erased_ = false;
        for (Waiting& one : good) refuse(one, *failed_);
        return;
    }
    if (std::exchange(erased_, false)) {
        try {
            // What was erased is still in the log that comes before the file.
            (void)database_->execAndGet("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (const std::exception& problem) {
            log::warn("store", "the log could not be cut after somebody was forgotten; it will be when the show ends",
                      {{"what", problem.what()}});
        }
    }
    for (const Waiting& one : good) tell(one.done, Result<void>());
}

void SqliteStore::keep(const Write& write) {
    for (const Record& record : write.records) keep_record(record);
    for (const OutboxEntry& e : write.outbox)
        rows_.exec("INSERT INTO outbox(hook, person, type, data, made_us, next_try_us, tries, dead) VALUES(?,?,?,?,?,?,?,?)", e.hook,
                   e.person, e.type, e.data, e.made_us, e.next_try_us, e.tries, static_cast<int>(e.dead));
    if (write.acknowledged)
        rows_.exec("INSERT OR REPLACE INTO acknowledged(person, client_id, result, made_us) VALUES(?,?,?,?)", write.acknowledged->person,
                   write.acknowledged->client_id, write.acknowledged->result, time_.up_us);
}

void SqliteStore::keep_record(const Record& record) {
    if (const auto* erasure = std::get_if<Erasure>(&record)) return erase(*erasure);
    if (const auto* removal = std::get_if<Removal>(&record)) {
        if (removal->kind == "order") rows_.exec("DELETE FROM orders WHERE id = ?", removal->id);
        if (removal->kind == "person") {
            rows_.exec("DELETE FROM people WHERE id = ?", removal->id);
            for (const char* table : {"seats", "acknowledged"})
                rows_.exec(std::string("DELETE FROM ") + table + " WHERE person = ?", removal->id);
        }
        return;
    }
    std::visit(
        [this](const auto& r) {
            using T = std::remove_cvref_t<decltype(r)>;
            if constexpr (table_of<T>() != nullptr) rows_.put(r);
            if constexpr (std::is_same_v<T, Quote>)
                for (const Attachment& a : r.attachments) rows_.exec("UPDATE attachments SET used = 1 WHERE id = ?", a.id);
        },
        record);
}

void SqliteStore::erase(const Erasure& e) {
    const auto found = rows_.all<Person>("WHERE id = ?", {e.person});
    if (found.empty()) return;
    // What is aside stays aside: a row that is written anew would be there again.
    struct Aside {
        const char* table;
        std::string id;
        std::int64_t number, age_us;
    };
    std::vector<Aside> asides;
    for (const auto& [table, key] : {std::pair("people", "id"), {"orders", "person"}, {"quotes", "person"}, {"invites", "person"}}) {
        SQLite::Statement& select =
            rows_.prepared(std::string("SELECT id, aside, kept_age_us FROM ") + table + " WHERE aside IS NOT NULL AND " + key + " = ?");
        select.bind(1, e.person);
        while (select.executeStep())
            asides.push_back({table, select.getColumn(0).getString(), select.getColumn(1).getInt64(), select.getColumn(2).getInt64()});
        select.reset();
    }
    for (const Order& order : rows_.all<Order>("WHERE person = ?", {e.person})) rows_.put(erased(order));
    rows_.put(erased(found.front()));
    rows_.exec("DELETE FROM messages WHERE person = ? OR \"to\" = ?", e.person, e.person);
    rows_.exec("DELETE FROM likings WHERE person = ? OR message NOT IN (SELECT id FROM messages)", e.person);
    rows_.exec("DELETE FROM points WHERE person = ?", e.person);
    rows_.exec("DELETE FROM votes WHERE person = ?", e.person);
    for (const Quote& quote : rows_.all<Quote>("WHERE person = ?", {e.person})) rows_.put(erased(quote));
    for (const InviteRecord& invite : rows_.all<InviteRecord>("WHERE person = ?", {e.person})) rows_.put(erased(invite, e.at_us));
    for (const char* table : {"seats", "attachments", "outbox", "acknowledged"})
        rows_.exec(std::string("DELETE FROM ") + table + " WHERE person = ?", e.person);
    for (const Aside& one : asides)
        rows_.exec(std::string("UPDATE ") + one.table + " SET aside = ?, kept_age_us = ? WHERE id = ?", one.number, one.age_us, one.id);
    erased_ = true;
}

std::vector<Record> SqliteStore::load_records(Rows& rows, bool also_what_is_aside) {
    const std::string where = also_what_is_aside ? "" : "WHERE aside IS NULL ";
    std::vector<Record> all;
    append(all, rows.all<InviteRecord>(where + "ORDER BY made_us, id"));
    append(all, rows.all<Person>(where + "ORDER BY joined_us, id"));
    append(all, rows.all<Seat>(where + "ORDER BY made_us, id"));
    append(all, rows.all<Message>(where + "ORDER BY made_us, id"));
    append(all, rows.all<Liking>(""));
    append(all, rows.all<Point>(where + "ORDER BY made_us, id"));
    append(all, rows.all<Poll>(where + "ORDER BY made_us, id"));
    append(all, rows.all<Vote>(""));
    append(all, rows.all<Quote>(where + "ORDER BY made_us, id"));
    append(all, rows.all<Order>(where + "ORDER BY made_us, id"));
    append(all, rows.all<Happening>(where + "ORDER BY at_us, rowid"));
    append(all, rows.all<Tally>(where + "ORDER BY minute_us, product, what"));
    return all;
}

Result<std::vector<Record>> SqliteStore::load() {
    return wait_for<std::vector<Record>>([this] { return load_records(rows_); });
}

Result<std::vector<Acknowledged>> SqliteStore::load_acknowledged() {
    return wait_for<std::vector<Acknowledged>>([this] {
        // By what has been seen to pass: a page may send again what a jump of the clock would have made old.
        rows_.exec("DELETE FROM acknowledged WHERE made_us < ?", time_.up_us - us_per_day);
        std::vector<Acknowledged> all;
        SQLite::Statement& select = rows_.prepared("SELECT person, client_id, result FROM acknowledged ORDER BY made_us");
        while (select.executeStep())
            all.push_back({select.getColumn(0).getString(), select.getColumn(1).getString(), select.getColumn(2).getString()});
        select.reset();
        return all;
    });
}

Result<std::vector<Upload>> SqliteStore::load_uploads() {
    return wait_for<std::vector<Upload>>([this] {
        std::vector<Upload> all;
        SQLite::Statement& select = rows_.prepared(
            "SELECT id, name, type, bytes, sha256, person, made_us FROM attachments WHERE used = 0 AND aside IS NULL ORDER BY made_us, id");
        while (select.executeStep()) {
            const auto text = [&](int column) { return select.getColumn(column).getString(); };
            all.push_back({{text(0), text(1), text(2), select.getColumn(3).getInt64(), text(4)}, text(5), select.getColumn(6).getInt64()});
        }
        select.reset();
        return all;
    });
}

void SqliteStore::write(Write write, std::function<void(Result<void>)> done) {
    post({Waiting{std::move(write), std::move(done)}, nullptr});
}

void SqliteStore::put_attachment(Attachment attachment, std::string person, std::string bytes, std::function<void(Result<void>)> done) {
    post_alone(
        [this, a = std::move(attachment), person = std::move(person), bytes = std::move(bytes), done] {
            SQLite::Statement& sum = rows_.prepared("SELECT COALESCE(SUM(bytes), 0) FROM attachments");
            sum.executeStep();
            const std::int64_t kept = sum.getColumn(0).getInt64();
            sum.reset();
            if (kept + a.bytes > most_attachment_bytes)
                return tell(done, Result<void>(fail("the show keeps no more files: 2 GiB are full.", ErrorKind::no_space)));
            SQLite::Statement& insert = rows_.prepared(
                "INSERT OR IGNORE INTO attachments(id, person, name, type, bytes, sha256, made_us, used, data) VALUES(?,?,?,?,?,?,?,0,?)");
            insert.bind(1, a.id), insert.bind(2, person), insert.bind(3, a.name), insert.bind(4, a.type);
            insert.bind(5, a.bytes), insert.bind(6, a.sha256), insert.bind(7, utc_now_us());
            insert.bind(8, bytes.data(), static_cast<int>(bytes.size()));
            insert.exec();
            insert.reset();
            insert.clearBindings();
            tell(done, Result<void>());
        },
        [done](Error error) { tell(done, Result<void>(tl::unexpected<Error>(std::move(error)))); });
}

void SqliteStore::get_attachment(std::string id, std::function<void(Result<std::string>)> done) {
    post_alone(
        [this, id = std::move(id), done] {
            SQLite::Statement& select = rows_.prepared("SELECT data FROM attachments WHERE id = ?");
            select.bind(1, id);
            std::optional<std::string> bytes;
            if (select.executeStep()) {
                const SQLite::Column data = select.getColumn(0);
                bytes.emplace(static_cast<const char*>(data.getBlob()), static_cast<std::size_t>(data.getBytes()));
            }
            select.reset();
            if (!bytes) return tell(done, Result<std::string>(fail("There is no such file.", ErrorKind::not_found)));
            tell(done, Result<std::string>(std::move(*bytes)));
        },
        [done](Error error) { tell(done, Result<std::string>(tl::unexpected<Error>(std::move(error)))); });
}

void SqliteStore::read_attachment(std::string id, std::uint64_t at, std::size_t bytes, std::function<void(Result<std::string>)> done) {
    post_alone(
        [this, id = std::move(id), at, bytes, done] {
            SQLite::Statement& select = rows_.prepared("SELECT rowid FROM attachments WHERE id = ?");
            select.bind(1, id);
            const std::int64_t row = select.executeStep() ? select.getColumn(0).getInt64() : 0;
            select.reset();
            sqlite3_blob* blob = nullptr;
            std::string piece(bytes, '\0');
            const bool read = row != 0 &&
                              sqlite3_blob_open(database_->getHandle(), "main", "attachments", "data", row, 0, &blob) == SQLITE_OK &&
                              sqlite3_blob_read(blob, piece.data(), static_cast<int>(bytes), static_cast<int>(at)) == SQLITE_OK;
            sqlite3_blob_close(blob);
            if (!read) return tell(done, Result<std::string>(fail("There is no such file.", ErrorKind::not_found)));
            tell(done, Result<std::string>(std::move(piece)));
        },
        [done](Error error) { tell(done, Result<std::string>(tl::unexpected<Error>(std::move(error)))); });
}

std::vector<OutboxEntry> SqliteStore::read_outbox(SQLite::Statement& s) {
    std::vector<OutboxEntry> entries;
    while (s.executeStep())
        entries.push_back({s.getColumn(0).getInt64(), s.getColumn(1).getString(), s.getColumn(2).getString(), s.getColumn(3).getString(),
                           s.getColumn(4).getString(), s.getColumn(5).getInt64(), s.getColumn(6).getInt64(), s.getColumn(7).getInt(),
                           s.getColumn(8).getInt() != 0});
    s.reset();
    return entries;
}

void SqliteStore::outbox_due(std::int64_t now_us, int most_of_each, std::function<void(std::vector<OutboxEntry>)> done) {
    post_alone(
        [this, now_us, most_of_each, done] {
            SQLite::Statement& select = rows_.prepared(
                "SELECT number, hook, person, type, data, made_us, next_try_us, tries, dead FROM "
                "(SELECT *, ROW_NUMBER() OVER (PARTITION BY hook ORDER BY number) AS place FROM outbox WHERE number IN "
                "(SELECT MIN(number) FROM outbox WHERE dead = 0 GROUP BY hook, person) AND (next_try_us <= ?1 OR next_try_us > ?2)) "
                "WHERE place <= ?3 ORDER BY number");
            select.bind(1, now_us);
            select.bind(2, now_us + longest_wait_us);
            select.bind(3, most_of_each);
            tell(done, read_outbox(select));
        },
        [done](const Error& error) {
            log::warn("store", "the outbox cannot be read", {{"why", error.message}});
            tell(done, std::vector<OutboxEntry>());
        });
}

void SqliteStore::outbox_sent(std::int64_t number) {
    post_alone([this, number] { rows_.exec("DELETE FROM outbox WHERE number = ?", number); },
               [](const Error& error) {
                   log::warn("store", "a sent event stays in the outbox and goes again", {{"why", error.message}});
               });
}

void SqliteStore::outbox_failed(std::int64_t number, std::int64_t next_try_us, bool dead) {
    post_alone(
        [this, number, next_try_us, dead] {
            rows_.exec("UPDATE outbox SET tries = tries + 1, next_try_us = ?, dead = ? WHERE number = ?", next_try_us,
                       static_cast<int>(dead), number);
        },
        [](const Error& error) {
            log::warn("store", "a failed try could not be noted", {{"why", error.message}});
        });
}

void SqliteStore::outbox(int most, std::function<void(Outbox)> done) {
    post_alone(
        [this, most, done] {
            Outbox outbox;
            SQLite::Statement& count = rows_.prepared("SELECT COUNT(*) FROM outbox WHERE dead = 0");
            count.executeStep();
            outbox.waiting = count.getColumn(0).getInt64();
            count.reset();
            SQLite::Statement& select = rows_.prepared(
                "SELECT number, hook, person, type, data, made_us, next_try_us, tries, dead FROM outbox WHERE dead = 1 "
                "ORDER BY number DESC LIMIT ?");
            select.bind(1, most);
            outbox.dead = read_outbox(select);
            tell(done, std::move(outbox));
        },
        [done](const Error&) { tell(done, Outbox{}); });
}

void SqliteStore::outbox_again(std::int64_t number, std::function<void(bool)> done) {
    post_alone(
        [this, number, done] {
            const int rows = rows_.exec("UPDATE outbox SET dead = 0, tries = 0, next_try_us = 0 WHERE number = ? AND dead = 1", number);
            tell(done, rows > 0);
        },
        [done](const Error&) { tell(done, false); });
}

}  // namespace vitrine::desk
