// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/secret.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

class observer;

/// Verification of a server. Its certificate and its host name are always verified. Without `ca_file` and `ca_pem` the
/// system's CAs are trusted: OpenSSL's default file and directory, which the environment variables `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` replace, each one its own.
struct tls_config {
    tls_config() = default;

    std::filesystem::path ca_file; ///< trusted CAs (PEM), instead of the default ones; unreadable: construction fails
    std::string ca_pem;            ///< the same as text; both may be given
    bool tls13_only = false;       ///< default: TLS 1.2 and 1.3
    /// Base64 of the SHA-256 of the server's public key (SubjectPublicKeyInfo). Not empty: one must match, besides the
    /// usual verification.
    std::vector<std::string> pins;
};

/// An HTTP proxy. Every connection is a tunnel through it (HTTP CONNECT), in which TLS is done with the API's server as
/// without a proxy: the proxy sees the server's name and port, and no request. The name is not resolved on this side.
struct YUNHU_EXPORT proxy_config {
    proxy_config() = default;

    /// Takes the parts from a URL with credentials.
    ///
    /// \par Parameters
    /// `with_credentials`: `http://user:password@host:port`; user and password are percent-encoded, and may be absent.
    ///
    /// \par Errors
    /// Throws `yunhu::error` (`errc::invalid_request`) if it is no such URL. The error does not contain the URL.
    ///
    /// \par Thread safety
    /// Any thread.
    explicit proxy_config(const secret& with_credentials);

    /// `http://host:port`, or `https://host:port` for TLS to the proxy; the default ports are 80 and 443. Empty: no
    /// proxy.
    std::string url;
    std::string user; ///< sent to the proxy only, with `password` (Basic authentication); empty: no authentication
    secret password;
    tls_config tls; ///< verification of an `https://` proxy

    /// Returns the proxy that the environment names for a server, as command-line programs use it. `https_proxy`, or
    /// else `HTTPS_PROXY`, is the proxy's URL, with credentials or without; `http://` may be missing. `no_proxy`, or
    /// else `NO_PROXY`, is a list of servers that are connected to directly, with commas or spaces between them:
    /// `example.com` (with its subdomains), `.example.com` (the same), `example.com:8443`, an address, or `*` for all.
    /// Ranges of addresses (`10.0.0.0/8`) are not supported. This machine (`localhost`, `127.0.0.1`, `::1`) is always
    /// connected to directly. A variable that is empty counts as missing.
    ///
    /// \par Parameters
    /// `base_url`: the server's URL, for `client_config::base_url`. There is no proxy for an `http://` one.
    ///
    /// \par Errors
    /// Throws `yunhu::error` (`errc::invalid_request`) that names the variable with an invalid URL.
    ///
    /// \par Thread safety
    /// Any thread, while no other one changes the environment.
    [[nodiscard]] static proxy_config from_environment(std::string_view base_url);
};

/// Connections, per shard.
struct pool_config {
    pool_config() = default;

    std::size_t max_connections = 16; ///< at least 1
    std::size_t max_queued = 65536;   ///< calls that may wait for a connection; one more is refused as overloaded
    std::size_t max_connecting = 8;   ///< connections being opened at once; at least 1
    std::chrono::nanoseconds idle_timeout = std::chrono::seconds(20);       ///< unused that long: closed
    std::chrono::nanoseconds max_connection_age = std::chrono::minutes(10); ///< older than that, +-10 %: not used again
    std::chrono::nanoseconds connect_timeout = std::chrono::seconds(10); ///< resolve, connect, proxy and TLS together
    std::chrono::nanoseconds response_timeout =
        std::chrono::seconds(30);   ///< from the request written to the response's end
    unsigned circuit_failures = 20; ///< consecutive failed connects that open the circuit; 0: never
    std::chrono::nanoseconds circuit_reset_timeout = std::chrono::seconds(5); ///< between two probes of an open circuit
};

/// Limits of a response.
struct response_limits {
    response_limits() = default;

    std::size_t header_bytes = 16 * 1024; ///< head and trailers, each
    std::size_t header_count = 128;       ///< fields in the head
    std::size_t body_bytes = 8 * 1024 * 1024;
    std::size_t chunk_overhead = 16 * 1024; ///< chunk extensions in one response
    unsigned interim_responses = 16;        ///< responses of status 1xx before the real one
};

/// When a call is tried again by the library. One-shot calls are repeated only if they provably were not sent.
struct retry_config {
    retry_config() = default;

    /// The first one included; 1: no retries. A request that provably never left, because the connection it was handed
    /// to was dead, moves to a fresh one once all the same: it is still the first try.
    unsigned max_attempts = 3;
    std::chrono::nanoseconds base =
        std::chrono::milliseconds(50); ///< pause before the n-th retry: U(0, base * 2^(n-1))
    std::chrono::nanoseconds throttled_base = std::chrono::seconds(1); ///< the same after HTTP 429
    std::chrono::nanoseconds cap = std::chrono::seconds(20);           ///< longest pause drawn
    double budget_ratio = 0.2;                                         ///< retries per call that succeeded
    double budget_per_second = 10;                                     ///< retries per second on top
};

/// How fast one endpoint may be called, by the whole client: all its copies, accounts and shards together. In any span
/// of `t` seconds at most `burst + per_second * t` tries are made, retries and those that get no connection included.
///
/// Calls wait in FIFO order, within their timeout, and can be cancelled. At most `pool.max_queued` calls per shard
/// wait; further ones fail with `errc::overloaded`. A call holds its permit until a connection takes it, or none
/// can be opened; later calls wait behind it. With `burst == 1` requests are evenly spaced, and delays of the timer are
/// not caught up: above about 100 per second use a larger burst.
struct rate_limit {
    rate_limit(const endpoint_info& limited, double calls_per_second, unsigned at_once = 1)
        : endpoint(limited), per_second(calls_per_second), burst(at_once) {}

    endpoint_info endpoint; ///< e.g. `endpoints::send_message`, or `info()` of an `endpoint` of your own
    double per_second;      ///< must be > 0
    unsigned burst;         ///< must be > 0
};

/// All that a client needs to know. Only `token` has no usable default.
struct client_config {
    client_config() = default;
    explicit client_config(secret account_token) : token(std::move(account_token)) {}

    std::string base_url = "https://chat-go.jwzhd.com"; ///< scheme, host, optional port and path prefix
    secret token;                                       ///< the account's token; never logged
    std::string user_agent;                             ///< empty: `yunhu-cpp/<version>`
    /// Allows an `http://` base URL, to a loopback address only.
    bool allow_plain_http_to_loopback = false;
    std::chrono::nanoseconds timeout = std::chrono::seconds(30); ///< of a call, from its start
    /// Independent pools, each on a strand of its own: one per thread of the executor that should carry load.
    std::size_t shards = 1;
    pool_config pool;
    retry_config retry;
    std::vector<rate_limit> rate_limits; ///< at most one an endpoint; the others have none
    response_limits limits;
    tls_config tls;
    /// Default: none. The environment is not read unless `proxy_config::from_environment` is called.
    proxy_config proxy;
    std::shared_ptr<yunhu::observer> observer; ///< receives events (observer.hpp); null: none
};

YUNHU_NAMESPACE_END
