// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/outbox_types.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// Keeps the messages of an outbox, for any number of workers in any number of processes. It decides nothing about
/// sending; it keeps the two promises that no message is sent twice rests on:
///
/// - An operation that completes without an error is durable.
/// - A change of a message names its claim (`outbox_ticket`), and takes effect only if epoch and state permit it.
///
/// Times are of the store's clock; callers give durations.
///
/// \par Errors
/// Of every operation: what prevents it, with a `cause`; `errc::invalid_request` (`not_sent`) if the store is not
/// prepared, is of another version or is damaged. `errc::outcome_unknown` (`maybe_sent`): it may have taken effect.
/// After it an `enqueue` is repeated with the same keys; after `mark_sending` nothing may be sent, and the claims are
/// settled as released.
///
/// \par Cancellation
/// None: an operation that was started runs to its end.
///
/// \par Thread safety
/// Any operation may be started from any thread, while others run.
///
/// \par Lifetime
/// Arguments are moved. The store must outlive its operations.
class YUNHU_EXPORT outbox_store {
public:
    template <class T> using operation = boost::asio::awaitable<result<T>>;
    using milliseconds = std::chrono::milliseconds;

    outbox_store() = default;
    outbox_store(const outbox_store&) = delete;
    outbox_store& operator=(const outbox_store&) = delete;
    virtual ~outbox_store();

    /// Creates what is missing, or brings an older version up to date. Others may do so at the same time.
    [[nodiscard]] virtual operation<void> prepare() = 0;

    /// Stores messages, all or none. The outcomes are in the order of the items.
    [[nodiscard]] virtual operation<std::vector<enqueued_item>> enqueue(std::vector<outbox_item> items) = 0;
    /// Claims queued messages of the accounts, as their lanes permit.
    [[nodiscard]] virtual operation<claim_batch> claim(claim_request what) = 0;
    /// Marks claimed messages as sending. Returns those that are still the caller's: only they may leave.
    [[nodiscard]] virtual operation<std::vector<outbox_ticket>> mark_sending(std::vector<outbox_ticket> claims,
                                                                             milliseconds lease) = 0;
    /// Records outcomes. Returns how many took effect.
    [[nodiscard]] virtual operation<std::size_t> settle(std::vector<settlement> outcomes) = 0;
    /// Queues again what was claimed, and returns what may have left, of workers whose lease is over; also unknown
    /// messages that are due. Those returned are to be looked up.
    [[nodiscard]] virtual operation<std::vector<outbox_claim>> take_overdue(claim_request what) = 0;
    /// Extends leases that are not over.
    [[nodiscard]] virtual operation<void> renew(std::vector<outbox_ticket> claims, milliseconds lease) = 0;

    /// The message with that key, or else that `msg_id`.
    [[nodiscard]] virtual operation<std::optional<outbox_record>> find(std::string key_or_msg_id) = 0;
    /// Messages in the order of `id`.
    [[nodiscard]] virtual operation<std::vector<outbox_record>> list(outbox_filter which) = 0;
    [[nodiscard]] virtual operation<outbox_counts> counts() = 0;

    /// Queues an unknown message again: a person's decision.
    [[nodiscard]] virtual operation<resend_outcome> resend(std::string key_or_msg_id, milliseconds quarantine) = 0;
    /// After a backup was restored: what is queued or claimed may have left since, and becomes unknown. Returns how
    /// many did.
    [[nodiscard]] virtual operation<std::uint64_t> repair() = 0;
    /// Removes messages that were settled as sent or failed so long ago. Returns how many there were. Their keys are
    /// forgotten.
    [[nodiscard]] virtual operation<std::uint64_t> prune(milliseconds older_than) = 0;

    /// Sets the limit of an account's lane; one that was not set is unlimited.
    [[nodiscard]] virtual operation<void> set_lane(outbox_lane lane) = 0;
    /// Nothing of that account is claimed for so long: the service has asked for a pause.
    [[nodiscard]] virtual operation<void> pause_lane(std::string account, milliseconds length) = 0;
};

YUNHU_NAMESPACE_END
