#include "engine/desk/store_schema.h"

#include <array>
#include <string>

namespace vitrine::desk {
namespace {

constexpr std::array<const char*, 4> steps{
    // 1
    R"sql(
CREATE TABLE invites(
    "id" TEXT PRIMARY KEY, "secret_sha256" TEXT NOT NULL, "role" TEXT NOT NULL, "name" TEXT NOT NULL, "company" TEXT NOT NULL,
    "language" TEXT NOT NULL, "group" TEXT NOT NULL, "person" TEXT NOT NULL, "made_us" INTEGER NOT NULL,
    "not_before_us" INTEGER NOT NULL, "expires_us" INTEGER NOT NULL, "max_devices" INTEGER NOT NULL, "max_people" INTEGER NOT NULL,
    "revoked_us" INTEGER NOT NULL) STRICT;
CREATE TABLE people(
    "id" TEXT PRIMARY KEY, "invite" TEXT NOT NULL, "role" TEXT NOT NULL, "name" TEXT NOT NULL, "company" TEXT NOT NULL,
    "country" TEXT NOT NULL, "language" TEXT NOT NULL, "email" TEXT NOT NULL, "phone" TEXT NOT NULL, "group" TEXT NOT NULL,
    "joined_us" INTEGER NOT NULL, "erased" INTEGER NOT NULL) STRICT;
CREATE TABLE seats(
    "id" TEXT PRIMARY KEY, "person" TEXT NOT NULL, "invite" TEXT NOT NULL, "token_sha256" TEXT NOT NULL, "language" TEXT NOT NULL,
    "made_us" INTEGER NOT NULL, "ended_us" INTEGER NOT NULL) STRICT;
CREATE TABLE messages(
    "id" TEXT PRIMARY KEY, "person" TEXT NOT NULL, "kind" TEXT NOT NULL, "state" TEXT NOT NULL, "is_private" INTEGER NOT NULL,
    "to" TEXT NOT NULL, "text" TEXT NOT NULL, "language" TEXT NOT NULL, "reply_to" TEXT NOT NULL, "moment_frame" INTEGER NOT NULL,
    "moment_capture_us" INTEGER NOT NULL, "moment_product" TEXT NOT NULL, "likes" INTEGER NOT NULL, "priority" INTEGER NOT NULL,
    "pinned" INTEGER NOT NULL, "answer" TEXT NOT NULL, "answer_language" TEXT NOT NULL, "answered_by" TEXT NOT NULL,
    "made_us" INTEGER NOT NULL, "answered_us" INTEGER NOT NULL) STRICT;
CREATE TABLE likings("message" TEXT NOT NULL, "person" TEXT NOT NULL, PRIMARY KEY("message", "person")) STRICT, WITHOUT ROWID;
CREATE TABLE points(
    "id" TEXT PRIMARY KEY, "person" TEXT NOT NULL, "product" TEXT NOT NULL, "note" TEXT NOT NULL, "state" TEXT NOT NULL,
    "at_mm_x" REAL NOT NULL, "at_mm_y" REAL NOT NULL, "at_mm_z" REAL NOT NULL, "moment_frame" INTEGER NOT NULL,
    "moment_capture_us" INTEGER NOT NULL, "moment_product" TEXT NOT NULL, "made_us" INTEGER NOT NULL) STRICT;
CREATE TABLE polls(
    "id" TEXT PRIMARY KEY, "question" TEXT NOT NULL, "options" TEXT NOT NULL, "open" INTEGER NOT NULL, "results_shown" INTEGER NOT NULL,
    "votes" TEXT NOT NULL, "made_us" INTEGER NOT NULL, "closed_us" INTEGER NOT NULL) STRICT;
CREATE TABLE votes(
    "poll" TEXT NOT NULL, "person" TEXT NOT NULL, "option" INTEGER NOT NULL, PRIMARY KEY("poll", "person")) STRICT, WITHOUT ROWID;
CREATE TABLE quotes(
    "id" TEXT PRIMARY KEY, "person" TEXT NOT NULL, "product" TEXT NOT NULL, "variant" TEXT NOT NULL, "number" TEXT NOT NULL,
    "state" TEXT NOT NULL, "sample" INTEGER NOT NULL, "quantity" INTEGER NOT NULL, "below_minimum" INTEGER NOT NULL,
    "list_price_minor" INTEGER, "list_price_currency" TEXT, "incoterm" TEXT NOT NULL, "destination" TEXT NOT NULL,
    "wanted_by" TEXT NOT NULL, "notes" TEXT NOT NULL, "snapshot" TEXT NOT NULL, "moment_frame" INTEGER NOT NULL,
    "moment_capture_us" INTEGER NOT NULL, "moment_product" TEXT NOT NULL, "made_us" INTEGER NOT NULL, "changed_us" INTEGER NOT NULL,
    "language" TEXT NOT NULL) STRICT;
CREATE TABLE quote_changes(
    "quote" TEXT NOT NULL, "position" INTEGER NOT NULL, "id" TEXT NOT NULL, "key" TEXT NOT NULL, "from" TEXT NOT NULL,
    "to" TEXT NOT NULL, "note" TEXT NOT NULL, "state" TEXT NOT NULL, "counter" TEXT NOT NULL,
    PRIMARY KEY("quote", "position")) STRICT, WITHOUT ROWID;
CREATE TABLE quote_rounds(
    "quote" TEXT NOT NULL, "position" INTEGER NOT NULL, "by" TEXT NOT NULL, "at_us" INTEGER NOT NULL, "quantity" INTEGER NOT NULL,
    "unit_price_minor" INTEGER, "unit_price_currency" TEXT, "lead_time" TEXT NOT NULL, "note" TEXT NOT NULL,
    PRIMARY KEY("quote", "position")) STRICT, WITHOUT ROWID;
CREATE TABLE quote_attachments(
    "quote" TEXT NOT NULL, "position" INTEGER NOT NULL, "id" TEXT NOT NULL, "name" TEXT NOT NULL, "type" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL, "sha256" TEXT NOT NULL, PRIMARY KEY("quote", "position")) STRICT, WITHOUT ROWID;
CREATE TABLE orders(
    "id" TEXT PRIMARY KEY, "product" TEXT NOT NULL, "buyer" TEXT NOT NULL, "place" TEXT NOT NULL, "slot" TEXT NOT NULL,
    "state" TEXT NOT NULL, "quantity" INTEGER NOT NULL, "name_allowed" INTEGER NOT NULL, "made_us" INTEGER NOT NULL,
    "changed_us" INTEGER NOT NULL) STRICT;
CREATE TABLE happenings("at_us" INTEGER NOT NULL, "kind" TEXT NOT NULL, "what" TEXT NOT NULL, "more" TEXT NOT NULL) STRICT;
CREATE TABLE outbox(
    "number" INTEGER PRIMARY KEY AUTOINCREMENT, "hook" TEXT NOT NULL, "person" TEXT NOT NULL, "type" TEXT NOT NULL, "data" TEXT NOT NULL,
    "made_us" INTEGER NOT NULL, "next_try_us" INTEGER NOT NULL, "tries" INTEGER NOT NULL, "dead" INTEGER NOT NULL) STRICT;
CREATE INDEX outbox_lines ON outbox("dead", "hook", "person", "number");
CREATE TABLE acknowledged(
    "person" TEXT NOT NULL, "client_id" TEXT NOT NULL, "result" TEXT NOT NULL, "made_us" INTEGER NOT NULL,
    PRIMARY KEY("person", "client_id")) STRICT, WITHOUT ROWID;
CREATE TABLE attachments(
    "id" TEXT PRIMARY KEY, "person" TEXT NOT NULL, "name" TEXT NOT NULL, "type" TEXT NOT NULL, "bytes" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL, "made_us" INTEGER NOT NULL, "used" INTEGER NOT NULL, "data" BLOB NOT NULL) STRICT;
CREATE INDEX messages_of ON messages("person");
CREATE INDEX quotes_of ON quotes("person");
CREATE INDEX attachments_of ON attachments("person");
)sql",
    // 2: money counts ten-thousandths in every currency, where it counted the currency's own smallest part
    R"sql(
ALTER TABLE quotes RENAME COLUMN "list_price_minor" TO "list_price_e4";
ALTER TABLE quote_rounds RENAME COLUMN "unit_price_minor" TO "unit_price_e4";
CREATE TEMP TABLE scales("currency" TEXT PRIMARY KEY, "factor" INTEGER NOT NULL);
INSERT INTO scales VALUES
    ('BIF',10000),('CLP',10000),('DJF',10000),('GNF',10000),('ISK',10000),('JPY',10000),('KMF',10000),('KRW',10000),('PYG',10000),
    ('RWF',10000),('UGX',10000),('VND',10000),('VUV',10000),('XAF',10000),('XOF',10000),('XPF',10000),
    ('BHD',10),('IQD',10),('JOD',10),('KWD',10),('LYD',10),('OMR',10),('TND',10);
UPDATE quotes SET "list_price_e4" = "list_price_e4" * COALESCE(
    (SELECT "factor" FROM scales WHERE "currency" = "list_price_currency"), 100) WHERE "list_price_e4" IS NOT NULL;
UPDATE quote_rounds SET "unit_price_e4" = "unit_price_e4" * COALESCE(
    (SELECT "factor" FROM scales WHERE "currency" = "unit_price_currency"), 100) WHERE "unit_price_e4" IS NOT NULL;
DROP TABLE scales;
)sql",
    // 3: what a seat's device is and whether it gave way; reactions and raised hands by minute
    R"sql(
ALTER TABLE seats ADD COLUMN "device" TEXT NOT NULL DEFAULT '';
ALTER TABLE seats ADD COLUMN "gave_way" INTEGER NOT NULL DEFAULT 0;
CREATE TABLE tallies(
    "minute_us" INTEGER NOT NULL, "product" TEXT NOT NULL, "what" TEXT NOT NULL, "count" INTEGER NOT NULL,
    PRIMARY KEY("minute_us", "product", "what")) STRICT, WITHOUT ROWID;
)sql",
    // 4: what has been seen to pass (kept_time.h), how much of it when each thing was last kept, and what was put aside when; whose an
    // order is. What was kept before is taken to have aged by the days on which something was kept.
    R"sql(
