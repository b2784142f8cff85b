#pragma once
// Store on SQLite: one thread, one connection. For store.cpp and its tests.

#include <SQLiteCpp/SQLiteCpp.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/desk/desk_core.h"
#include "engine/desk/store.h"
#include "engine/desk/store_rows.h"

namespace vitrine::desk {

constexpr std::int64_t most_attachment_bytes = most_kept_upload_bytes;

/// A file lock that goes with its process, however it ends.
class FolderLock {
  public:
    static Result<FolderLock> take(const std::filesystem::path& folder);
    FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

  private:
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

class SqliteStore final : public Store {
  public:
    SqliteStore(FolderLock lock, std::filesystem::path file, std::unique_ptr<SQLite::Database> database, std::string notice,
                SightSource sights);
    /// After everything that waits has been written.
    ~SqliteStore() override;

    Result<std::vector<Record>> load() override;
    Result<std::vector<Acknowledged>> load_acknowledged() override;
    Result<std::vector<Upload>> load_uploads() override;
    const std::string& notice() const override { return notice_; }
    void write(Write write, std::function<void(Result<void>)> done) override;
    void put_attachment(Attachment attachment, std::string person, std::string bytes, std::function<void(Result<void>)> done) override;
    void get_attachment(std::string id, std::function<void(Result<std::string>)> done) override;
    void read_attachment(std::string id, std::uint64_t at, std::size_t bytes, std::function<void(Result<std::string>)> done) override;
    void outbox_due(std::int64_t now_us, int most_of_each, std::function<void(std::vector<OutboxEntry>)> done) override;
    void outbox_sent(std::int64_t number) override;
    void outbox_failed(std::int64_t number, std::int64_t next_try_us, bool dead) override;
    void outbox(int most, std::function<void(Outbox)> done) override;
    void outbox_again(std::int64_t number, std::function<void(bool)> done) override;
    void sweep(int keep_days, std::function<void(const Swept&)> done) override;
    Result<std::size_t> bring_back() override;
    Result<std::set<std::string>> load_aside_people() override;
    const std::filesystem::path& file() const override { return file_; }

    /// All records of a database, oldest first of each kind. Throws.
    static std::vector<Record> load_records(Rows& rows, bool also_what_is_aside = false);

  private:
    struct Waiting {
        Write write;
        std::function<void(Result<void>)> done;
    };
    /// Either writes that are committed together, or one thing by itself.
    struct Job {
        std::optional<Waiting> write;
        std::function<void()> alone;
    };
    void post(Job job);
    /// Runs on the store thread; what it throws becomes an Error for `failed`.
    void post_alone(std::function<void()> work, std::function<void(Error)> failed);
    template <class T>
    Result<T> wait_for(std::function<T()> work);
    void run();
    void commit(std::vector<Waiting> group);
    void keep(const Write& write);
    void keep_record(const Record& record);
    void erase(const Erasure& erasure);
    void roll_back();
    static KeptTime load_time(Rows& rows);
    void see(std::int64_t most_gap);
    Swept sweep_now(int keep_days);
    std::size_t erase_asides();
    std::size_t count_aside();
    std::vector<OutboxEntry> read_outbox(SQLite::Statement& statement);

    FolderLock lock_;
    std::filesystem::path file_;
    std::string notice_;
    // Thread-bound: the store thread.
    std::unique_ptr<SQLite::Database> database_;
    Rows rows_;
    const SightSource sights_;
    KeptTime time_;
    std::int64_t time_gap_ = 0;    ///< as the last sweep said; 0: none yet
    std::optional<Error> failed_;  ///< until a write comes afresh
    bool erased_ = false;          ///< the log still holds what was erased

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> jobs_;
    bool closing_ = false;
    std::thread thread_;
};

/// A sentence for a person, from what SQLite says.
Error store_error(const std::exception& problem);

}  // namespace vitrine::desk
