// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/lane_limit.hpp"
#include "engine/outbox_fsm.hpp"
#include "features/outbox/postgres/connection.hpp"

#include <yunhu/config.hpp>
#include <yunhu/outbox_types.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The statements of the PostgreSQL store: rows to values and back. What a row becomes is decided by the machine, while
// the row is locked.
YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Throws `yunhu::error`, as the connection does.
class postgres_table {
public:
    template <class T> using task = boost::asio::awaitable<T>;

    explicit postgres_table(postgres_connection& c) : c_(c) {}

    struct row {
        outbox_claim claim;
        engine::outbox_fsm life;
        engine::store_time now{}; ///< the server's
        bool changed = false;
        std::optional<std::string> worker;
        std::optional<std::string> reason;
    };

    task<void> create();
    task<void> check();
    task<void> begin();
    task<void> commit();

    task<std::vector<enqueued_item>> insert(std::vector<outbox_item> items);
    // Each locks its rows until the commit.
    task<std::vector<row>> lock(std::vector<std::uint64_t> ids);
    task<std::vector<row>> lock_queued(std::string account, std::size_t max);
    task<std::vector<row>> lock_overdue(std::string account, std::size_t max);
    task<std::vector<row>> lock_unsent();
    task<std::vector<row>> lock_named(std::string key_or_msg_id);
    /// Saves those that changed.
    task<void> save(std::vector<row> rows);

    struct lane_row {
        engine::lane_limit limit;
        std::chrono::nanoseconds now{};
    };
    task<lane_row> lock_lane(std::string account);
    task<void> save_lane(std::string account, engine::lane_limit l);

    /// When the next one of that account may be claimed, from now on; none: none is queued.
    task<std::optional<std::chrono::milliseconds>> next_queued(std::string account);
    task<std::vector<outbox_record>> list(outbox_filter which);
    task<std::optional<outbox_record>> find(std::string key_or_msg_id);
    task<outbox_counts> counts();
    task<std::uint64_t> prune(std::chrono::milliseconds older_than);

private:
    task<std::vector<row>> lock_where(std::string condition, std::vector<std::string> parameters);

    postgres_connection& c_;
};

} // namespace detail
YUNHU_NAMESPACE_END
