// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fault_connection.hpp"
#include "fault_steps.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace yunhu::test {

/// A server that executes a script on each connection and records its observations. Runs on its own threads from
/// construction to destruction.
///
///     fault_server server;
///     server.next_connection({expect_request(), send("HTTP/1.1 200 OK\r\n"), fin()});
///     ... a call ...
///     EXPECT_EQ(server.request_count(), 1);
///
/// Connections are numbered from 1 as they are accepted. Thread safety: every member may be called from any thread.
class fault_server {
public:
    explicit fault_server(fault_server_options options = {});
    fault_server(const fault_server&) = delete;
    fault_server& operator=(const fault_server&) = delete;
    /// Closes all connections and joins all threads.
    ~fault_server();

    [[nodiscard]] std::uint16_t port() const noexcept;
    /// `https://127.0.0.1:PORT`, or http.
    [[nodiscard]] std::string base_url(const std::string& host = "127.0.0.1") const;
    /// The CA that a client must trust, PEM.
    [[nodiscard]] std::string ca_pem() const;
    [[nodiscard]] std::string spki_pin() const;

    /// Adds the script of one connection; scripts are used in the order of this call.
    void next_connection(script steps);
    /// Sets the script of connections without one from `next_connection`. The default answers every request.
    void every_connection(script steps);
    /// Adds the steps for one request, on any connection, that arrives after the end of a script.
    void next_response(script steps);
    /// Ends all current and future waits at that gate.
    void open_gate(const std::string& name);

    /// Refuses new connections with RST, as a stopped server.
    void stop_listening();
    /// Accepts connections again, on the same port.
    void listen_again();
    /// Ends the scripts of all open connections and closes them.
    void drop_connections(drop_by how = drop_by::close);

    /// A copy of the observations.
    [[nodiscard]] fault_journal journal() const;
    [[nodiscard]] seen_connection connection(std::size_t number) const;
    /// Of all connections.
    [[nodiscard]] std::size_t request_count() const;
    [[nodiscard]] std::size_t accepted() const;
    /// Whether the condition is true now.
    [[nodiscard]] bool holds(const std::function<bool(const fault_journal&)>& condition) const;
    /// Waits until the condition is true; false: not within `fault_log::wait_limit`.
    [[nodiscard]] bool wait_until(const std::function<bool(const fault_journal&)>& condition) const;
    [[nodiscard]] bool wait_for_close(std::size_t number) const;
    [[nodiscard]] bool wait_for_gate(const std::string& name, std::size_t times = 1) const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace yunhu::test
