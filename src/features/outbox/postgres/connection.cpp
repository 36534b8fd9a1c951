// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/outbox/postgres/connection.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <libpq-fe.h>

#include <charconv>
#include <memory>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

namespace asio = boost::asio;

namespace {

// libpq's texts name hosts and settings; none has a parameter's value.
std::string one_line(const char* text) {
    std::string line = text == nullptr ? "" : text;
    for (char& c : line) {
        c = c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    }
    while (!line.empty() && line.back() == ' ') {
        line.pop_back();
    }
    return line;
}

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> parts(1);
    for (const char c : list) {
        if (c == ',') {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

} // namespace

int postgres_rows::size() const {
    return PQntuples(result_.get());
}

std::string_view postgres_rows::text(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::int64_t postgres_rows::integer(int row, int column) const {
    const std::string_view digits = text(row, column);
    std::int64_t n = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), n);
    return n;
}

double postgres_rows::real(int row, int column) const {
    return std::stod(std::string(text(row, column)));
}

void postgres_rows::clear::operator()(pg_result* r) const noexcept {
    PQclear(r);
}

void postgres_connection::finish::operator()(pg_conn* c) const noexcept {
    PQfinish(c);
}

postgres_connection::postgres_connection(asio::any_io_executor executor, postgres_outbox_options options)
    : executor_(std::move(executor)), options_(std::move(options)) {}

postgres_connection::~postgres_connection() = default;

void postgres_connection::close() noexcept {
    connection_.reset();
}

// PQcancel blocks, and a silent peer keeps TCP alive: a connection with an unfinished query is closed.
void postgres_connection::fail(errc code, std::string_view what, bool maybe_done) {
    close();
    call_info info;
    info.delivery = maybe_done ? delivery::maybe_sent : delivery::not_sent;
    info.cause = code;
    info.detail = "outbox: " + std::string(what);
    throw error(failure(maybe_done ? errc::outcome_unknown : code, std::move(info)));
}

// The socket may change between two steps, even to the same number: it is wrapped anew for each wait.
asio::awaitable<void> postgres_connection::wait(direction for_what, deadline until) {
    asio::posix::stream_descriptor socket(executor_, PQsocket(connection_.get()));
    asio::steady_timer timer(executor_, until);
    // The timer's handler may be on its way when this frame ends.
    const auto over = std::make_shared<bool>(false);
    const std::shared_ptr<asio::posix::stream_descriptor> until_then(&socket, [](auto* /*of the frame*/) {});
    timer.async_wait([over, waited = std::weak_ptr(until_then)](const error_code& ec) {
        const auto of = waited.lock();
        if (!ec && of) {
            *over = true;
            error_code ignored; // it may have been released meanwhile: both were ready
            of->cancel(ignored);
        }
    });
    error_code ec;
    co_await socket.async_wait(for_what == direction::read ? asio::posix::stream_descriptor::wait_read
                                                           : asio::posix::stream_descriptor::wait_write,
                               asio::redirect_error(asio::use_awaitable, ec));
    socket.release();
    lost_ = *over || std::chrono::steady_clock::now() >= until;
}

// libpq would resolve names, and block; it verifies the certificate against the name all the same.
asio::awaitable<std::map<std::string, std::string>> postgres_connection::resolved_options() {
    std::map<std::string, std::string> with{{"gssencmode", "disable"}, {"target_session_attrs", "read-write"}};
    char* why = nullptr;
    PQconninfoOption* const parsed = PQconninfoParse(options_.uri.c_str(), &why);
    if (parsed == nullptr) {
        const std::string reason = one_line(why);
        PQfreemem(why);
        fail(errc::invalid_request, "the URI can't be read: " + reason, false);
    }
    for (const PQconninfoOption* o = parsed; o->keyword != nullptr; ++o) {
        if (o->val != nullptr) {
            with[o->keyword] = o->val;
        }
    }
    PQconninfoFree(parsed);
    if (with.contains("hostaddr") || !with.contains("host")) {
        co_return with;
    }
    std::string addresses;
    std::string hosts;
    std::string ports;
    const std::vector<std::string> names = split(with["host"]);
    const std::vector<std::string> given = split(with["port"]);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].starts_with('/')) {
            co_return with; // a local socket
        }
        asio::ip::tcp::resolver resolver(executor_);
        error_code ec;
        const auto found = co_await resolver.async_resolve(names[i], "", asio::redirect_error(asio::use_awaitable, ec));
        for (const auto& each : found) { // each address as a host of its own
            const char* const comma = addresses.empty() ? "" : ",";
            addresses += comma + each.endpoint().address().to_string();
            hosts += comma + names[i];
            ports += comma + given[std::min(i, given.size() - 1)];
        }
    }
    if (addresses.empty()) {
        fail(errc::resolve_failed, "the server's name could not be resolved", false);
    }
    with["hostaddr"] = addresses;
    with["host"] = hosts;
    with["port"] = ports;
    co_return with;
}

