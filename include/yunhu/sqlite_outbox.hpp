// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/cursor_store.hpp>
#include <yunhu/lease_store.hpp>
#include <yunhu/lease_types.hpp>
#include <yunhu/outbox_store.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// What a stored message survives.
enum class outbox_durability : std::uint8_t {
    process_crash, ///< the death of any process, not of the machine: nothing is synced
    power_loss,    ///< also a power cut: each operation waits for the disk
};

/// Options of a `sqlite_outbox_store`.
struct sqlite_outbox_options {
    sqlite_outbox_options() = default;
    explicit sqlite_outbox_options(std::filesystem::path path) : file(std::move(path)) {}

    std::filesystem::path file; ///< its folder must exist, on a local disk: not on NFS
    outbox_durability durability = outbox_durability::power_loss;
    /// How long an operation waits for other processes that write.
    std::chrono::milliseconds busy_timeout = std::chrono::seconds(10);
};

/// Keeps an outbox in a file (SQLite, WAL), for several processes on one machine, without a server. A file that it
/// creates can be read by its owner only: it has the messages until they are sent.
///
/// SQLite blocks; a thread of the store's own does its work, so that no executor waits for the disk. The store's clock
/// is the system's: one that is set makes leases end early or late, which costs look-ups, and never a second send.
class YUNHU_EXPORT sqlite_outbox_store final : public outbox_store, public lease_store {
public:
    template <class T> using operation = outbox_store::operation<T>;
    using milliseconds = std::chrono::milliseconds;

    /// Performs no I/O.
    explicit sqlite_outbox_store(sqlite_outbox_options options);
    /// Waits for the operations that were started.
    ~sqlite_outbox_store() override;

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
    std::unique_ptr<impl> impl_;
};

YUNHU_NAMESPACE_END
