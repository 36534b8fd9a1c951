// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Figures of one's own client that a table of peers can't show.
namespace yunhu::bench {

/// Where to call: three ports of one server, see bench/server.sh.
struct server_ports {
    std::uint16_t keep_alive = 0;
    std::uint16_t closing = 0;      ///< closes after each answer; TLS sessions can be resumed
    std::uint16_t closing_full = 0; ///< the same; they can't
    std::string ca_file;
    int pid = 0; ///< of the process that answers; 0: not known
};

/// One line: what was measured, against what, and the bound that it is to keep.
struct figure {
    std::string name;
    double value = 0;
    std::string unit;
    double against = 0; ///< what `value` is divided by; 0: nothing
    double bound = 0;   ///< of the ratio, or of the value if there is none; 0: none
    std::vector<std::string> notes;

    [[nodiscard]] double judged() const { return against > 0 ? value / against : value; }
};

/// How much work to do: 1 for figures, less for a trial.
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
