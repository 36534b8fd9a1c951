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

/// What a failed send or look-up says about its target and about those that follow.
enum class meaning : std::uint8_t {
    of_target, ///< the failure is the target's own
    trouble,   ///< of the network, the server or the account, and passing: says nothing about the target
    waited,    ///< it timed out in a queue of the client: says nothing at all
    hopeless,  ///< every further call would fail in the same way
};
/// Not for a cancelled call.
[[nodiscard]] meaning meaning_of(const failure& f) noexcept;

/// When a broadcast may start calls, and when it gives up. No I/O, no clock.
///
///     running ─trouble─► paused ─time─► probing ─answered─► running
///                          ▲               │
///                          └─── trouble ───┘     each pause is longer; after `outage_timeout` without an answer: stop
///
/// Probing, one call at a time is started; each answer then allows one more, so that a server that throttles is not
/// flooded again. The calls in flight when a pause begins end in the same trouble, which does not count again.
class pace {
public:
    struct limits {
        std::uint64_t max_consecutive_failures = 0; ///< 0: unlimited
        std::chrono::nanoseconds outage_timeout{};
    };
    enum class action : std::uint8_t {
        go_on,
        pause, ///< start nothing until `paused_until`
        stop,  ///< start nothing any more
    };

    explicit pace(const limits& l) noexcept : limits_(l) {}

    /// The server answered a call.
    void answered() noexcept;
    /// A call ended in trouble. `retry_after`: the server's wish. `go_on`: it is paused already.
    [[nodiscard]] action trouble(std::optional<std::chrono::nanoseconds> retry_after, engine::time_point now) noexcept;
    /// A target has its outcome.
    [[nodiscard]] action target_done(bool sent) noexcept;

    /// Whether another call may start while `running` calls are in flight.
    [[nodiscard]] bool may_start(std::size_t running, engine::time_point now) const noexcept {
        return now >= paused_until_ && running < window_;
    }
    [[nodiscard]] engine::time_point paused_until() const noexcept { return paused_until_; }
    /// There was trouble, and no answer since.
    [[nodiscard]] bool probing() const noexcept { return outage_since_.has_value(); }
    [[nodiscard]] std::uint64_t consecutive_failures() const noexcept { return failures_; }
    /// Number of answers so far.
    [[nodiscard]] std::uint64_t answers() const noexcept { return answers_; }

private:
    limits limits_;
    std::uint64_t failures_ = 0; ///< consecutive
    std::uint64_t answers_ = 0;
    unsigned pauses_ = 0;                                          ///< since the last answer
    std::size_t window_ = std::numeric_limits<std::size_t>::max(); ///< calls in flight
    engine::time_point paused_until_ = engine::time_point::min();
    std::optional<engine::time_point> outage_since_;
};

/// Whether trouble is one target's own: it follows the target while others are answered.
class target_trouble {
public:
    /// Another try of the target ended in trouble. Whether it is the target's own by now.
    [[nodiscard]] bool again(const pace& all) noexcept;

private:
    unsigned times_ = 0;
    std::uint64_t answers_ = 0; ///< of all, at the last trouble
};

} // namespace detail
YUNHU_NAMESPACE_END
