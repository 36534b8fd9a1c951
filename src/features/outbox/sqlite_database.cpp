// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/outbox/sqlite_database.hpp"

#include <boost/system/errc.hpp>

#include <sqlite3.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

namespace {

error_code code_of(int sqlite) {
    namespace sys = boost::system::errc;
    switch (sqlite & 0xFF) { // NOLINT(hicpp-signed-bitwise): SQLite's primary code
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return make_error_code(sys::device_or_resource_busy);
    case SQLITE_NOMEM:
        return make_error_code(sys::not_enough_memory);
    case SQLITE_FULL:
        return make_error_code(sys::no_space_on_device);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return make_error_code(sys::permission_denied);
    case SQLITE_CANTOPEN:
        return make_error_code(sys::no_such_file_or_directory);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return errc::invalid_request;
    default:
        return make_error_code(sys::io_error);
    }
}

} // namespace

failure sqlite_failure(int code, std::string_view reason, bool maybe_done) {
    call_info info;
    info.delivery = maybe_done ? delivery::maybe_sent : delivery::not_sent;
    info.cause = code_of(code);
    info.detail = "outbox: " + std::string(reason);
    return {maybe_done ? make_error_code(errc::outcome_unknown) : info.cause, info};
}

sqlite_statement::~sqlite_statement() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void sqlite_statement::check(int code) const {
    if (code != SQLITE_OK) {
        throw error(sqlite_failure(code, sqlite3_errmsg(db_), false));
    }
}

sqlite_statement& sqlite_statement::bind(std::int64_t value) {
    check(sqlite3_bind_int64(statement_, next_++, value));
    return *this;
}

sqlite_statement& sqlite_statement::bind(double value) {
    check(sqlite3_bind_double(statement_, next_++, value));
    return *this;
}

sqlite_statement& sqlite_statement::bind(std::string_view text) {
    check(sqlite3_bind_text64(statement_, next_++, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

sqlite_statement& sqlite_statement::bind_blob(std::string_view bytes) {
    check(sqlite3_bind_blob64(statement_, next_++, bytes.data(), bytes.size(), SQLITE_STATIC));
    return *this;
}

bool sqlite_statement::step() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        check(code);
    }
    return code == SQLITE_ROW;
}

void sqlite_statement::run() {
    while (step()) {}
}

void sqlite_statement::reset() {
    sqlite3_reset(statement_);
    next_ = 1;
}

std::int64_t sqlite_statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

double sqlite_statement::real(int column) const {
    return sqlite3_column_double(statement_, column);
}

std::string sqlite_statement::text(int column) const {
    const void* const bytes = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

void sqlite_database::close::operator()(sqlite3* db) const noexcept {
    sqlite3_close_v2(db);
}

void sqlite_database::finalize::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

void sqlite_database::fail(const char* what) const {
    throw error(sqlite_failure(sqlite3_extended_errcode(db_.get()), what, false));
}

sqlite_database::sqlite_database(const options& with) {
    // SQLite would create it readable for all; it has messages.
    const int created = ::open(with.file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR); // NOLINT
    if (created < 0) {
        const int why = errno;
        call_info info;
        info.cause = error_code(why, boost::system::system_category());
        info.detail = "outbox: the file can't be opened";
        throw error(failure(errc::invalid_request, info));
    }
    ::close(created);
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(with.file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    db_.reset(opened);
    if (code != SQLITE_OK) {
        fail("the file can't be opened");
    }
    sqlite3_extended_result_codes(db_.get(), 1);
    sqlite3_busy_timeout(db_.get(), static_cast<int>(with.busy_timeout.count()));
    execute("pragma journal_mode = wal");
    execute(with.sync ? "pragma synchronous = full" : "pragma synchronous = normal");
}

void sqlite_database::execute(const char* sql) {
    if (sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        const std::string reason = sqlite3_errmsg(db_.get());
        fail(reason.c_str());
    }
}

sqlite_statement sqlite_database::use(std::string_view sql) {
    auto& prepared = prepared_[sql];
    if (!prepared) {
        sqlite3_stmt* made = nullptr;
        const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &made, nullptr);
        if (code != SQLITE_OK) {
            throw error(sqlite_failure(code, sqlite3_errmsg(db_.get()), false));
        }
        prepared.reset(made);
    }
    return {db_.get(), prepared.get()};
}

// `immediate`: a read that becomes a write could not wait for another writer.
sqlite_database::transaction::transaction(sqlite_database& db) : db_(db) {
    db_.execute("begin immediate");
}

sqlite_database::transaction::~transaction() {
    if (open_) {
        sqlite3_exec(db_.db_.get(), "rollback", nullptr, nullptr, nullptr);
    }
}

void sqlite_database::transaction::commit() {
    const int code = sqlite3_exec(db_.db_.get(), "commit", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) {
        open_ = false;
        return;
    }
    const std::string reason = sqlite3_errmsg(db_.db_.get());
    // Busy: nothing was written. Any other error may have come after the write.
    throw error(sqlite_failure(code, reason, (code & 0xFF) != SQLITE_BUSY)); // NOLINT(hicpp-signed-bitwise)
}

} // namespace detail
YUNHU_NAMESPACE_END
