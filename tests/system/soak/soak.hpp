// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <yunhu/stats.hpp>

namespace yunhu::soak {

/// What no call's texts may hold.
inline constexpr std::string_view token = "soak-token";
inline constexpr std::string_view message = "soak-text";

struct settings {
    settings() = default;

    std::size_t calls = 20'000;
    std::uint64_t seed = 1;
    std::size_t connections = 32; ///< of the client at most
    std::size_t concurrency = 64; ///< calls at once
    double fault_share = 0.05;    ///< of exchanges
    double cancel_share = 0.02;   ///< of calls: cancelled, or with a deadline, at a random point
    std::size_t restarts = 5;     ///< of the server
};

/// What came of it.
struct report {
    report() = default;

    // all of these must be 0
    std::size_t wrong_responses = 0;   ///< calls that got the answer to another one
    std::size_t one_shot_twice = 0;    ///< one-shot calls that the application saw more than once
    std::size_t not_ended_once = 0;    ///< calls without exactly one completion
    std::size_t seen_not_sent = 0;     ///< calls reported as not sent, but seen
    std::size_t unseen_successes = 0;  ///< calls that went well, but were never seen
    std::size_t server_troubles = 0;   ///< requests that the server could not read
    std::size_t left_in_client = 0;    ///< connections, dials, calls and waiters after the shutdown
    std::size_t left_work = 0;         ///< 1: timers or sockets kept the `io_context` at work
    std::size_t left_open = 0;         ///< 1: the server never saw the client close every connection
    std::size_t left_descriptors = 0;  ///< more open files than before
    std::size_t reveals_secrets = 0;   ///< calls whose texts held the token or the message's text
    std::size_t unbalanced_hooks = 0;  ///< observer's hooks without begin or end, or where they must not be
    std::size_t too_few_successes = 0; ///< 1: most failed, which proves little

    std::chrono::duration<double> elapsed{};
    std::size_t succeeded = 0;
    std::size_t cancelled = 0; ///< calls that were to be cancelled, or to run out of time
    std::size_t restarts = 0;
    std::size_t refused_connections = 0;
    client_stats stats;
    std::map<std::string, std::size_t> ended;                ///< by code and delivery class
    std::vector<std::pair<std::string, std::size_t>> faults; ///< how often each happened
};

/// Makes the calls against a server of its own, and cleans up.
[[nodiscard]] report run(const settings& how);

} // namespace yunhu::soak
