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

/// A complete request that the server received.
struct seen_request {
    seen_request() = default;

    std::size_t connection = 0;    ///< number of the connection, from 1
    std::size_t on_connection = 0; ///< number of the request on it, from 1
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers; ///< as received
    std::string body;
    std::string bytes; ///< the whole request as received

    /// The value of the header (case-insensitive name); empty: none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// The observations of the server on one connection.
struct seen_connection {
    seen_connection() = default;

    std::string local_address; ///< "127.0.0.1" or "::1"
    // TLS; the first five are set by the ClientHello
    bool client_hello = false;
    std::optional<std::string> sni;
    std::vector<std::string> alpn_offered;
    bool resumption_offered = false; ///< a ticket or a PSK was offered, or a session id without TLS 1.3
    bool early_data = false;         ///< the client offered early data
    bool handshake = false;          ///< the handshake is complete
    bool resumed = false;
    std::string alpn;
    std::string version;       ///< e.g. "TLSv1.3"
    std::vector<int> alerts;   ///< received from the client
    std::string tls_error;     ///< the error that ended TLS
    std::size_t bytes = 0;     ///< of application data received
    std::string unfinished;    ///< an incomplete request at the end
    std::size_t requests = 0;  ///< complete requests
    bool close_notify = false; ///< the client sent one
    bool fin = false;          ///< the client closed
    bool reset = false;        ///< the client reset
    bool script_ended = false; ///< all steps were executed
    bool over = false;         ///< the server closed its socket
    std::string trouble;       ///< an exception of a step, or an unreadable request

    /// Whether the client closed or reset the connection.
    [[nodiscard]] bool closed_by_client() const noexcept { return fin || reset; }
};

/// The observations of a fault server.
struct fault_journal {
    fault_journal() = default;

    std::vector<seen_connection> connections;
    std::vector<seen_request> requests;                      ///< in order of their completion; see `remember_requests`
    std::size_t request_count = 0;                           ///< also without `remember_requests`
    std::size_t bytes = 0;                                   ///< of application data on all connections
    std::map<std::string, std::size_t, std::less<>> at_gate; ///< arrivals at each gate

    [[nodiscard]] std::size_t accepted() const noexcept { return connections.size(); }
    [[nodiscard]] std::size_t handshakes() const noexcept;
    [[nodiscard]] std::size_t resumed() const noexcept;
    /// Connections that the server has not closed.
    [[nodiscard]] std::size_t open() const noexcept;
    /// Whether the client closed or reset the connection with that number; false if there is no such connection.
    [[nodiscard]] bool closed(std::size_t number) const noexcept;
};

/// The journal and the gates, behind a mutex. Thread safety: every member may be called from any thread.
class fault_log {
public:
    /// Turns a hang into a failure.
    static constexpr std::chrono::seconds wait_limit{20};

    template <class F> decltype(auto) update(F change) {
        const std::scoped_lock lock(mutex_);
        changed_.notify_all(); // waiters evaluate their condition after the unlock
        return change(journal_);
    }
    template <class F> auto read(F access) const {
        const std::scoped_lock lock(mutex_);
        return access(journal_);
    }
    /// Waits until the condition is true; false: not within `wait_limit`.
    bool wait_until(const std::function<bool(const fault_journal&)>& condition) const;

    void open_gate(std::string name);
    [[nodiscard]] bool is_open(std::string_view gate) const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    fault_journal journal_;
    std::set<std::string, std::less<>> open_gates_;
};

/// A request and its size in the buffer.
struct parsed_request {
    seen_request request;
    std::size_t size = 0;
};
/// The request at the beginning of `buffer`, or none while it is incomplete. Throws `std::runtime_error` if the library
/// sends no such request.
[[nodiscard]] std::optional<parsed_request> parse_request(std::string_view buffer);

} // namespace yunhu::test
