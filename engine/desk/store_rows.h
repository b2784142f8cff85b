#pragma once
// Records to rows and back, by record_fields.h. Money takes two columns, a moment three, a point in space three; texts in several languages
// and lists of numbers are JSON; a quote's rounds, changes and attachments have tables of their own. For the store alone; throws
// SQLite::Exception and nlohmann's exceptions.

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/desk/json_fields.h"

namespace vitrine::desk {

template <class T>
constexpr const char* table_of() {
    if constexpr (std::is_same_v<T, InviteRecord>) return "invites";
    if constexpr (std::is_same_v<T, Person>) return "people";
    if constexpr (std::is_same_v<T, Seat>) return "seats";
    if constexpr (std::is_same_v<T, Message>) return "messages";
    if constexpr (std::is_same_v<T, Liking>) return "likings";
    if constexpr (std::is_same_v<T, Point>) return "points";
    if constexpr (std::is_same_v<T, Poll>) return "polls";
    if constexpr (std::is_same_v<T, Vote>) return "votes";
    if constexpr (std::is_same_v<T, Quote>) return "quotes";
    if constexpr (std::is_same_v<T, SpecChange>) return "quote_changes";
    if constexpr (std::is_same_v<T, QuoteRound>) return "quote_rounds";
    if constexpr (std::is_same_v<T, Attachment>) return "quote_attachments";
    if constexpr (std::is_same_v<T, Order>) return "orders";
    if constexpr (std::is_same_v<T, Happening>) return "happenings";
    if constexpr (std::is_same_v<T, Tally>) return "tallies";
    return nullptr;
}

// Parts of a quote that are rows of their own.
template <class T>
concept Parts = one_of<T, std::vector<SpecChange>, std::vector<QuoteRound>, std::vector<Attachment>>;

struct ColumnNames {
    std::vector<std::string> names;
    template <class T>
    void operator()(std::string_view name, const T&) {
        const std::string text(name);
        if constexpr (Parts<T>) {
        } else if constexpr (std::is_same_v<T, SceneMoment>) {
            for (const char* part : {"_frame", "_capture_us", "_product"}) names.push_back(text + part);
        } else if constexpr (std::is_same_v<T, std::optional<Money>>) {
            for (const char* part : {"_e4", "_currency"}) names.push_back(text + part);
        } else if constexpr (std::is_same_v<T, std::array<double, 3>>) {
            for (const char* part : {"_x", "_y", "_z"}) names.push_back(text + part);
        } else {
            names.push_back(text);
        }
    }
};

class Binder {
  public:
    Binder(SQLite::Statement& statement, int next) : statement_(statement), next_(next) {}
    template <class T>
    void operator()(std::string_view, const T& value) {
        if constexpr (Parts<T>) {
        } else if constexpr (std::is_same_v<T, SceneMoment>) {
            put(static_cast<std::int64_t>(value.frame)), put(value.capture_us), put(value.product);
        } else if constexpr (std::is_same_v<T, std::optional<Money>>) {
            if (value) {
                put(value->e4), put(value->currency);
            } else {
                statement_.bind(next_++), statement_.bind(next_++);
            }
        } else if constexpr (std::is_same_v<T, std::array<double, 3>>) {
            for (const double mm : value) statement_.bind(next_++, mm);
        } else if constexpr (NamedEnum<T>) {
            put(std::string(name_of(value)));
        } else if constexpr (std::is_same_v<T, std::string> || std::is_integral_v<T>) {
            put(value);
        } else {
            put(value_to_json(value).dump());
        }
    }

  private:
    void put(const std::string& text) { statement_.bind(next_++, text); }
    template <std::integral I>
    void put(I number) {
        statement_.bind(next_++, static_cast<std::int64_t>(number));
    }
    SQLite::Statement& statement_;
    int next_;
};

class RowReader {
  public:
    RowReader(SQLite::Statement& statement, int next) : statement_(statement), next_(next) {}
    template <class T>
    void operator()(std::string_view, T& value) {
        if constexpr (Parts<T>) {
        } else if constexpr (std::is_same_v<T, SceneMoment>) {
            value.frame = static_cast<std::uint64_t>(number());
            value.capture_us = number();
            value.product = text();
        } else if constexpr (std::is_same_v<T, std::optional<Money>>) {
            const bool none = statement_.getColumn(next_).isNull();
            const std::int64_t e4 = number();
            std::string currency = text();
            if (!none) value = Money{e4, std::move(currency)};
        } else if constexpr (std::is_same_v<T, std::array<double, 3>>) {
            for (double& mm : value) mm = statement_.getColumn(next_++).getDouble();
        } else if constexpr (NamedEnum<T>) {
            if (const auto known = named<T>(text())) value = *known;
        } else if constexpr (std::is_same_v<T, std::string>) {
            value = text();
        } else if constexpr (std::is_integral_v<T>) {
            value = static_cast<T>(number());
        } else {
            value_from_json(nlohmann::json::parse(text()), value);
        }
    }

