// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/cursor_store.hpp>
#include <yunhu/lease_store.hpp>
#include <yunhu/lease_types.hpp>
#include <yunhu/outbox_store.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// Options of a `postgres_outbox_store`.
struct postgres_outbox_options {
    postgres_outbox_options() = default;
    explicit postgres_outbox_options(std::string where) : uri(std::move(where)) {}

    /// As libpq takes it, e.g. `postgres://worker@db1,db2/bots?sslmode=verify-full`. Unless it says otherwise, of
    /// several servers the one that can be written to is used.
    std::string uri;
    /// Demands a synchronous standby, so that a stored message survives the server. Without one, `prepare` and every
    /// new connection fail with `errc::invalid_request`.
    bool replicated = false;
    std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
    /// Of each query; then the connection is closed. The server ends a transaction whose worker is silent for as long:
    /// one that is stopped does not lock others out.
    std::chrono::milliseconds query_timeout = std::chrono::seconds(10);
};

/// Keeps an outbox in PostgreSQL 15 or later, for workers on many machines. One connection, opened by the first
/// operation and again after it was lost. Times are the server's.
///
/// A server that can't keep what it acknowledges is refused with `errc::invalid_request`: `fsync` or `full_page_writes`
/// off, `synchronous_commit` off or local, or one in recovery. A failover to an asynchronous standby is a roll-back,
/// after which messages may be sent twice or be lost.
class YUNHU_EXPORT postgres_outbox_store final : public outbox_store, public lease_store {
public:
    template <class T> using operation = outbox_store::operation<T>;
    using milliseconds = std::chrono::milliseconds;

    /// Performs no I/O. Parameters: the executor that does it; the options.
    postgres_outbox_store(boost::asio::any_io_executor executor, postgres_outbox_options options);
    /// Its operations must have ended.
    ~postgres_outbox_store() override;

    [[nodiscard]] operation<void> prepare() override;
    [[nodiscard]] operation<std::vector<enqueued_item>> enqueue(std::vector<outbox_item> items) override;
    [[nodiscard]] operation<claim_batch> claim(claim_request what) override;
    [[nodiscard]] operation<std::vector<outbox_ticket>> mark_sending(std::vector<outbox_ticket> claims,
                                                                     milliseconds lease) override;
    [[nodiscard]] operation<std::size_t> settle(std::vector<settlement> outcomes) override;
    [[nodiscard]] operation<std::vector<outbox_claim>> take_overdue(claim_request what) override;
    [[nodiscard]] operation<void> renew(std::vector<outbox_ticket> claims, milliseconds lease) override;
    [[nodiscard]] operation<std::optional<outbox_record>> find(std::string key_or_msg_id) override;
    [[nodiscard]] operation<std::vector<outbox_record>> list(outbox_filter which) override;
    [[nodiscard]] operation<outbox_counts> counts() override;
    [[nodiscard]] operation<resend_outcome> resend(std::string key_or_msg_id, milliseconds quarantine) override;
    [[nodiscard]] operation<std::uint64_t> repair() override;
    [[nodiscard]] operation<std::uint64_t> prune(milliseconds older_than) override;
    [[nodiscard]] operation<void> set_lane(outbox_lane lane) override;
    [[nodiscard]] operation<void> pause_lane(std::string account, milliseconds length) override;

    [[nodiscard]] operation<lease_view> look(std::string worker, std::vector<std::string> accounts,
                                             milliseconds lease) override;
    [[nodiscard]] operation<std::vector<lease_ticket>> change(std::string worker, std::vector<lease_change> changes,
                                                              milliseconds lease) override;
    [[nodiscard]] operation<void> leave(std::string worker) override;
    [[nodiscard]] operation<std::optional<inbox_cursors>> load_cursors(std::string account) override;
    [[nodiscard]] operation<bool> save_cursors(lease_ticket ticket, cursor_change change) override;

private:
    struct impl;
    std::shared_ptr<impl> impl_;
};

YUNHU_NAMESPACE_END
