// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A statement while it is in use: parameters are bound in order, rows are read by column. Throws `yunhu::error`.
class sqlite_statement {
public:
    sqlite_statement(sqlite3* db, sqlite3_stmt* prepared) : db_(db), statement_(prepared) {}
    sqlite_statement(const sqlite_statement&) = delete;
    sqlite_statement& operator=(const sqlite_statement&) = delete;
    ~sqlite_statement();

    sqlite_statement& bind(std::int64_t value);
    sqlite_statement& bind(double value);
    /// The text must outlive the statement's use.
    sqlite_statement& bind(std::string_view text);
    sqlite_statement& bind_blob(std::string_view bytes);

    /// True: there is a row.
    bool step();
    /// Runs to the end.
    void run();
    /// For another run with other parameters.
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;

private:
    void check(int code) const;

    sqlite3* db_;
    sqlite3_stmt* statement_;
    int next_ = 1;
};

/// A connection to a SQLite database in WAL mode. One thread. Throws `yunhu::error`.
class sqlite_database {
public:
    struct options {
        std::filesystem::path file;
        bool sync = true; ///< each commit waits for the disk
        std::chrono::milliseconds busy_timeout{};
    };

    explicit sqlite_database(const options& with);

    /// Prepared once. `sql` must live as long as the database.
    [[nodiscard]] sqlite_statement use(std::string_view sql);
    void execute(const char* sql);

    /// A write transaction; rolled back when it is destroyed without a commit.
    class transaction {
    public:
        explicit transaction(sqlite_database& db);
        transaction(const transaction&) = delete;
        transaction& operator=(const transaction&) = delete;
        ~transaction();
        void commit();

    private:
        sqlite_database& db_;
        bool open_ = true;
    };

private:
    struct close {
        void operator()(sqlite3* db) const noexcept;
    };
    struct finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    [[noreturn]] void fail(const char* what) const;

    std::unique_ptr<sqlite3, close> db_;
    std::map<std::string_view, std::unique_ptr<sqlite3_stmt, finalize>> prepared_;
};

/// `outbox FILE: what (SQLite's reason)`. `maybe_done`: the commit may have happened.
[[nodiscard]] failure sqlite_failure(int code, std::string_view reason, bool maybe_done);

} // namespace detail
YUNHU_NAMESPACE_END
