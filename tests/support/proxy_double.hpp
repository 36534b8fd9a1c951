// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace yunhu::test {

/// An HTTP proxy that opens tunnels (CONNECT) to servers of this machine, with or without TLS on its own side. Runs on
/// its own threads from construction to destruction. A proxy that fails is a `fault_server` with a script. Thread
/// safety: every member may be called from any thread.
class proxy_double {
public:
    enum class transport { plain, tls };

    explicit proxy_double(transport to_client = transport::plain);
    proxy_double(const proxy_double&) = delete;
    proxy_double& operator=(const proxy_double&) = delete;
    /// Closes all connections and joins all threads.
    ~proxy_double();

    /// A tunnel to `target` ("host:port") leads to that port of 127.0.0.1. Any other target gets a 502.
    void route(const std::string& target, std::uint16_t port);
    /// `http://127.0.0.1:PORT`, or https.
    [[nodiscard]] std::string url() const;
    /// The CA that a client must trust for TLS to the proxy, PEM.
    [[nodiscard]] std::string ca_pem() const;

    /// The header sections of all requests to the proxy.
    [[nodiscard]] std::vector<std::string> requests() const;
    /// All bytes that went through the tunnels to servers, and back.
    [[nodiscard]] std::string to_servers() const;
    [[nodiscard]] std::string to_clients() const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace yunhu::test
