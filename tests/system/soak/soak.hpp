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

/// Secrets; no text of a call may contain them.
inline constexpr std::string_view token = "soak-token";
inline constexpr std::string_view message = "soak-text";

struct settings {
    settings() = default;

    std::size_t calls = 20'000;
    std::uint64_t seed = 1;
    std::size_t connections = 32; ///< maximum of the client
    std::size_t concurrency = 64; ///< concurrent calls
    double fault_share = 0.05;    ///< of exchanges
    double cancel_share = 0.02;   ///< of calls: cancelled, or timed out, at a random point
    std::size_t restarts = 5;     ///< of the server
};

/// The result of a run.
struct report {
    report() = default;

    // all of these must be 0
    std::size_t wrong_responses = 0;      ///< calls that got the response to another call
    std::size_t non_idempotent_twice = 0; ///< non-idempotent calls that the application received more than once
    std::size_t not_ended_once = 0;       ///< calls without exactly one completion
    std::size_t seen_not_sent = 0;        ///< calls reported as not sent, but received
    std::size_t unseen_successes = 0;     ///< successful calls that were never received
    std::size_t server_troubles = 0;      ///< requests that the server could not parse
    std::size_t left_in_client = 0;       ///< connections, calls and waiters after the shutdown
    std::size_t left_work = 0;            ///< 1: timers or sockets keep work on the `io_context`
    std::size_t left_open = 0;            ///< 1: the client did not close every connection
    std::size_t left_descriptors = 0;     ///< more open files than before
    std::size_t reveals_secrets = 0;      ///< calls whose texts contain the token or the message's text
    std::size_t unbalanced_hooks = 0;     ///< observer's hooks without start or end, or out of order
    std::size_t too_few_successes = 0;    ///< 1: most calls failed, so the run proves little

    std::chrono::duration<double> elapsed{};
    std::size_t succeeded = 0;
    std::size_t cancelled = 0; ///< calls that were cancelled or had a short timeout
    std::size_t restarts = 0;
    std::size_t refused_connections = 0;
    client_stats stats;
    std::map<std::string, std::size_t> ended;                ///< by code and delivery class
    std::vector<std::pair<std::string, std::size_t>> faults; ///< how often each was injected
};

/// Makes the calls to its own server, and cleans up.
[[nodiscard]] report run(const settings& how);

} // namespace yunhu::soak
