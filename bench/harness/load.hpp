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
    std::optional<double> rate; ///< calls a second: an open loop; none: a closed one
    arrival_kind arrivals = arrival_kind::poisson;
    std::size_t concurrency = 64;        ///< of a closed loop: calls under way
    nanoseconds warm_up{};               ///< from the start; its calls are not measured
    std::optional<nanoseconds> duration; ///< after the warm-up
    std::optional<std::uint64_t> calls;  ///< measured ones; at least one of the two bounds is there
    std::uint64_t seed = 1;
};

/// A call that is to be made.
struct planned_call {
    std::uint64_t number = 0; ///< from 0, warm-up included
    endpoint what{};
    std::uint64_t choice = 0; ///< a random number, for what the call is about
    time_point intended;      ///< when it should start: latency counts from here
    bool measured = false;
};

/// Decides when which call starts. Pure: told the time, it reads no clock; the same seed gives the same calls, and in
/// an open loop the same times.
///
/// Open loop: calls start when their time has come, whether or not earlier ones have ended; one that is started late
/// keeps the time at which it should have been. Closed loop: so many calls are under way at any time.
class load {
public:
    load(const load_settings& settings, time_point start);

    /// The next call that is due, if one is.
    [[nodiscard]] std::optional<planned_call> take(time_point now);
    /// A call that was taken has ended.
    void ended() noexcept { --under_way_; }
    /// No more calls.
    void stop() noexcept { stopped_ = true; }

    /// When `take` will have something, in an open loop; none: nothing more, or (closed loop) when a call has ended.
    [[nodiscard]] std::optional<time_point> next_due() const noexcept;
    /// Nothing more will start and everything has ended.
    [[nodiscard]] bool finished(time_point now) const noexcept;
    [[nodiscard]] std::uint64_t in_flight() const noexcept { return under_way_; }
    [[nodiscard]] time_point measured_from() const noexcept { return measured_from_; }
    /// How much of the run is behind, in [0, 1].
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
    std::uint64_t under_way_ = 0;
    bool stopped_ = false;
};

} // namespace bench
