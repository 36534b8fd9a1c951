// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/event.hpp>
#include <yunhu/inbox.hpp>
#include <yunhu/lease_store.hpp>
#include <yunhu/results.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

namespace detail {
class fleet_core;
class held_account;
} // namespace detail

/// An event of an account that this worker hears.
struct fleet_event {
    fleet_event() = default;
    fleet_event(event heard, bool repeated) : what(std::move(heard)), maybe_repeated(repeated) {}

    event what;
    /// The worker that heard the account before has died, or was stopped, and may have handled this event. Never set
    /// after an account was given back in an orderly way.
    bool maybe_repeated = false;
};

/// The events of one account while this worker holds its lease. Copies share their state.
///
/// \par Thread safety
/// To be used in the handler that got it.
///
/// \par Lifetime
/// May outlive the handler; `next` then returns none.
class YUNHU_EXPORT held_inbox {
public:
    explicit held_inbox(std::shared_ptr<detail::held_account> of) : account_(std::move(of)) {}

    /// The next event; none when the account is given back, the lease was lost, or the worker stops: the handler then
    /// ends. The call counts as the acknowledgement of the event before (`acknowledgement::by_next`).
    ///
    /// \par Errors
    /// Throws `yunhu::error`: what prevents the session for good, as `inbox::next` does.
    ///
    /// \par Cancellation
    /// None.
    ///
    /// \par Lifetime
    /// One call at a time.
    [[nodiscard]] boost::asio::awaitable<std::optional<fleet_event>> next();

    /// Marks an event as done, as `inbox::acknowledge` does (`acknowledgement::by_request`). Errors: none.
    void acknowledge(const event& done);

    /// The account's name. Errors: none. Lifetime: that of this object.
    [[nodiscard]] const std::string& name() const noexcept;
    /// The account's client. Errors: none. Lifetime: that of this object.
    [[nodiscard]] const client& through() const noexcept;
    /// The epoch of the lease: a greater one than any worker's before. Errors: none.
    [[nodiscard]] std::uint32_t epoch() const noexcept;
    /// The lease still runs, and the account is not to be given back. Errors: none.
    [[nodiscard]] bool held() const noexcept;

private:
    std::shared_ptr<detail::held_account> account_;
};

/// An account that the workers of a fleet share.
struct fleet_account {
    fleet_account(std::string called, client with, inbox_options heard_by)
        : name(std::move(called)), through(std::move(with)), inbox(std::move(heard_by)) {}

    std::string name;    ///< the same in all workers; never a token
    client through;      ///< makes the account's requests
    inbox_options inbox; ///< the session's; `cursors` and `save_executor` must not be set, they are the fleet's
};

/// What became of an account.
enum class fleet_change : std::uint8_t {
    acquired,   ///< heard from now on; it was free
    taken_over, ///< heard from now on; its worker has died or was stopped
    given_back, ///< not heard any more; another worker may hear it at once
    lost,       ///< not heard any more: the lease could not be renewed, or another worker has taken over
};
/// The enumerator's name, e.g. "taken_over". Errors: none. Thread safety: any thread. Lifetime: static.
[[nodiscard]] YUNHU_EXPORT std::string_view to_string(fleet_change c) noexcept;

/// Options of a fleet's worker.
struct fleet_options {
    fleet_options() = default;

    /// All accounts of the fleet, with different names; each worker has the same list.
    std::vector<fleet_account> accounts;
    /// Hears one account, from its acquisition until `held_inbox::next` returns none. On a strand of its own. If it
    /// throws, `fleet::run` ends with that error; if it returns earlier, this worker gives the account back for good.
    std::function<boost::asio::awaitable<void>(held_inbox)> handler;
    /// After so long without a renewal others take over. Must be at least 300 ms.
    std::chrono::milliseconds lease = std::chrono::seconds(10);
    /// By how much the service's clock and this machine's may differ: events that happened up to so long after a
    /// take-over are marked as maybe repeated, too.
    std::chrono::milliseconds clock_tolerance = std::chrono::seconds(2);
    /// Called with each change, on the fleet's strand; must not throw.
    std::function<void(const std::string& account, fleet_change what)> on_change;
    /// Called when the store fails, on the fleet's strand; must not throw. The worker goes on.
    std::function<void(const failure&)> on_trouble;
};

/// Counters of a fleet's worker.
struct fleet_stats {
    fleet_stats() = default;

