// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "recorder.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// One point of a time series.
struct series_point {
    double at = 0; ///< seconds since the end of the warm-up, at the interval's end
    double rate = 0;
    std::uint64_t failed = 0;
    nanoseconds p50{};
    nanoseconds p90{};
    nanoseconds p99{};
    nanoseconds p999{};
    nanoseconds max{};
};

/// The measurement of a ramp at one rate.
struct ramp_step {
    double offered = 0;
    double rate = 0;
    std::uint64_t calls = 0;
    std::uint64_t failed = 0;
    nanoseconds p50{};
    nanoseconds p99{};
    nanoseconds p999{};
    bool saturated = false;
    std::string reason; ///< why the step is saturated
};

/// The client's counters over the run with its warm-up, which opens most connections, as the times of dials and
/// handshakes are; `connections` are those open at its end.
struct transport {
    std::uint64_t connections = 0;
    std::uint64_t dials = 0;
    std::uint64_t connects_failed = 0;
    std::uint64_t handshakes = 0;
    std::uint64_t resumed = 0;
    std::uint64_t evicted = 0;
};

/// CPU and memory over the measured time.
struct cost {
    double client_cpu = 0;            ///< seconds
    std::optional<double> server_cpu; ///< seconds; only of the built-in emulator
    std::uint64_t peak_memory = 0;    ///< bytes, of this process, since its start
};

/// The result of a run. Flags, versions and machine are kept as JSON.
struct run_result {
    std::string kind = "run"; ///< or "ramp"
    std::string started;      ///< UTC
    bool interrupted = false;
    double seconds = 0; ///< measured
    boost::json::object flags;
    boost::json::object versions;
    boost::json::object machine;
    std::vector<section> sections; ///< "all" first, then one per endpoint
    std::vector<series_point> series;
    bench::transport transport;
    bench::cost cost;
    std::vector<ramp_step> steps; ///< of a ramp
};

[[nodiscard]] std::vector<series_point> points_of(const recorder& from);

/// A number by which runs are compared, named as in the JSON's "metrics".
struct metric {
    std::string name;
    double value = 0;
    bool is_time = false; ///< in ns
};
[[nodiscard]] std::vector<metric> metrics_of(const run_result& result);
[[nodiscard]] bool is_time(std::string_view metric_name);

/// Incremented on every incompatible change.
inline constexpr int schema_version = 1;

[[nodiscard]] boost::json::object to_json(const run_result& result);
/// Throws `std::runtime_error` for an invalid object or another version.
[[nodiscard]] run_result result_from_json(const boost::json::value& value);
/// Read and write files; throw `std::runtime_error`.
[[nodiscard]] run_result read_result(const std::string& file);
void write_result(const run_result& result, const std::string& file);

} // namespace bench
