// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/cursor_store.hpp>
#include <yunhu/error.hpp>
#include <yunhu/lease_types.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// Keeps which worker of a fleet hears which account, and how far: leases and cursors, for any number of workers in any
/// number of processes. It decides nothing. It keeps one promise: a change, and a save of cursors, names an epoch and
/// takes effect only while that is the account's epoch. The condition and the change are one step of the store.
///
/// Times are of the store's clock; callers give durations.
///
/// \par Errors
/// Of every operation: what prevents it, with a `cause`; `errc::invalid_request` (`not_sent`) if the store is not
/// prepared, is of another version or is damaged. `errc::outcome_unknown` (`maybe_sent`): it may have taken effect.
///
/// \par Cancellation
/// None: an operation that was started runs to its end.
///
/// \par Thread safety
/// Any operation may be started from any thread, while others run.
///
/// \par Lifetime
/// Arguments are moved. The store must outlive its operations.
class YUNHU_EXPORT lease_store {
public:
    template <class T> using operation = boost::asio::awaitable<result<T>>;
    using milliseconds = std::chrono::milliseconds;

    lease_store() = default;
    lease_store(const lease_store&) = delete;
    lease_store& operator=(const lease_store&) = delete;
    virtual ~lease_store();

    /// Creates what is missing, or brings an older version up to date. Others may do so at the same time.
    [[nodiscard]] virtual operation<void> prepare() = 0;

    /// Notes that the worker is alive for `lease` from now on, and returns the leases of those accounts and all live
    /// workers. An account that was never acquired has a row with epoch 0.
    [[nodiscard]] virtual operation<lease_view> look(std::string worker, std::vector<std::string> accounts,
                                                     milliseconds lease) = 0;
    /// Changes leases, each by itself. Returns those that took effect, with the epoch that holds from then on.
    [[nodiscard]] virtual operation<std::vector<lease_ticket>>
    change(std::string worker, std::vector<lease_change> changes, milliseconds lease) = 0;
    /// The worker has ended: it is not live any more. Its leases stay.
    [[nodiscard]] virtual operation<void> leave(std::string worker) = 0;

    /// The cursors of an account; none if none were saved.
    [[nodiscard]] virtual operation<std::optional<inbox_cursors>> load_cursors(std::string account) = 0;
    /// Saves what changed, if the ticket's epoch is still the account's. Returns whether it was.
    [[nodiscard]] virtual operation<bool> save_cursors(lease_ticket ticket, cursor_change change) = 0;
};

YUNHU_NAMESPACE_END