asio::awaitable<void> postgres_connection::connect() {
    const deadline until = std::chrono::steady_clock::now() + options_.connect_timeout;
    const std::map<std::string, std::string> with = co_await resolved_options();
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (const auto& [name, value] : with) {
        names.push_back(name.c_str());
        values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    connection_.reset(PQconnectStartParams(names.data(), values.data(), 0));
    if (connection_) { // libpq would print them
        PQsetNoticeReceiver(
            connection_.get(), [](void*, const PGresult*) {}, nullptr);
    }
    if (!connection_ || PQstatus(connection_.get()) == CONNECTION_BAD) {
        fail(errc::connect_failed, one_line(PQerrorMessage(connection_.get())), false);
    }
    PostgresPollingStatusType step = PGRES_POLLING_WRITING;
    while (step != PGRES_POLLING_OK) {
        if (step == PGRES_POLLING_FAILED) {
            fail(errc::connect_failed, one_line(PQerrorMessage(connection_.get())), false);
        }
        co_await wait(step == PGRES_POLLING_READING ? direction::read : direction::write, until);
        if (lost_) {
            fail(errc::timed_out, "connecting to the server took too long", false);
        }
        step = PQconnectPoll(connection_.get());
    }
    PQsetnonblocking(connection_.get(), 1);
}

asio::awaitable<void> postgres_connection::open() {
    if (connection_ && PQstatus(connection_.get()) == CONNECTION_OK) {
        co_return;
    }
    co_await connect();
    co_await check_server();
}

asio::awaitable<void> postgres_connection::check_server() {
    const std::string sql = "select current_setting('fsync'), current_setting('full_page_writes'),"
                            " current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),"
                            " pg_is_in_recovery(), current_setting('server_version_num'),"
                            " set_config('idle_in_transaction_session_timeout', $1, false)";
    // A worker that is stopped within a transaction keeps its locks, for TCP lives: the server ends the session.
    std::vector<std::string> longest_idle;
    longest_idle.push_back(std::to_string(options_.query_timeout.count()));
    const postgres_rows r = co_await query(sql, std::move(longest_idle), false);
    const std::string_view commit = r.text(0, 2);
    const char* wrong = nullptr;
    if (r.text(0, 0) != "on" || r.text(0, 1) != "on") {
        wrong = "the server must have fsync and full_page_writes on";
    } else if (commit == "off" || commit == "local") {
        wrong = "synchronous_commit must not be off or local";
    } else if (r.boolean(0, 4)) {
        wrong = "the server is a standby";
    } else if (options_.replicated && r.text(0, 3).empty()) {
        wrong = "the server has no synchronous_standby_names, and a replicated store needs them";
    } else if (constexpr std::int64_t oldest = 150'000; r.integer(0, 5) < oldest) {
        wrong = "the server must be PostgreSQL 15 or later";
    }
    if (wrong != nullptr) {
        fail(errc::invalid_request, wrong, false);
    }
}

asio::awaitable<pg_result*> postgres_connection::receive(deadline until) {
    pg_conn* const c = connection_.get();
    for (int left = PQflush(c); left != 0; left = PQflush(c)) {
        if (left < 0) {
            lost_ = true;
            co_return nullptr;
        }
        co_await wait(direction::write, until);
        if (lost_ || PQconsumeInput(c) == 0) {
            lost_ = true;
            co_return nullptr;
        }
    }
    pg_result* last = nullptr;
    for (;;) {
        while (PQisBusy(c) != 0) {
            co_await wait(direction::read, until);
            if (lost_ || PQconsumeInput(c) == 0) {
                lost_ = true;
                PQclear(last);
                co_return nullptr;
            }
        }
        pg_result* const next = PQgetResult(c);
        if (next == nullptr) {
            co_return last;
        }
        PQclear(last);
        last = next;
    }
}

asio::awaitable<postgres_rows> postgres_connection::query(std::string sql, std::vector<std::string> parameters,
                                                          bool ends) {
    const deadline until = std::chrono::steady_clock::now() + options_.query_timeout;
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const std::string& p : parameters) {
        values.push_back(p.c_str());
    }
    lost_ = false;
    if (PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                          nullptr, nullptr, 0) == 0) {
        fail(errc::connection_lost, one_line(PQerrorMessage(connection_.get())), false);
    }
    pg_result* const got = co_await receive(until);
    if (lost_ || got == nullptr) {
        PQclear(got);
        fail(std::chrono::steady_clock::now() >= until ? errc::timed_out : errc::connection_lost,
             "the server did not respond", ends);
    }
    postgres_rows rows(got);
    const ExecStatusType status = PQresultStatus(got);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        const char* const state = PQresultErrorField(got, PG_DIAG_SQLSTATE);
        const std::string_view code = state == nullptr ? "" : state;
        // Classes 08 and 57: the connection or the server ended; a commit may have happened before.
        const bool broken = code.empty() || code.starts_with("08") || code.starts_with("57");
        const bool missing = code == "42P01" || code == "42883"; // no such table, no such function
        const std::string reason =
            missing ? "the store is not prepared" : "the server refused: SQLSTATE " + std::string(code);
        fail(missing  ? errc::invalid_request
             : broken ? errc::connection_lost
                      : errc::server_error,
             reason, ends && broken);
    }
    co_return rows;
}

} // namespace detail
YUNHU_NAMESPACE_END