  private:
    std::int64_t number() { return statement_.getColumn(next_++).getInt64(); }
    std::string text() { return statement_.getColumn(next_++).getString(); }
    SQLite::Statement& statement_;
    int next_;
};

template <class T>
std::vector<std::string> columns_of() {
    ColumnNames columns;
    const T empty{};
    each_field(empty, columns);
    return columns.names;
}

template <class T>
std::string insert_sql(bool of_quote = false) {
    std::string names = of_quote ? "\"quote\",\"position\"" : "", marks = of_quote ? "?,?" : "";
    for (const std::string& column : columns_of<T>()) {
        names += (names.empty() ? "\"" : ",\"") + column + "\"";
        marks += marks.empty() ? "?" : ",?";
    }
    return std::string("INSERT OR REPLACE INTO ") + table_of<T>() + "(" + names + ") VALUES(" + marks + ")";
}

template <class T>
std::string select_sql(const std::string& rest) {
    std::string names;
    for (const std::string& column : columns_of<T>()) names += (names.empty() ? "\"" : ",\"") + column + "\"";
    return "SELECT " + names + " FROM " + table_of<T>() + " " + rest;
}

/// The statements stay prepared as long as this lives.
class Rows {
  public:
    explicit Rows(SQLite::Database& database) : database_(database) {}

    template <class T>
    void put(const T& record) {
        SQLite::Statement& insert = prepared(insert_sql<T>());
        each_field(record, Binder(insert, 1));
        run(insert);
        if constexpr (std::is_same_v<T, Quote>) {
            put_parts(record.id, record.changes);
            put_parts(record.id, record.rounds);
            put_parts(record.id, record.attachments);
        }
    }
    /// `rest`: WHERE and ORDER BY; `values` for its marks.
    template <class T>
    std::vector<T> all(const std::string& rest, const std::vector<std::string>& values = {}) {
        SQLite::Statement& select = prepared(select_sql<T>(rest));
        int next = 1;
        for (const std::string& value : values) select.bind(next++, value);
        std::vector<T> records;
        while (select.executeStep()) {
            T& record = records.emplace_back();
            each_field(record, RowReader(select, 0));
        }
        select.reset();
        if constexpr (std::is_same_v<T, Quote>)
            for (Quote& quote : records) {
                quote.changes = all<SpecChange>("WHERE \"quote\" = ? ORDER BY \"position\"", {quote.id});
                quote.rounds = all<QuoteRound>("WHERE \"quote\" = ? ORDER BY \"position\"", {quote.id});
                quote.attachments = all<Attachment>("WHERE \"quote\" = ? ORDER BY \"position\"", {quote.id});
            }
        return records;
    }
    SQLite::Statement& prepared(const std::string& sql) {
        const auto found = statements_.find(sql);
        SQLite::Statement& statement =
            found != statements_.end() ? found->second : statements_.try_emplace(sql, database_, sql).first->second;
        statement.tryReset();
        statement.clearBindings();
        return statement;
    }
    /// Runs a statement with texts and numbers for its marks; how many rows it changed.
    template <class... Values>
    int exec(const std::string& sql, const Values&... values) {
        SQLite::Statement& statement = prepared(sql);
        int next = 1;
        (statement.bind(next++, values), ...);
        return run(statement);
    }

  private:
    template <class Part>
    void put_parts(const std::string& quote, const std::vector<Part>& parts) {
        exec(std::string("DELETE FROM ") + table_of<Part>() + " WHERE \"quote\" = ?", quote);
        SQLite::Statement& insert = prepared(insert_sql<Part>(true));
        for (std::size_t i = 0; i < parts.size(); ++i) {
            insert.reset();
            insert.bind(1, quote);
            insert.bind(2, static_cast<std::int64_t>(i));
            each_field(parts[i], Binder(insert, 3));
            insert.exec();
        }
        insert.reset();
    }
    static int run(SQLite::Statement& statement) {
        const int rows = statement.exec();
        statement.reset();
        return rows;
    }

    SQLite::Database& database_;
    std::map<std::string, SQLite::Statement> statements_;
};

}  // namespace vitrine::desk
