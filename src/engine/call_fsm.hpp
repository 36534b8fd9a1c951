// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/retry_policy.hpp"
#include "engine/time.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// A call's life, from its start to its end. Pure: each input has the time and gives one action; no I/O is done
/// here, and no clock or randomness is read. It owns the retry policy, the deadline's arithmetic and the delivery
/// class.
///
///     created ─started─► [awaiting_permit ─permit─►] awaiting_connection ─assigned─► in_flight ─response─► done
///                              ▲                            ▲                           │
///                              └────────── backing_off ◄────┴────── transport_error ────┘
///
/// Every state ends in `done` by `cancelled`, `draining` or the deadline. An input that does not belong to the state
/// (a permit that crossed a cancellation, a timer that was already queued) gives no action. `done` is final: no input
/// after it gives an action, so a call completes exactly once.
class call_fsm {
public:
    enum class state : std::uint8_t {
        created,
        awaiting_permit,     ///< under the endpoint's rate limit
        awaiting_connection, ///< in the pool's queue
        in_flight,           ///< on a connection
        backing_off,         ///< between two attempts
        done,
    };

    struct action {
        enum class kind : std::uint8_t {
            none,               ///< wait for the next input
            request_permit,     ///< ask the rate limiter
            poll_permit,        ///< the permit may be due: ask the rate limiter to look
            acquire_connection, ///< ask the pool
            send,               ///< write the request to the assigned connection
            poll_response,      ///< read the bytes that have arrived; if the response is not there, `timer` again
            back_off,           ///< give the permit back; the timer goes on with the call
            complete,           ///< the call has ended: `code()`, `delivered()`
        };

        kind what = kind::none;
        bool requeue = false;             ///< the call was admitted before: the queue's bound does not hold for it
        bool retry = false;               ///< the action begins another try
        std::chrono::nanoseconds pause{}; ///< of a retry
    };

    explicit call_fsm(const retry_policy& policy) : policy_(policy) {}

    /// Before `started`. `limited`: the endpoint has a rate limit.
    void configure(time_point deadline, std::chrono::nanoseconds response_timeout, bool limited) noexcept {
        deadline_ = deadline;
        response_timeout_ = response_timeout;
        limited_ = limited;
    }

    /// External inputs of a retry decision.
    struct surroundings {
        retry_budget& budget;
        const std::function<double()>& uniform;
    };

    [[nodiscard]] action started(time_point now);
    /// `requeue`: the call waited for the permit, or was admitted before.
    [[nodiscard]] action permit(time_point now, bool requeue);
    /// The limiter expects to have a permit at that time.
    void permit_expected(time_point at) noexcept;
    [[nodiscard]] action assigned(time_point now);
    /// The assigned connection turned out to be unusable, and nothing was written to it: the attempt does not count.
    [[nodiscard]] action stale(time_point now);
    /// The first byte of the response was read.
    void first_byte() noexcept;
    [[nodiscard]] action response(int status, std::optional<std::chrono::nanoseconds> retry_after, bool reused,
                                  time_point now, surroundings with);
    /// An attempt failed, or waiting for a permit or a connection did. `reached`: how far this attempt got.
    [[nodiscard]] action transport_error(const error_code& code, delivery reached, bool reused, time_point now,
                                         surroundings with);
    /// `due()` has passed. `reached` and `reused`: of the attempt, when the call is in flight. The first action of an
    /// attempt is `poll_response`: a response that had arrived in time counts, even if the executor was busy meanwhile.
    [[nodiscard]] action timer(delivery reached, bool reused, time_point now, surroundings with);
    [[nodiscard]] action cancelled(delivery reached);
    /// The client is closed.
    [[nodiscard]] action draining(delivery reached);
    /// The call can't go on, for a reason from outside such as an exception.
    [[nodiscard]] action failed(const error_code& code, delivery reached);

    [[nodiscard]] state now_in() const noexcept { return state_; }
    /// The number of transitions so far; a state may be entered again.
    [[nodiscard]] std::uint32_t transitions() const noexcept { return transitions_; }
    [[nodiscard]] bool done() const noexcept { return state_ == state::done; }
    /// When `timer` is the next input; none once the call is done.
    [[nodiscard]] std::optional<time_point> due() const noexcept;
    [[nodiscard]] time_point deadline() const noexcept { return deadline_; }
    [[nodiscard]] std::chrono::nanoseconds response_timeout() const noexcept { return response_timeout_; }
    /// The next connection must be one that has served no call.
    [[nodiscard]] bool wants_new_connection() const noexcept { return new_connection_; }
    [[nodiscard]] unsigned attempts() const noexcept { return attempts_; }
    [[nodiscard]] delivery delivered() const noexcept { return delivery_; }
    [[nodiscard]] retry_class kind() const noexcept { return policy_.kind(); }
    /// An attempt before the last one may have been executed.
    [[nodiscard]] bool maybe_executed_earlier() const noexcept { return policy_.maybe_executed_earlier(); }
    /// Why the call failed; none: there is a response.
    [[nodiscard]] error_code code() const noexcept { return outcome_unknown_ ? errc::outcome_unknown : code_; }
    /// The code under `errc::outcome_unknown`.
    [[nodiscard]] error_code cause() const noexcept { return outcome_unknown_ ? code_ : error_code(); }

private:
    void enter(state next) noexcept;
    [[nodiscard]] action try_again(bool requeue);
    [[nodiscard]] action follow(const retry_decision& decision, time_point now);
    [[nodiscard]] action complete(const error_code& code);
    void record_delivery(delivery reached) noexcept;

    retry_policy policy_;
    time_point deadline_ = time_point::max();
    std::chrono::nanoseconds response_timeout_{};
    time_point due_ = time_point::max(); ///< of the state, within the deadline
    error_code code_;
    std::uint32_t transitions_ = 0;
    unsigned attempts_ = 0;
    state state_ = state::created;
    delivery delivery_{};
    bool limited_ = false;
    bool new_connection_ = false;
    bool polled_ = false; ///< in this attempt
    bool outcome_unknown_ = false;
};

} // namespace engine
YUNHU_NAMESPACE_END