ALTER TABLE invites ADD COLUMN "made_up_us" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN "person" TEXT NOT NULL DEFAULT '';
CREATE TABLE kept_time(
    "only" INTEGER PRIMARY KEY CHECK("only" = 1), "age_us" INTEGER NOT NULL, "up_us" INTEGER NOT NULL, "boot" TEXT NOT NULL,
    "boot_us" INTEGER NOT NULL, "utc_us" INTEGER NOT NULL) STRICT;
CREATE TABLE days("day" INTEGER PRIMARY KEY, "last_us" INTEGER NOT NULL) STRICT;
CREATE TABLE asides(
    "number" INTEGER PRIMARY KEY AUTOINCREMENT, "at_us" INTEGER NOT NULL, "age_us" INTEGER NOT NULL, "days" INTEGER NOT NULL) STRICT;
ALTER TABLE invites ADD COLUMN "kept_age_us" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invites ADD COLUMN "aside" INTEGER;
ALTER TABLE people ADD COLUMN "kept_age_us" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN "aside" INTEGER;
ALTER TABLE seats ADD COLUMN "kept_age_us" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE seats ADD COLUMN "aside" INTEGER;
ALTER TABLE messages ADD COLUMN "kept_age_us" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN "aside" INTEGER;
ALTER TABLE points ADD COLUMN "kept_age_us" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE points ADD COLUMN "aside" INTEGER;
ALTER TABLE polls ADD COLUMN "kept_age_us" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE polls ADD COLUMN "aside" INTEGER;
ALTER TABLE quotes ADD COLUMN "kept_age_us" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quotes ADD COLUMN "aside" INTEGER;
ALTER TABLE orders ADD COLUMN "kept_age_us" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN "aside" INTEGER;
ALTER TABLE attachments ADD COLUMN "kept_age_us" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attachments ADD COLUMN "aside" INTEGER;
ALTER TABLE happenings ADD COLUMN "kept_age_us" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE happenings ADD COLUMN "aside" INTEGER;
ALTER TABLE tallies ADD COLUMN "kept_age_us" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN "aside" INTEGER;
ALTER TABLE outbox ADD COLUMN "kept_age_us" INTEGER NOT NULL DEFAULT 0;
INSERT INTO days SELECT "at" / 86400000000, MAX("at") FROM (
    SELECT "made_us" AS "at" FROM messages UNION ALL SELECT "joined_us" FROM people UNION ALL SELECT "made_us" FROM seats UNION ALL
    SELECT "made_us" FROM invites UNION ALL SELECT "changed_us" FROM quotes UNION ALL SELECT "changed_us" FROM orders UNION ALL
    SELECT "at_us" FROM happenings) WHERE "at" > 0 GROUP BY 1;
