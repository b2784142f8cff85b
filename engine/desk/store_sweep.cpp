// What is too old, put aside, brought back, erased. A thing put aside stays in its row, under a number: nothing shows it, forgetting its
// person reaches it all the same, and bringing it back takes the number away.

#include <array>

#include "engine/desk/sqlite_store.h"
#include "engine/log.h"

namespace vitrine::desk {
namespace {

/// How old a row must be by the wall clock, and how long the data must have been seen to pass since it was last kept.
struct Rule {
    const char* table;
    const char* kind;  ///< as in Removal; null: not told
    const char* id;
    const char* old;  ///< with ?1 for the time before which it is old, ?2 for the age at which it must have been kept
};

// Messages, points and quotes before those who wrote them, invites before seats and people.
constexpr std::array<Rule, 11> rules{{
    {"messages", "message", "id", "made_us < ?1 AND kept_age_us <= ?2"},
    {"points", "point", "id", "made_us < ?1 AND kept_age_us <= ?2"},
    {"polls", "poll", "id", "made_us < ?1 AND kept_age_us <= ?2"},
    {"quotes", "quote", "id", "changed_us < ?1 AND kept_age_us <= ?2"},
    {"orders", "order", "id", "changed_us < ?1 AND kept_age_us <= ?2"},
    {"happenings", nullptr, "rowid", "at_us < ?1 AND kept_age_us <= ?2"},
    {"tallies", nullptr, "minute_us", "minute_us < ?1 AND kept_age_us <= ?2"},
    {"attachments", "upload", "id",
     "made_us < ?1 AND kept_age_us <= ?2 AND id NOT IN (SELECT a.id FROM quote_attachments a JOIN quotes q ON q.id = a.quote WHERE "
     "q.aside IS NULL)"},
    {"invites", "invite", "id", "expires_us < ?1 AND kept_age_us <= ?2 - (expires_us - made_us)"},
    {"seats", nullptr, "id", "?1 > 0 AND ?2 > 0 AND invite NOT IN (SELECT id FROM invites WHERE aside IS NULL)"},
    {"people", "person", "id",
     "joined_us < ?1 AND kept_age_us <= ?2 AND invite NOT IN (SELECT id FROM invites WHERE aside IS NULL) AND id NOT IN (SELECT person "
     "FROM quotes WHERE aside IS NULL) AND id NOT IN (SELECT person FROM messages WHERE aside IS NULL) AND id NOT IN (SELECT person FROM "
     "points WHERE aside IS NULL)"},
}};

constexpr const char* orphans[] = {
    "DELETE FROM likings WHERE message NOT IN (SELECT id FROM messages)",
    "DELETE FROM votes WHERE poll NOT IN (SELECT id FROM polls)",
    "DELETE FROM quote_changes WHERE quote NOT IN (SELECT id FROM quotes)",
    "DELETE FROM quote_rounds WHERE quote NOT IN (SELECT id FROM quotes)",
    "DELETE FROM quote_attachments WHERE quote NOT IN (SELECT id FROM quotes)",
};

std::vector<std::string> ids_of(SQLite::Statement& statement) {
    std::vector<std::string> ids;
    while (statement.executeStep()) ids.push_back(statement.getColumn(0).getString());
    statement.reset();
    return ids;
}

}  // namespace

KeptTime SqliteStore::load_time(Rows& rows) {
    KeptTime time;
    SQLite::Statement& row = rows.prepared("SELECT age_us, up_us, boot, boot_us, utc_us FROM kept_time");
    if (row.executeStep()) {
        time.age_us = row.getColumn(0).getInt64();
        time.up_us = row.getColumn(1).getInt64();
        time.last = {row.getColumn(4).getInt64(), row.getColumn(3).getInt64(), row.getColumn(2).getString()};
    }
    row.reset();
    SQLite::Statement& days = rows.prepared("SELECT day, last_us FROM days");
    while (days.executeStep()) time.days[days.getColumn(0).getInt64()] = days.getColumn(1).getInt64();
    days.reset();
    return time;
}

void SqliteStore::see(std::int64_t most_gap) {
    time_.see(sights_(), most_gap);
    rows_.exec("UPDATE kept_time SET age_us = ?, up_us = ?, boot = ?, boot_us = ?, utc_us = ?", time_.age_us, time_.up_us, time_.last.boot,
               time_.last.boot_us, time_.last.utc_us);
    const std::int64_t day = time_.last.utc_us / us_per_day;
    rows_.exec("INSERT OR REPLACE INTO days(day, last_us) VALUES(?, ?)", day, time_.days.at(day));
    time_gap_ = most_gap;
}

std::size_t SqliteStore::erase_asides() {
    SQLite::Statement& due = rows_.prepared("SELECT number FROM asides WHERE age_us <= ? AND days <= ?");
    due.bind(1, time_.age_us - grace_days * us_per_day);
    due.bind(2, static_cast<std::int64_t>(time_.days.size()) - grace_openings);
    std::vector<std::int64_t> numbers;
    while (due.executeStep()) numbers.push_back(due.getColumn(0).getInt64());
    due.reset();
    std::size_t rows = 0;
    for (const std::int64_t number : numbers) {
        for (const Rule& rule : rules)
            rows += static_cast<std::size_t>(rows_.exec(std::string("DELETE FROM ") + rule.table + " WHERE aside = ?", number));
        rows_.exec("DELETE FROM asides WHERE number = ?", number);
    }
    if (!numbers.empty())
        for (const char* sql : orphans) rows_.exec(sql);
    return rows;
}

Store::Swept SqliteStore::sweep_now(int keep_days) {
    Swept swept;
    const Sight before = time_.last;
    const std::int64_t keep_us = keep_days * us_per_day;
    SQLite::Transaction transaction(*database_);
    see(most_gap_us(keep_days));
    swept.erased = erase_asides();
    rows_.exec("INSERT INTO asides(at_us, age_us, days) VALUES(?, ?, ?)", time_.last.utc_us, time_.age_us,
               static_cast<std::int64_t>(time_.days.size()));
    const std::int64_t number = database_->getLastInsertRowid();
    for (const Rule& rule : rules) {
        SQLite::Statement& update = rows_.prepared(std::string("UPDATE ") + rule.table + " SET aside = ?3 WHERE aside IS NULL AND " +
                                                   rule.old + " RETURNING " + rule.id);
        update.bind(1, time_.last.utc_us - keep_us);
        update.bind(2, time_.age_us - keep_us);
        update.bind(3, number);
        for (std::string& id : ids_of(update)) {
            ++swept.put_aside;
            if (rule.kind) swept.records.push_back({rule.kind, std::move(id)});
        }
    }
    if (swept.put_aside == 0) rows_.exec("DELETE FROM asides WHERE number = ?", number);
    // Copies of what is older than anything that could be brought back.
    swept.erased += static_cast<std::size_t>(rows_.exec("DELETE FROM outbox WHERE made_us < ? AND kept_age_us <= ?",
                                                        time_.last.utc_us - keep_us - grace_days * us_per_day,
                                                        time_.age_us - keep_us - grace_days * us_per_day));
    transaction.commit();
    swept.aside = count_aside();
    swept.up_us = time_.up_us;
    swept.now_us = time_.last.utc_us;
    if (before.utc_us > 0) {
        const bool same_boot = !before.boot.empty() && before.boot == time_.last.boot && time_.last.boot_us >= before.boot_us;
        swept.clock_ahead_us = time_.last.utc_us - before.utc_us - (same_boot ? time_.last.boot_us - before.boot_us : 0);
        swept.clock_certain = same_boot;
        swept.before_us = before.utc_us;
    }
    if (swept.erased > 0) (void)database_->execAndGet("PRAGMA wal_checkpoint(TRUNCATE)");
    return swept;
}

std::size_t SqliteStore::count_aside() {
    std::size_t rows = 0;
    for (const Rule& rule : rules) {
        SQLite::Statement& count = rows_.prepared(std::string("SELECT COUNT(*) FROM ") + rule.table + " WHERE aside IS NOT NULL");
        if (count.executeStep()) rows += static_cast<std::size_t>(count.getColumn(0).getInt64());
        count.reset();
    }
    return rows;
}

void SqliteStore::sweep(int keep_days, std::function<void(const Swept&)> done) {
    post_alone(
        [this, keep_days, done] {
            const Swept swept = sweep_now(keep_days);
            if (swept.put_aside > 0)
                log::warn("store", "What was older than the show's retention time has been put aside.",
                          {{"rows", std::to_string(swept.put_aside)}, {"grace_days", std::to_string(grace_days)}});
            if (swept.erased > 0)
                log::warn("store", "What had been put aside has been erased for good.", {{"rows", std::to_string(swept.erased)}});
            if (done) done(swept);
        },
        [this, done](const Error& error) {
            log::warn("store", "what is too old could not be put aside", {{"why", error.message}});
            Swept nothing;
            nothing.up_us = time_.up_us;
            if (done) done(nothing);
        });
}

Result<std::size_t> SqliteStore::bring_back() {
    return wait_for<std::size_t>([this] {
        SQLite::Transaction transaction(*database_);
        std::size_t rows = 0;
        // As if they were kept today, or the next sweep would put them aside again.
        for (const Rule& rule : rules)
            rows += static_cast<std::size_t>(rows_.exec(
                std::string("UPDATE ") + rule.table + " SET aside = NULL, kept_age_us = ? WHERE aside IS NOT NULL", time_.age_us));
        rows_.exec("DELETE FROM asides");
        transaction.commit();
        return rows;
    });
}

Result<std::set<std::string>> SqliteStore::load_aside_people() {
    return wait_for<std::set<std::string>>([this] {
        const auto ids = ids_of(rows_.prepared("SELECT id FROM people WHERE aside IS NOT NULL AND erased = 0"));
        return std::set<std::string>(ids.begin(), ids.end());
    });
}

}  // namespace vitrine::desk
