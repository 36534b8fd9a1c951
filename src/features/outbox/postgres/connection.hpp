// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/postgres_outbox.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// The rows of a query, as text.
class postgres_rows {
public:
    explicit postgres_rows(pg_result* r) : result_(r) {}

    [[nodiscard]] int size() const;
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] std::string_view text(int row, int column) const;
    [[nodiscard]] std::int64_t integer(int row, int column) const;
    [[nodiscard]] double real(int row, int column) const;
    [[nodiscard]] bool boolean(int row, int column) const { return text(row, column) == "t"; }

private:
    struct clear {
        void operator()(pg_result* r) const noexcept;
    };
    std::unique_ptr<pg_result, clear> result_;
};

/// A connection by libpq's non-blocking interface. One query at a time, on one strand. Throws `yunhu::error`.
class postgres_connection {
public:
    postgres_connection(boost::asio::any_io_executor executor, postgres_outbox_options options);
    postgres_connection(const postgres_connection&) = delete;
    postgres_connection& operator=(const postgres_connection&) = delete;
    ~postgres_connection();

    /// Opens it, unless it is open, and checks that the server keeps what it acknowledges.
    boost::asio::awaitable<void> open();
    /// Parameters are texts, `$1` and on. `ends`: a commit, or a statement that commits: its failure leaves the outcome
    /// unknown.
    boost::asio::awaitable<postgres_rows> query(std::string sql, std::vector<std::string> parameters, bool ends);
    void close() noexcept;
    [[nodiscard]] bool is_open() const noexcept { return connection_ != nullptr; }

private:
    using deadline = std::chrono::steady_clock::time_point;
    enum class direction : std::uint8_t { read, write };
    struct finish {
        void operator()(pg_conn* c) const noexcept;
    };

    boost::asio::awaitable<void> connect();
    boost::asio::awaitable<std::map<std::string, std::string>> resolved_options();
    boost::asio::awaitable<void> check_server();
    boost::asio::awaitable<void> wait(direction for_what, deadline until);
    boost::asio::awaitable<pg_result*> receive(deadline until);
    [[noreturn]] void fail(errc code, std::string_view what, bool maybe_done);

    boost::asio::any_io_executor executor_;
    postgres_outbox_options options_;
    std::unique_ptr<pg_conn, finish> connection_;
    bool lost_ = false; ///< by the query that runs
};

} // namespace detail
YUNHU_NAMESPACE_END
