// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client_config.hpp>
#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace transport {

struct ssl_ctx_free {
    void operator()(SSL_CTX* p) const noexcept;
};
struct ssl_free {
    void operator()(SSL* p) const noexcept;
};
struct ssl_session_free {
    void operator()(SSL_SESSION* p) const noexcept;
};
using ssl_ptr = std::unique_ptr<SSL, ssl_free>;
using ssl_session_ptr = std::unique_ptr<SSL_SESSION, ssl_session_free>;

/// What all TLS connections of a client share: trust, versions, pins, and sessions to resume. For one host only, so
/// that a session can't reach another. Thread-safe.
class tls_context {
public:
    /// Throws `yunhu::error` (`errc::invalid_request`) naming what can't be used: the CA file, the CA text, a pin.
    tls_context(const tls_config& config, std::string host);
    tls_context(const tls_context&) = delete;
    tls_context& operator=(const tls_context&) = delete;
    ~tls_context();

    /// A connection's TLS, ready for its handshake: host name to verify, SNI, ALPN, a session to resume if there is
    /// one.
    [[nodiscard]] ssl_ptr new_connection();
    /// True when the peer's key is a pinned one, or nothing is pinned. After the handshake.
    [[nodiscard]] bool pinned(const SSL* ssl) const;

private:
    static int on_new_session(SSL* ssl, SSL_SESSION* session);
    void keep(ssl_session_ptr session);
    [[nodiscard]] ssl_session_ptr take_session();

    std::string host_;
    bool host_is_address_ = false;
    std::vector<std::string> pins_; ///< raw SHA-256
    std::unique_ptr<SSL_CTX, ssl_ctx_free> context_;
    std::mutex mutex_;
    std::vector<ssl_session_ptr> sessions_; ///< the newest last
};

} // namespace transport
YUNHU_NAMESPACE_END
