// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fault_session.hpp"
#include "fault_steps.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace yunhu::test {

/// A server that does to each connection exactly what a script says, and remembers what it saw. Runs on threads of its
/// own from construction to destruction.
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
    /// Closes every connection and joins every thread.
    ~fault_server();

    [[nodiscard]] std::uint16_t port() const noexcept;
    /// `https://127.0.0.1:PORT`, or http.
    [[nodiscard]] std::string base_url(const std::string& host = "127.0.0.1") const;
    /// The CA that a client must trust, PEM.
    [[nodiscard]] std::string ca_pem() const;
    [[nodiscard]] std::string spki_pin() const;

    /// The script of the next connection that has none yet.
    void next_connection(script steps);
    /// The script of every connection for which there is none in the queue. At first: serve well.
    void every_connection(script steps);
    /// The steps that answer the next request, on whichever connection, for which neither a script nor this waits yet.
    void next_response(script steps);
    /// Lets all through that wait there, now and later.
    void open_gate(const std::string& name);

    /// Refuses connections from now on (RST), as a server that is down.
    void stop_listening();
    /// Accepts connections again, on the same port.
    void listen_again();
    /// Takes every open connection away from its script.
    void drop_connections(drop_by how = drop_by::close);

    /// What was seen until now.
    [[nodiscard]] fault_journal journal() const;
    [[nodiscard]] seen_connection connection(std::size_t number) const;
    /// N.
    [[nodiscard]] std::size_t request_count() const;
    [[nodiscard]] std::size_t accepted() const;
    /// Whether that is so at this moment.
    [[nodiscard]] bool holds(const std::function<bool(const fault_journal&)>& so) const;
    /// Waits for something to be seen; false: it was not within `fault_log::wait_limit`.
    [[nodiscard]] bool wait_until(const std::function<bool(const fault_journal&)>& happened) const;
    [[nodiscard]] bool wait_for_close(std::size_t number) const;
    [[nodiscard]] bool wait_for_gate(const std::string& name, std::size_t times = 1) const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace yunhu::test
