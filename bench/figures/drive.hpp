// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client_config.hpp>
#include <yunhu/stats.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace yunhu::bench {

/// The load of a measurement.
struct load {
    std::size_t connections = 1;
    std::size_t callers = 1;
    std::size_t warm_up = 0;
    std::size_t calls = 1;            ///< measured calls; further calls follow, so that the load is constant to the end
    std::size_t threads = 1;          ///< and shards; `connections` are divided among them
    std::function<void()> at_begin{}; ///< at the end of the warm-up
    std::function<void()> at_end{};   ///< after the last measured call
};

struct cost {
    double cpu_us_per_call = 0;
    double calls_per_second = 0;
    client_stats stats; ///< after the last measured call
};

[[nodiscard]] client_config config_for(std::uint16_t port, const std::string& ca_file);

/// Measures a part of a running event loop, from the end of the warm-up to the last measured call, on all its threads.
/// Google Benchmark measures loops that it controls itself, so this window is ours. Sends messages: each caller is a
/// coroutine that awaits one call after another. Throws when a call fails.
[[nodiscard]] cost drive(const client_config& config, const load& what);

} // namespace yunhu::bench
