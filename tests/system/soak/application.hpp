// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fault_server.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yunhu::soak {

/// What goes wrong on a connection.
struct fault {
    fault() = default;

    std::string_view name;
    /// With the connection where an exchange begins; false: it is of no more use.
    bool (*happen)(class exchange& on);
};

/// Every fault that an exchange may have.
[[nodiscard]] std::span<const fault> faults();

/// The application behind the server: sees calls, answers each with its own id, and lets a share of all exchanges go
/// wrong. Called on the connections' threads.
class application {
public:
    application(std::size_t calls, std::uint64_t seed, double fault_share);

    /// The one step of every connection.
    [[nodiscard]] test::step serve();

    /// How often the call with that number was seen, complete.
    [[nodiscard]] unsigned seen(std::size_t call) const { return seen_[call].load(); }
    /// How often each of `faults()` happened.
    [[nodiscard]] std::vector<std::size_t> happened() const;
    /// Connections that ended before TLS was there.
    [[nodiscard]] std::size_t refused_connections() const { return refused_; }

private:
    friend class exchange;
    void serve(test::fault_connection& session);

    std::vector<std::atomic<std::uint8_t>> seen_;
    std::vector<std::atomic<std::size_t>> happened_;
    std::atomic<std::size_t> refused_ = 0;
    std::uint64_t seed_;
    double fault_share_;
};

/// The id of a call, and back.
[[nodiscard]] std::string id_of(std::size_t call);
[[nodiscard]] std::size_t call_of(std::string_view id);

} // namespace yunhu::soak
