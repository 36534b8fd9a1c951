// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/pool_config.hpp>
#include <yunhu/proxy_config.hpp>
#include <yunhu/response_limits.hpp>
#include <yunhu/retry_config.hpp>
#include <yunhu/secret.hpp>
#include <yunhu/tls_config.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

class observer;

/// How fast one endpoint may be called, by the whole client: all its copies, accounts and shards together. In any span
/// of `t` seconds at most `burst + per_second * t` attempts are made, including retries and attempts that get no
/// connection.
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

/// Options of a client. Only `token` has no usable default.
struct client_config {
    client_config() = default;
    explicit client_config(secret account_token) : token(std::move(account_token)) {}

    std::string base_url = "https://chat-go.jwzhd.com"; ///< scheme, host, optional port and path prefix
    secret token;                                       ///< the account's token; never logged
    /// Permits an empty token: the client itself makes only calls that send none, such as those of login.hpp; the
    /// others fail with `errc::invalid_request`. Its `with_token` gives a handle for all calls.
    bool token_optional = false;
    std::string user_agent; ///< empty: `yunhu-cpp/<version>`
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
    /// Addresses to connect to in place of a server's own, by its host name; `*`: every other one. Such as
    /// `{"upload-z2.qiniup.com", "127.0.0.1:8443"}`. The certificate is verified for the server's own name.
    std::map<std::string, std::string> connect_to;
    std::shared_ptr<yunhu::observer> observer; ///< receives events (observer.hpp); null: none
};

YUNHU_NAMESPACE_END
