// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Figures of the library's client that the table of peers can't show.
namespace yunhu::bench {

/// Three ports of one server, see bench/server.sh.
struct server_ports {
    std::uint16_t keep_alive = 0;
    std::uint16_t closing = 0;      ///< closes after each response; TLS sessions can be resumed
    std::uint16_t closing_full = 0; ///< closes after each response; no resumption
    std::string ca_file;
    int pid = 0; ///< of the server process; 0: unknown
};

/// One figure: the value, its reference, and its bound.
struct figure {
    std::string name;
    double value = 0;
    std::string unit;
    double against = 0; ///< divisor of `value` for the ratio; 0: none
    double bound = 0;   ///< upper bound of the ratio, else of the value; 0: none
    std::vector<std::string> notes;

    [[nodiscard]] double judged() const { return against > 0 ? value / against : value; }
};

/// The amount of work: 1 for figures, less for a trial.
struct effort {
    double share = 1;
    std::size_t rounds = 5;
    [[nodiscard]] std::size_t of(std::size_t all) const {
        const auto part = static_cast<std::size_t>(static_cast<double>(all) * share);
        return part > 0 ? part : 1;
    }
};

using figures = std::vector<figure>;

[[nodiscard]] figures count_allocations(const server_ports& server, const effort& how);
[[nodiscard]] figures measure_waiting(const server_ports& server, const effort& how);
[[nodiscard]] figures measure_reconnects(const server_ports& server, const effort& how);
[[nodiscard]] figures measure_shards(const server_ports& server, const effort& how);
[[nodiscard]] figures measure_decoding(const server_ports& server, const effort& how);
[[nodiscard]] figures measure_latency(const server_ports& server, const effort& how);

} // namespace yunhu::bench
