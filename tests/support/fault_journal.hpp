// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yunhu::test {

/// A request that the server's application saw: complete, with all of its body.
struct seen_request {
    seen_request() = default;

    std::size_t connection = 0;    ///< number of the connection, from 1
    std::size_t on_connection = 0; ///< number of the request on it, from 1
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers; ///< as they came
    std::string body;
    std::string bytes; ///< all of it as it came

    /// The value of the header, in any case of its name; empty when it is not there.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// What the server saw of one connection.
struct seen_connection {
    seen_connection() = default;

    std::string local_address; ///< where the client connected to: "127.0.0.1" or "::1"
    // TLS; the first five as soon as a ClientHello came
    bool client_hello = false;
    std::optional<std::string> sni;
    std::vector<std::string> alpn_offered;
    bool resumption_offered = false; ///< a ticket or a PSK was offered, or a session id without TLS 1.3
    bool early_data = false;         ///< the client wanted to send early data
    bool handshake = false;          ///< the handshake was completed
    bool resumed = false;
    std::string alpn;
    std::string version;       ///< e.g. "TLSv1.3"
    std::vector<int> alerts;   ///< that the client sent
    std::string tls_error;     ///< why TLS ended, when it ended badly
    std::size_t bytes = 0;     ///< of application data that came
    std::string unfinished;    ///< application data that is no complete request, at the end
    std::size_t requests = 0;  ///< complete ones
    bool close_notify = false; ///< the client sent one
    bool fin = false;          ///< the client closed
    bool reset = false;        ///< the client reset
    bool script_ended = false; ///< every step was taken
    bool over = false;         ///< the server's socket is closed
    std::string trouble;       ///< a step's exception or an unreadable request

    /// The client has closed it, in whichever way.
    [[nodiscard]] bool closed_by_client() const noexcept { return fin || reset; }
};

/// All that a fault server has seen.
struct fault_journal {
    fault_journal() = default;

    std::vector<seen_connection> connections;
    std::vector<seen_request> requests; ///< in the order in which they were complete; may be turned off
    std::size_t request_count = 0;      ///< N
    std::size_t bytes = 0;              ///< of application data, on all connections
    std::map<std::string, std::size_t, std::less<>> at_gate; ///< how often a gate was reached

    [[nodiscard]] std::size_t accepted() const noexcept { return connections.size(); }
    [[nodiscard]] std::size_t handshakes() const noexcept;
    [[nodiscard]] std::size_t resumed() const noexcept;
    /// Connections that the server still holds.
    [[nodiscard]] std::size_t open() const noexcept;
    /// The client closed the connection with that number; false while there is none.
    [[nodiscard]] bool closed(std::size_t number) const noexcept;
};

/// The journal behind its lock, and the gates. Thread safety: every member may be called from any thread.
class fault_log {
public:
    /// Long enough for any machine: it only turns a hang into a failure.
    static constexpr std::chrono::seconds wait_limit{20};

    template <class F> decltype(auto) update(F change) {
        const std::scoped_lock lock(mutex_);
        changed_.notify_all(); // waiters look when the lock is free
        return change(journal_);
    }
    template <class F> auto read(F look) const {
        const std::scoped_lock lock(mutex_);
        return look(journal_);
    }
    /// False: it did not happen within `wait_limit`.
    bool wait_until(const std::function<bool(const fault_journal&)>& happened) const;

    void open_gate(std::string name);
    [[nodiscard]] bool is_open(std::string_view gate) const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    fault_journal journal_;
    std::set<std::string, std::less<>> open_gates_;
};

/// A request and the number of bytes that it takes of the buffer.
struct parsed_request {
    seen_request request;
    std::size_t size = 0;
};
/// The request that `buffer` begins with, or none while it is incomplete. Throws `std::runtime_error` when it can't be
/// one that this library sends.
[[nodiscard]] std::optional<parsed_request> parse_request(std::string_view buffer);

} // namespace yunhu::test
