// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "arrivals.hpp"
#include "mix.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>

namespace bench {

using clock = std::chrono::steady_clock;
using time_point = clock::time_point;
using std::chrono::nanoseconds;

struct load_settings {
    load_settings() : calls_of("send-message") {}

    mix calls_of;
    std::optional<double> rate; ///< calls per second of an open loop; none: closed loop
    arrival_kind arrivals = arrival_kind::poisson;
    std::size_t concurrency = 64;        ///< of a closed loop: calls in flight
    nanoseconds warm_up{};               ///< its calls are not measured
    std::optional<nanoseconds> duration; ///< after the warm-up
    std::optional<std::uint64_t> calls;  ///< measured calls; one of `duration` and `calls` is required
    std::uint64_t seed = 1;
};

/// A scheduled call.
struct planned_call {
    std::uint64_t number = 0; ///< from 0, warm-up included
    endpoint what{};
    std::uint64_t choice = 0; ///< random; selects the call's message
    time_point intended;      ///< scheduled start; latency counts from here
    bool measured = false;
};

/// Decides which call starts when. Pure: the time is an argument. The same seed gives the same calls, and in
/// an open loop the same times.
///
/// Open loop: calls start at their scheduled time, whether or not earlier ones have ended; a call that starts late
/// keeps its scheduled time. Closed loop: a fixed number of calls is in flight.
class load {
public:
    load(const load_settings& settings, time_point start);

    /// The next call that is due, if any.
    [[nodiscard]] std::optional<planned_call> take(time_point now);
    /// A call returned by `take` has ended.
    void ended() noexcept { --in_flight_; }
    /// Schedules no more calls.
    void stop() noexcept { stopped_ = true; }

    /// When `take` has the next call, in an open loop; none: no more calls, or (closed loop) after a call has ended.
    [[nodiscard]] std::optional<time_point> next_due() const noexcept;
    /// All calls have ended and none is left to start.
    [[nodiscard]] bool finished(time_point now) const noexcept;
    [[nodiscard]] std::uint64_t in_flight() const noexcept { return in_flight_; }
    [[nodiscard]] time_point measured_from() const noexcept { return measured_from_; }
    /// Progress in [0, 1].
    [[nodiscard]] double progress(time_point now) const noexcept;

private:
    [[nodiscard]] bool over(time_point at) const noexcept;

    load_settings settings_;
    time_point start_;
    time_point measured_from_;
    std::optional<time_point> end_;
    std::mt19937_64 random_;
    arrivals arrivals_;
    time_point due_; ///< of the next call in an open loop
    std::uint64_t taken_ = 0;
    std::uint64_t measured_ = 0;
    std::uint64_t in_flight_ = 0;
    bool stopped_ = false;
};

} // namespace bench
