// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/outbox/postgres/connection.hpp"

#include <yunhu/config.hpp>
#include <yunhu/cursor_store.hpp>
#include <yunhu/lease_types.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

// The statements of the PostgreSQL store for leases and cursors. Each is a transaction of its own, with its condition
// in its where-clause: a worker that is stopped between two of them holds no lock.
YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Throws `yunhu::error`, as the connection does.
class postgres_leases {
public:
    template <class T> using task = boost::asio::awaitable<T>;
    using milliseconds = std::chrono::milliseconds;

    explicit postgres_leases(postgres_connection& c) : c_(c) {}

    task<lease_view> look(std::string worker, std::vector<std::string> accounts, milliseconds lease);
    task<std::vector<lease_ticket>> change(std::string worker, std::vector<lease_change> changes, milliseconds lease);
    task<void> forget_worker(std::string worker);
    task<std::optional<inbox_cursors>> cursors(std::string account);
    task<bool> save_cursors(lease_ticket ticket, cursor_change what);

private:
    postgres_connection& c_;
};

} // namespace detail
YUNHU_NAMESPACE_END