CREATE TEMP TABLE ages AS SELECT "day", SUM(MIN("gap", 31 * 86400000000)) OVER (ORDER BY "day") AS "age_us" FROM (
    SELECT "day", "last_us" - COALESCE(LAG("last_us") OVER (ORDER BY "day"), "last_us") AS "gap" FROM days);
INSERT INTO kept_time VALUES(1, COALESCE((SELECT MAX("age_us") FROM ages), 0), 0, '', 0, 0);
UPDATE invites SET "kept_age_us" = COALESCE((SELECT MAX("age_us") FROM ages WHERE "day" <= "made_us" / 86400000000), 0);
UPDATE people SET "kept_age_us" = COALESCE((SELECT MAX("age_us") FROM ages WHERE "day" <= "joined_us" / 86400000000), 0);
UPDATE seats SET "kept_age_us" = COALESCE((SELECT MAX("age_us") FROM ages WHERE "day" <= "made_us" / 86400000000), 0);
UPDATE messages SET "kept_age_us" = COALESCE((SELECT MAX("age_us") FROM ages WHERE "day" <= "made_us" / 86400000000), 0);
UPDATE points SET "kept_age_us" = COALESCE((SELECT MAX("age_us") FROM ages WHERE "day" <= "made_us" / 86400000000), 0);
UPDATE polls SET "kept_age_us" = COALESCE((SELECT MAX("age_us") FROM ages WHERE "day" <= "made_us" / 86400000000), 0);
UPDATE quotes SET "kept_age_us" = COALESCE((SELECT MAX("age_us") FROM ages WHERE "day" <= "changed_us" / 86400000000), 0);
UPDATE orders SET "kept_age_us" = COALESCE((SELECT MAX("age_us") FROM ages WHERE "day" <= "changed_us" / 86400000000), 0);
UPDATE attachments SET "kept_age_us" = COALESCE((SELECT MAX("age_us") FROM ages WHERE "day" <= "made_us" / 86400000000), 0);
UPDATE happenings SET "kept_age_us" = COALESCE((SELECT MAX("age_us") FROM ages WHERE "day" <= "at_us" / 86400000000), 0);
UPDATE tallies SET "kept_age_us" = COALESCE((SELECT MAX("age_us") FROM ages WHERE "day" <= "minute_us" / 86400000000), 0);
UPDATE outbox SET "kept_age_us" = COALESCE((SELECT MAX("age_us") FROM ages WHERE "day" <= "made_us" / 86400000000), 0);
DROP TABLE ages;
UPDATE acknowledged SET "made_us" = 0;
CREATE TRIGGER invites_kept AFTER INSERT ON invites BEGIN
    UPDATE invites SET "kept_age_us" = (SELECT "age_us" FROM kept_time) WHERE "id" = NEW."id"; END;
