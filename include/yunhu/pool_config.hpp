// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <chrono>
#include <cstddef>

YUNHU_NAMESPACE_BEGIN

/// Connections, per shard.
struct pool_config {
    pool_config() = default;

    std::size_t max_connections = 16; ///< at least 1
    std::size_t max_queued = 65536;   ///< calls that may wait for a connection; further ones are `overloaded`
    std::size_t max_connecting = 8;   ///< connections being opened at once; at least 1
    std::chrono::nanoseconds idle_timeout = std::chrono::seconds(20);       ///< then an unused connection is closed
    std::chrono::nanoseconds max_connection_age = std::chrono::minutes(10); ///< an older one, +-10 %, is not reused
    std::chrono::nanoseconds connect_timeout = std::chrono::seconds(10); ///< resolve, connect, proxy and TLS together
    std::chrono::nanoseconds response_timeout =
        std::chrono::seconds(30);   ///< from writing the request to the end of the response
    unsigned circuit_failures = 20; ///< consecutive failed connects that open the circuit; 0: never
    std::chrono::nanoseconds circuit_reset_timeout = std::chrono::seconds(5); ///< between two probes of an open circuit
};

YUNHU_NAMESPACE_END