    std::uint64_t held = 0;     ///< accounts at present
    std::uint64_t acquired = 0; ///< also those that were taken over
    std::uint64_t taken_over = 0;
    std::uint64_t given_back = 0;
    std::uint64_t lost = 0;
    std::uint64_t events = 0;
    std::uint64_t maybe_repeated = 0; ///< events that were marked so
    std::uint64_t fenced_saves = 0;   ///< saves of cursors after another worker had taken over
    std::uint64_t store_failures = 0;
};

/// Result of `fleet::run`; its `call_info` has the details of an error only.
struct YUNHU_EXPORT fleet_summary : call_info, fleet_stats {
    fleet_summary() = default;
};

namespace detail {

using fleet_completion = asio::any_completion_handler<void(error_code, fleet_summary)>;

YUNHU_EXPORT void start_fleet(std::shared_ptr<fleet_core> core, fleet_completion done);

struct initiate_fleet {
    template <class Handler> void operator()(Handler&& handler, std::shared_ptr<fleet_core> core) const {
        start_fleet(std::move(core), fleet_completion(std::forward<Handler>(handler)));
    }
};

[[nodiscard]] YUNHU_EXPORT asio::awaitable<fleet_summary> await_fleet(std::shared_ptr<fleet_core> core);

} // namespace detail

/// One of several workers that hear the same accounts, in any number of processes on any number of machines. Each
/// account is heard by one worker, which holds its lease; each worker hears its fair share of them. When a worker dies,
/// the others hear its accounts within the lease and a second, from the last positions that it had saved.
///
///     asio::awaitable<void> hear(yunhu::held_inbox in) {
///         while (auto e = co_await in.next()) { use(e->what, e->maybe_repeated); }
///     }
///     options.handler = hear;
///     yunhu::fleet fleet(executor, store, options);
///     co_await fleet.run();
///
/// No event is lost without a `gap_event`, and those of a chat come in their order, whatever dies. An event comes twice
/// only when an account is taken over from a worker that died or was stopped, and is marked then
/// (`fleet_event::maybe_repeated`). A worker that goes on after others have taken over delivers nothing, and its saves
/// change nothing: they name the epoch of its lease. An account that was never held is heard from its acquisition on.
///
/// The lease is measured by a clock that also runs while the machine sleeps, from before the store was asked.
///
/// \par Thread safety
/// All members may be called from any thread.
///
/// \par Lifetime
/// Copies share their state. May be destroyed while it runs. The execution context must not be destroyed before the
/// worker has ended: a store may answer on a thread of its own.
class YUNHU_EXPORT fleet {
public:
    /// Performs no I/O.
    ///
    /// \par Parameters
    /// `executor`: runs the worker and its handlers. `store`: must not be null; prepared by `lease_store::prepare`.
    /// `options`: accounts, handler, lease.
    ///
    /// \par Errors
    /// Throws `yunhu::error` (`errc::invalid_request`) that names the option.
    fleet(boost::asio::any_io_executor executor, std::shared_ptr<lease_store> store, fleet_options options);

    /// Hears accounts until `stop`. To be called once.
    ///
    /// \par Completion signature
    /// `void(error_code, fleet_summary)`; awaited by default, which throws `yunhu::error`. After a stop there is no
    /// error: every handler has ended, the cursors are saved, and the leases are released.
    ///
    /// \par Errors
    /// The exception of a handler; `errc::invalid_request`: it ran before, or the store is not prepared. A store that
    /// fails otherwise is asked again.
    ///
    /// \par Cancellation
    /// Every type is a `stop`.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// The fleet may be destroyed before completion.
    ///
    /// \par Source
    /// Those of `inbox`.
    template <detail::call_token<fleet_summary> Token = boost::asio::use_awaitable_t<>>
    auto run(Token&& token = Token()) {
        if constexpr (std::is_same_v<std::decay_t<Token>, boost::asio::use_awaitable_t<>>) {
            return detail::await_fleet(core_);
        } else {
            return boost::asio::async_initiate<Token, void(error_code, fleet_summary)>(detail::initiate_fleet(), token,
                                                                                       core_);
        }
    }

    /// Gives all accounts back; `run` completes when their handlers have ended. Errors: none. Thread safety: any
    /// thread.
    void stop();
    /// The current counters. Errors: none. Thread safety: any thread. Lifetime: a copy.
    [[nodiscard]] fleet_stats stats() const;

private:
    std::shared_ptr<detail::fleet_core> core_;
};

static_assert(client::awaitable_parameter<fleet_options>);
static_assert(client::awaitable_parameter<held_inbox>);

YUNHU_NAMESPACE_END
