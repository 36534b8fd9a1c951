// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/secret.hpp>
#include <yunhu/tls_config.hpp>

#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN

/// An HTTP proxy. Every connection is a tunnel through it (HTTP CONNECT), in which TLS is done with the API's server as
/// without a proxy: the proxy sees the server's name and port, and no request. The name is not resolved on this side.
struct YUNHU_EXPORT proxy_config {
    proxy_config() = default;

    /// Parses a URL with credentials.
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

YUNHU_NAMESPACE_END