CREATE TRIGGER people_kept AFTER INSERT ON people BEGIN
    UPDATE people SET "kept_age_us" = (SELECT "age_us" FROM kept_time) WHERE "id" = NEW."id"; END;
CREATE TRIGGER seats_kept AFTER INSERT ON seats BEGIN
    UPDATE seats SET "kept_age_us" = (SELECT "age_us" FROM kept_time) WHERE "id" = NEW."id"; END;
CREATE TRIGGER messages_kept AFTER INSERT ON messages BEGIN
    UPDATE messages SET "kept_age_us" = (SELECT "age_us" FROM kept_time) WHERE "id" = NEW."id"; END;
CREATE TRIGGER points_kept AFTER INSERT ON points BEGIN
    UPDATE points SET "kept_age_us" = (SELECT "age_us" FROM kept_time) WHERE "id" = NEW."id"; END;
CREATE TRIGGER polls_kept AFTER INSERT ON polls BEGIN
    UPDATE polls SET "kept_age_us" = (SELECT "age_us" FROM kept_time) WHERE "id" = NEW."id"; END;
CREATE TRIGGER quotes_kept AFTER INSERT ON quotes BEGIN
    UPDATE quotes SET "kept_age_us" = (SELECT "age_us" FROM kept_time) WHERE "id" = NEW."id"; END;
CREATE TRIGGER orders_kept AFTER INSERT ON orders BEGIN
    UPDATE orders SET "kept_age_us" = (SELECT "age_us" FROM kept_time) WHERE "id" = NEW."id"; END;
CREATE TRIGGER attachments_kept AFTER INSERT ON attachments BEGIN
    UPDATE attachments SET "kept_age_us" = (SELECT "age_us" FROM kept_time) WHERE "id" = NEW."id"; END;
CREATE TRIGGER happenings_kept AFTER INSERT ON happenings BEGIN
    UPDATE happenings SET "kept_age_us" = (SELECT "age_us" FROM kept_time) WHERE rowid = NEW.rowid; END;
CREATE TRIGGER tallies_kept AFTER INSERT ON tallies BEGIN
    UPDATE tallies SET "kept_age_us" = (SELECT "age_us" FROM kept_time)
    WHERE "minute_us" = NEW."minute_us" AND "product" = NEW."product" AND "what" = NEW."what"; END;
CREATE TRIGGER outbox_kept AFTER INSERT ON outbox BEGIN
    UPDATE outbox SET "kept_age_us" = (SELECT "age_us" FROM kept_time) WHERE "number" = NEW."number"; END;
)sql"};

}  // namespace

int newest_schema() { return static_cast<int>(steps.size()); }

void migrate(SQLite::Database& database, int to) {
    int version = database.execAndGet("PRAGMA user_version").getInt();
    for (; version < to; ++version) {
        SQLite::Transaction transaction(database);
        database.exec(steps[static_cast<std::size_t>(version)]);
        database.exec("PRAGMA user_version = " + std::to_string(version + 1));
        transaction.commit();
    }
}

}  // namespace vitrine::desk
