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

/// A fault of an exchange.
struct fault {
    fault() = default;

    std::string_view name;
    /// Called at the start of an exchange; false: the connection can't be used for another one.
    bool (*inject)(class exchange& on);
};

/// All faults.
[[nodiscard]] std::span<const fault> faults();

/// The application behind the server: counts calls, responds to each with its own id, and injects faults into a share
/// of all exchanges. Called on the connections' threads.
class application {
public:
    application(std::size_t calls, std::uint64_t seed, double fault_share);

    /// The one step of every connection.
    [[nodiscard]] test::step serve();

    /// How often the call with that number was received completely.
    [[nodiscard]] unsigned seen(std::size_t call) const { return seen_[call].load(); }
    /// How often each of `faults()` was injected.
    [[nodiscard]] std::vector<std::size_t> injected() const;
    /// Connections that ended before their handshake was complete.
    [[nodiscard]] std::size_t refused_connections() const { return refused_; }

private:
    friend class exchange;
    void serve(test::fault_connection& session);

    std::vector<std::atomic<std::uint8_t>> seen_;
    std::vector<std::atomic<std::size_t>> injected_;
    std::atomic<std::size_t> refused_ = 0;
    std::uint64_t seed_;
    double fault_share_;
};

/// The id of a call, and back.
[[nodiscard]] std::string id_of(std::size_t call);
[[nodiscard]] std::size_t call_of(std::string_view id);

} // namespace yunhu::soak
