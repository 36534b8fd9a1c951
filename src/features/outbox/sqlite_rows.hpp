// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/lane_limit.hpp"
#include "engine/outbox_fsm.hpp"
#include "features/outbox/sqlite_database.hpp"

#include <yunhu/config.hpp>
#include <yunhu/outbox_types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The statements of the SQLite store: rows to values and back. What a row becomes is decided by the machine.
YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Throws `yunhu::error`, as the database does.
class sqlite_rows {
public:
    explicit sqlite_rows(sqlite_database& db) : db_(db) {}

    /// Creates the tables. Throws if they are of a later version.
    void create();
    /// Throws unless the tables are there, in this version.
    void check();

    /// A row as the machine and a worker see it.
    struct row {
        outbox_claim claim; ///< its body only if asked for
        engine::outbox_fsm life;
    };

    [[nodiscard]] enqueued_item insert(const outbox_item& item, engine::store_time now);
    [[nodiscard]] std::optional<row> load(std::uint64_t id, bool with_body);
    /// Saves what the machine says; drops the body of a message that is done. `worker`, `reason`: null: unchanged.
    void save(const row& changed, const std::string* worker, const std::string* reason);

    [[nodiscard]] std::vector<std::uint64_t> queued(const std::string& account, engine::store_time now,
                                                    std::size_t max);
    [[nodiscard]] std::optional<engine::store_time> next_queued(const std::string& account);
    [[nodiscard]] std::vector<std::uint64_t> overdue(const std::string& account, engine::store_time now,
                                                     std::size_t max);
    [[nodiscard]] std::vector<std::uint64_t> in_state(outbox_state s);
    [[nodiscard]] std::optional<std::uint64_t> id_of(std::string_view key_or_msg_id);
    [[nodiscard]] std::vector<outbox_record> list(const outbox_filter& which);
    [[nodiscard]] std::optional<outbox_record> record(std::uint64_t id);
    [[nodiscard]] outbox_counts counts(engine::store_time now);
    [[nodiscard]] std::uint64_t prune(engine::store_time before);

    [[nodiscard]] engine::lane_limit lane(const std::string& account);
    void save_lane(const std::string& account, const engine::lane_limit& l);

private:
    sqlite_database& db_;
};

} // namespace detail
YUNHU_NAMESPACE_END
