// Opening the show's file: lock, integrity, version.

#include "engine/desk/store.h"

#include <SQLiteCpp/Backup.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "engine/desk/sqlite_store.h"
#include "engine/desk/store_schema.h"
#include "engine/log.h"
#include "engine/private_files.h"

namespace vitrine::desk {
namespace {

namespace fs = std::filesystem;

constexpr int busy_ms = 5000;

std::string stamp() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
    return text;
}

/// Made before SQLite does, so that nobody else may read it; its log takes the same permissions.
Result<void> make_private(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        const bool full = errno == ENOSPC || errno == EDQUOT;
        return fail("The show's data cannot be kept in " + file.parent_path().string() + ": " + std::strerror(errno) +
                        ". Make it writable, or give another folder with --data.",
                    full ? ErrorKind::no_space : ErrorKind::bad_input);
    }
    ::close(descriptor);
    return {};
}

/// Throws; empty when all is well.
std::string damage(SQLite::Database& database) {
    const std::string found = database.execAndGet("PRAGMA quick_check(1)").getString();
    return found == "ok" ? std::string() : found;
}

bool is_damage(const SQLite::Exception& problem) {
    const int code = problem.getErrorCode() & 0xff;
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

std::unique_ptr<SQLite::Database> open_checked(const fs::path& file) {
    auto database = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, busy_ms);
    if (const std::string found = damage(*database); !found.empty()) throw SQLite::Exception(found, SQLITE_CORRUPT);
    return database;
}

/// Under a name that tells its day, with its log. Never overwrites.
Result<std::string> put_aside(const fs::path& file) {
    std::string name = file.stem().string() + "-damaged-" + stamp();
    for (int i = 2; fs::exists(file.parent_path() / (name + ".db")); ++i)
        name = file.stem().string() + "-damaged-" + stamp() + "-" + std::to_string(i);
    const fs::path aside = file.parent_path() / (name + ".db");
    std::error_code error;
    fs::rename(file, aside, error);
    if (error) return fail("The damaged file " + file.string() + " cannot be put aside: " + error.message() + ".");
    for (const char* part : {"-wal", "-shm"}) fs::rename(file.string() + part, aside.string() + part, error);
    return aside.filename().string();
}

}  // namespace

namespace {

/// What an older version, or a copy, has left open. A folder is ours when a show's data is in it.
void close_to_others(const fs::path& folder) {
    std::error_code error;
    if (!fs::exists(folder / "show.db", error)) return;
    const Tightened told = tighten(folder, [](const fs::path& path) {
        const std::string name = path.filename().string();
        return name.starts_with("show") || name == "lock" || name == "links.key" || name == "port";
    });
    if (told.closed > 0)
        log::info("store", "The show's data in " + folder.string() + " could be read by others on this machine; now by you alone.");
    for (const fs::path& path : told.left_open)
        log::warn("store", path.string() +
                               " can be read by others on this machine and its rights cannot be changed. Move the show's data to a "
                               "disk that knows rights, in a folder of yours.");
}

}  // namespace

Result<FolderLock> FolderLock::take(const fs::path& folder) {
    const fs::path file = folder / "lock";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fail("The show's data cannot be kept in " + folder.string() + ": " + std::strerror(errno) +
                        ". Make it writable, or give another folder with --data.",
                    ErrorKind::bad_input);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return fail("Another show is using the data in " + folder.string() + ". End it first, or give another folder with --data.",
                    ErrorKind::conflict);
    }
    return FolderLock(descriptor);
}

FolderLock::~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::unique_ptr<Store>> Store::open(const fs::path& folder, SightSource sights) {
    if (auto made = make_private_folder(folder); !made) return tl::unexpected(made.error());
    close_to_others(folder);
    auto lock = FolderLock::take(folder);
    if (!lock) return tl::unexpected<Error>(lock.error());
    const fs::path file = folder / "show.db";
    std::string notice;
    try {
        std::unique_ptr<SQLite::Database> database;
        for (int attempt = 0; !database; ++attempt) {
            if (auto priv = make_private(file); !priv) return tl::unexpected<Error>(priv.error());
            try {
                database = open_checked(file);
            } catch (const SQLite::Exception& problem) {
                if (!is_damage(problem) || attempt > 0) throw;
                auto aside = put_aside(file);
                if (!aside) return tl::unexpected<Error>(aside.error());
                notice = "The show's data was damaged. It was put aside as " + *aside + ", and a new file was begun.";
                log::error("store", notice, {{"found", problem.what()}});
            }
        }
        if (const int version = database->execAndGet("PRAGMA user_version").getInt(); version > newest_schema())
            return fail("The data in " + folder.string() + " was written by a newer version of this program (" + std::to_string(version) +
                            "). Use that version, or give another folder with --data.",
                        ErrorKind::bad_input);
        database->exec("PRAGMA journal_mode = WAL");
        database->exec("PRAGMA synchronous = FULL");
        database->exec("PRAGMA secure_delete = ON");
        database->exec("PRAGMA journal_size_limit = 8388608");
        migrate(*database);
        return std::make_unique<SqliteStore>(std::move(*lock), file, std::move(database), std::move(notice), std::move(sights));
    } catch (const std::exception& problem) {
        Error found = store_error(problem);
        found.message = "The show's data in " + folder.string() + " cannot be opened: " + found.message;
        return tl::unexpected<Error>(std::move(found));
    }
}

Result<std::vector<Record>> Store::read(const fs::path& folder, bool also_what_is_aside) {
    const fs::path file = folder / "show.db";
    std::error_code error;
    if (!fs::exists(file, error))
        return fail("There is no show.db in " + folder.string() + ": this show has kept nothing yet.", ErrorKind::missing);
    try {
        SQLite::Database database(file.string(), SQLite::OPEN_READONLY, busy_ms);
        const int version = database.execAndGet("PRAGMA user_version").getInt();
        if (version > newest_schema())
            return fail("The data in " + folder.string() + " was written by a newer version of this program. Use that version.",
                        ErrorKind::bad_input);
        if (version == 0) return std::vector<Record>();
        if (version < newest_schema()) {
            // The file stays as it is: a copy is brought up to date.
            SQLite::Database copy(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            SQLite::Backup(copy, database).executeStep();
            migrate(copy);
            Rows rows(copy);
            return SqliteStore::load_records(rows, also_what_is_aside);
        }
        SQLite::Transaction one_moment(database);
        Rows rows(database);
        return SqliteStore::load_records(rows, also_what_is_aside);
    } catch (const std::exception& problem) {
        Error found = store_error(problem);
        found.message = "The show's data in " + folder.string() + " cannot be read: " + found.message;
        return tl::unexpected<Error>(std::move(found));
    }
}

}  // namespace vitrine::desk
