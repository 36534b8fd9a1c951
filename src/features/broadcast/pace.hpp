// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/time.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Scope of a failed send or look-up: its target, or the following targets too.
enum class meaning : std::uint8_t {
    of_target, ///< the target's own failure
    trouble,   ///< transient, of the network, the server or the account; no outcome of the target
    waited,    ///< timed out in a queue of the client
    hopeless,  ///< every further call would fail in the same way
};
/// Not for a cancelled call.
[[nodiscard]] meaning meaning_of(const failure& f) noexcept;

/// When a broadcast may start calls, and when it stops. Pure.
///
///     running ─trouble─► paused ─time─► probing ─response─► running
///                          ▲               │
///                          └─── trouble ───┘     each pause is longer; after `outage_timeout` without a response: stop
///
/// While probing, one call at a time is started; each response then permits one more, so that a throttling server is
/// not flooded again. Calls that were in flight when a pause began end in the same trouble, which is counted once.
class pace {
public:
    struct limits {
        std::uint64_t max_consecutive_failures = 0; ///< 0: unlimited
        std::chrono::nanoseconds outage_timeout{};
    };
    enum class action : std::uint8_t {
        go_on,
        pause, ///< start no call until `paused_until`
        stop,  ///< start no further call
    };

    explicit pace(const limits& l) noexcept : limits_(l) {}

    /// The server responded to a call.
    void responded() noexcept;
    /// A call ended in trouble. `retry_after`: of the response. Returns `go_on` during a pause.
    [[nodiscard]] action trouble(std::optional<std::chrono::nanoseconds> retry_after, engine::time_point now) noexcept;
    /// A target has its outcome.
    [[nodiscard]] action target_done(bool sent) noexcept;

    /// Whether another call may start while `running` calls are in flight.
    [[nodiscard]] bool may_start(std::size_t running, engine::time_point now) const noexcept {
        return now >= paused_until_ && running < window_;
    }
    [[nodiscard]] engine::time_point paused_until() const noexcept { return paused_until_; }
    /// There was trouble and no response since.
    [[nodiscard]] bool probing() const noexcept { return outage_since_.has_value(); }
    [[nodiscard]] std::uint64_t consecutive_failures() const noexcept { return failures_; }
    /// Number of responses.
    [[nodiscard]] std::uint64_t responses() const noexcept { return responses_; }

private:
    limits limits_;
    std::uint64_t failures_ = 0; ///< consecutive
    std::uint64_t responses_ = 0;
    unsigned pauses_ = 0;                                          ///< since the last response
    std::size_t window_ = std::numeric_limits<std::size_t>::max(); ///< calls in flight
    engine::time_point paused_until_ = engine::time_point::min();
    std::optional<engine::time_point> outage_since_;
};

/// Whether trouble belongs to one target: it persists for that target while others receive responses.
class target_trouble {
public:
    /// Another call for the target ended in trouble. Returns true if the trouble is the target's own.
    [[nodiscard]] bool record(const pace& all) noexcept;

private:
    unsigned times_ = 0;
    std::uint64_t responses_ = 0; ///< of all targets, at the last trouble
};

} // namespace detail
YUNHU_NAMESPACE_END
