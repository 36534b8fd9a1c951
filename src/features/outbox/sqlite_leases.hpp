// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/outbox_fsm.hpp"
#include "features/outbox/sqlite_database.hpp"

#include <yunhu/config.hpp>
#include <yunhu/cursor_store.hpp>
#include <yunhu/lease_types.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

// The statements of the SQLite store for leases and cursors. Each change has its condition in its where-clause.
YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Throws `yunhu::error`, as the database does.
class sqlite_leases {
public:
    using milliseconds = std::chrono::milliseconds;

    explicit sqlite_leases(sqlite_database& db) : db_(db) {}

    void note_alive(const std::string& worker, engine::store_time now, milliseconds lease);
    void forget_worker(const std::string& worker);
    [[nodiscard]] lease_view view(const std::vector<std::string>& accounts, engine::store_time now);
    /// The epoch that holds from now on; none: it did not take effect.
    [[nodiscard]] std::optional<std::uint32_t> change(const std::string& worker, const lease_change& what,
                                                      engine::store_time now, milliseconds lease);
    [[nodiscard]] std::optional<inbox_cursors> cursors(const std::string& account);
    [[nodiscard]] bool save_cursors(const lease_ticket& ticket, const cursor_change& what);

private:
    sqlite_database& db_;
};

} // namespace detail
YUNHU_NAMESPACE_END
