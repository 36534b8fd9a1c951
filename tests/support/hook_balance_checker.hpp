// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/observer.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yunhu::test {

/// An observer of one client that checks the balance and the order of its hooks. Thread-safe.
class hook_balance_checker : public observer {
public:
    /// The number of calls of each hook, by name.
    using counts = std::map<std::string, std::size_t, std::less<>>;

    /// Starts without an end.
    [[nodiscard]] std::size_t open() const;
    /// Hooks out of order; `report` lists the first ones.
    [[nodiscard]] std::size_t violations() const;
    /// A text for each violation and each start without an end; empty: the hooks are balanced.
    [[nodiscard]] std::string report() const;
    [[nodiscard]] counts seen() const;

    void on_call_start(const call_event& e) noexcept override;
    void on_call_end(const call_end_event& e) noexcept override;
    void on_queue_start(const call_event& e) noexcept override;
    void on_queue_end(const queue_end_event& e) noexcept override;
    void on_attempt_start(const attempt_event& e) noexcept override;
    void on_first_byte(const first_byte_event& e) noexcept override;
    void on_attempt_end(const attempt_end_event& e) noexcept override;
    void on_retry(const retry_event& e) noexcept override;
    void on_connect_start(const connection_event& e) noexcept override;
    void on_connect_end(const connect_end_event& e) noexcept override;
    void on_tls_start(const connection_event& e) noexcept override;
    void on_tls_end(const tls_end_event& e) noexcept override;
    void on_connection_open(const connection_event& e) noexcept override;
    void on_connection_close(const connection_end_event& e) noexcept override;

private:
    struct call_state {
        std::string_view endpoint;
        bool queued = false;
        bool attempting = false;
        bool responding = false;
        unsigned attempts = 0;
        std::uint64_t connection = 0;
    };
    struct connection_state {
        bool connecting = false;
        bool handshaking = false;
        bool open = false;
        bool busy = false;
        std::uint64_t exchanges = 0;
    };
    using connection_key = std::pair<std::size_t, std::uint64_t>; // shard and number

    void require(bool holds, std::string_view hook, std::uint64_t number);
    call_state& call_of(const call_event& e, std::string_view hook);
    connection_state& connection_of(const connection_event& e, std::string_view hook);

    mutable std::mutex mutex_;
    std::unordered_map<std::uint64_t, call_state> calls_;
    std::map<connection_key, connection_state> connections_;
    counts seen_;
    std::size_t violations_ = 0;
    std::string first_violations_;
    call_state no_call_;
    connection_state no_connection_;
};

} // namespace yunhu::test
