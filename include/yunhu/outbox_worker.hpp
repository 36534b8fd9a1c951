// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/as_result.hpp>
#include <yunhu/call_options.hpp>
#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/outbox_store.hpp>
#include <yunhu/outbox_types.hpp>
#include <yunhu/secret.hpp>

#include <boost/asio/any_completion_handler.hpp>
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
#include <type_traits>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

namespace detail {
class outbox_worker_core;
} // namespace detail

/// An account that a worker sends for.
struct outbox_account {
    outbox_account() = default;
    explicit outbox_account(std::string called) : name(std::move(called)) {}
    outbox_account(std::string called, secret with) : name(std::move(called)), token(std::move(with)) {}

    std::string name; ///< `outbox_message::account`
    secret token;     ///< empty: the client's
};

/// What became of a message in a worker's hands.
struct outbox_outcome {
    outbox_outcome() = default;

    std::string msg_id;
    std::string account;
    chat to;
    settlement::outcome what{};
    std::string reason;             ///< unless sent: the error's `name`, "not_found" or "lease"
    bool looked_up = false;         ///< by a look-up
    std::optional<failure> problem; ///< the failure, if there was one
};

/// Options of a worker.
struct outbox_worker_options {
    outbox_worker_options() = default;

    std::vector<outbox_account> accounts; ///< empty: one without a name, with the client's token
    std::size_t concurrency = 32;         ///< messages in flight; must be at least 1
    /// After so long others look for what this worker has. Nothing leaves after half of it: must be at least 100 ms.
    std::chrono::milliseconds lease = std::chrono::seconds(30);
    std::chrono::milliseconds poll_interval = std::chrono::milliseconds(250); ///< of an empty outbox; must be > 0
    /// Messages that were settled so long ago are removed, with their keys; absent: never.
    std::optional<std::chrono::milliseconds> retention;
    /// Of each send and each look-up; a send also ends with half of the lease.
    call_options call = call_options(std::chrono::seconds(10));
    /// Called with each outcome before it is stored, on the worker's strand; must not throw.
    std::function<void(const outbox_outcome&)> on_outcome;
    /// Called when the store or the server makes the worker pause, on its strand; must not throw.
    std::function<void(const failure&, std::chrono::milliseconds)> on_pause;
};

/// Counters of a worker.
struct outbox_worker_stats {
    outbox_worker_stats() = default;

    std::uint64_t claimed = 0;
    std::uint64_t requests = 0; ///< sends
    std::uint64_t lookups = 0;
    std::uint64_t sent = 0;
    std::uint64_t failed = 0;
    std::uint64_t unknown = 0;
    std::uint64_t released = 0;
    std::uint64_t fenced = 0; ///< marks and outcomes that no longer counted: another worker had taken over
    std::uint64_t pauses = 0;
    std::uint64_t in_flight = 0;
};

/// Result of `outbox_worker::run`; its `call_info` has the details of an error only.
struct YUNHU_EXPORT outbox_summary : call_info, outbox_worker_stats {
    outbox_summary() = default;
};

namespace detail {

using outbox_handler = asio::any_completion_handler<void(error_code, outbox_summary)>;

YUNHU_EXPORT void start_outbox_worker(std::shared_ptr<outbox_worker_core> core, outbox_handler done);

struct initiate_outbox_worker {
    template <class Handler> void operator()(Handler&& handler, std::shared_ptr<outbox_worker_core> core) const {
        start_outbox_worker(std::move(core), outbox_handler(std::forward<Handler>(handler)));
    }
};

[[nodiscard]] YUNHU_EXPORT asio::awaitable<outbox_summary>
await_outbox_worker(std::shared_ptr<outbox_worker_core> core);

} // namespace detail

/// Sends what an outbox holds: claims, marks as sending, sends, and records the outcome. Any number of workers may run,
/// in any number of processes; each looks up by `msg_id` what a dead one may have sent.
///
/// A message leaves only after its mark is durable, and not after half of the lease, measured by a clock that also runs
/// while the machine sleeps. A message that may have left is looked up; one that is not found is `unknown`, and looked
/// up again after 10 s, 1 min and 10 min. It is never sent again by a worker.
///
/// HTTP 429 pauses the account's lane for all workers. Trouble of network, server or store pauses this worker, from
/// 100 ms up to 30 s.
///
/// \par Thread safety
/// All members may be called from any thread.
///
/// \par Lifetime
/// Copies share their state. May be destroyed while it runs.
class YUNHU_EXPORT outbox_worker {
public:
    /// Performs no I/O.
    ///
    /// \par Parameters
    /// `through`: the client that sends. `store`: must not be null. `options`: accounts, concurrency, lease, callbacks.
    ///
    /// \par Errors
    /// Throws `yunhu::error` (`errc::invalid_request`) that names the option.
    outbox_worker(client through, std::shared_ptr<outbox_store> store, outbox_worker_options options);

    /// Sends until `stop`. To be called once.
    ///
    /// \par Completion signature
    /// `void(error_code, outbox_summary)`; awaited by default, which throws `yunhu::error`. After a stop there is no
    /// error: what was in flight has its outcome stored.
    ///
    /// \par Errors
    /// What makes every further send fail: authentication, a rejected certificate; `errc::invalid_request`: the store
    /// is not prepared, or it ran before. Messages in flight have their outcome stored.
    ///
    /// \par Cancellation
    /// Every type is a `stop`.
    ///
    /// \par Thread safety
    /// Any thread. Its work and its callbacks run on a strand of the client's executor.
    ///
    /// \par Lifetime
    /// The worker may be destroyed before completion.
    ///
    /// \par Source
    /// `POST /v1/msg/send-message`, `POST /v1/msg/list-message-by-mid-seq`.
    template <detail::call_token<outbox_summary> Token = boost::asio::use_awaitable_t<>>
    auto run(Token&& token = Token()) {
        if constexpr (std::is_same_v<std::decay_t<Token>, boost::asio::use_awaitable_t<>>) {
            return detail::await_outbox_worker(core_);
        } else {
            return boost::asio::async_initiate<Token, void(error_code, outbox_summary)>(
                detail::initiate_outbox_worker(), token, core_);
        }
    }

    /// Claims nothing more; what is in flight ends, and `run` completes. Errors: none. Thread safety: any thread.
    void stop();
    /// The current counters. Errors: none. Thread safety: any thread. Lifetime: a copy.
    [[nodiscard]] outbox_worker_stats stats() const;

private:
    std::shared_ptr<detail::outbox_worker_core> core_;
};

static_assert(client::awaitable_parameter<outbox_worker_options>);

YUNHU_NAMESPACE_END
