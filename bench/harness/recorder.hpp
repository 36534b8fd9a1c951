// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "histogram.hpp"
#include "load.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// The measured times of a call.
enum class timing : std::uint8_t {
    latency,    ///< from the scheduled start to the end
    service,    ///< from the actual start to the end
    queue,      ///< waiting for a connection, if it waited
    dial,       ///< resolve and connect of a new connection
    tls,        ///< the handshake of a new connection
    first_byte, ///< from the request to the response's first byte
};
inline constexpr std::array<std::string_view, 6> timing_names = {"latency", "service", "queue",
                                                                 "dial",    "tls",     "first_byte"};

/// The outcome of a call.
struct outcome {
    std::string_view error; ///< the error's name, of static lifetime; empty: success
    unsigned attempts = 0;
    bool reused = false; ///< on a reused connection
    std::optional<nanoseconds> queue;
    std::optional<nanoseconds> dial;
    std::optional<nanoseconds> tls;
    std::optional<nanoseconds> first_byte;
};

/// The calls of one endpoint, or of all.
struct section {
    std::string name;
    std::uint64_t calls = 0;
    std::uint64_t failed = 0;
    std::uint64_t attempts = 0;
    std::uint64_t retries = 0;
    std::uint64_t reused = 0; ///< calls whose connection had served before
    std::map<std::string, std::uint64_t, std::less<>> errors;
    std::array<histogram, timing_names.size()> times;

    [[nodiscard]] const histogram& of(timing t) const { return times[static_cast<std::size_t>(t)]; }
    [[nodiscard]] histogram& of(timing t) { return times[static_cast<std::size_t>(t)]; }

    void add(nanoseconds latency, nanoseconds service, const outcome& what);
    /// The connection that the call opened, if any.
    void add_dial(const outcome& what);
    void merge(const section& other);
};

/// The calls that ended in one interval.
struct interval {
    std::uint64_t calls = 0;
    std::uint64_t failed = 0;
    histogram latency;

    void merge(const interval& other);
};

/// Records calls. Pure: times are arguments. Failed calls count as well. Dials count in the warm-up
/// as well, when most connections are opened.
class recorder {
public:
    /// Intervals are `every` long at first, and twice as long whenever there would be more than `most_intervals`.
    recorder(time_point measured_from, nanoseconds every);
    static constexpr std::size_t most_intervals = 240;

    void record(const planned_call& call, time_point started, time_point ended, const outcome& what);

    /// One section per endpoint that was called, in the API's order.
    [[nodiscard]] std::vector<section> endpoints() const;
    /// All endpoints together, under the name "all".
    [[nodiscard]] section all() const;
    [[nodiscard]] const std::vector<interval>& series() const noexcept { return series_; }
    [[nodiscard]] nanoseconds interval_length() const noexcept { return every_; }
    /// Of all endpoints together.
    [[nodiscard]] histogram latency() const;
    /// From the end of the warm-up to the last end of a call.
    [[nodiscard]] nanoseconds measured_time() const noexcept { return last_end_ - measured_from_; }
    /// The calls since the previous query, warm-up included, for the live view.
    [[nodiscard]] interval take_recent();
    /// The errors so far by name, warm-up included.
    [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& errors() const noexcept { return errors_; }

private:
    [[nodiscard]] interval& interval_at(time_point when);
    void halve_series();

    time_point measured_from_;
    time_point last_end_;
    nanoseconds every_;
    std::array<section, endpoint_names.size()> endpoints_;
    std::vector<interval> series_;
    interval recent_;
    std::map<std::string, std::uint64_t, std::less<>> errors_;
};

} // namespace bench
