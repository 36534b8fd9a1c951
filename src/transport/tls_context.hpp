// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/tls_config.hpp>

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

/// State shared by all TLS connections of a client: trusted CAs, versions, pins, and sessions to resume. Bound to one
/// host, so that a session is never offered to another. Thread-safe.
class tls_context {
public:
    /// Throws `yunhu::error` (`errc::invalid_request`) naming the invalid setting: CA file, CA text, or pin.
    tls_context(const tls_config& config, std::string host);
    tls_context(const tls_context&) = delete;
    tls_context& operator=(const tls_context&) = delete;
    ~tls_context();

    /// Creates the `SSL` object of a connection, with host name verification, SNI, ALPN, and a session to resume if one
    /// is stored.
    [[nodiscard]] ssl_ptr new_connection();
    /// True if the peer's key is pinned, or no key is pinned. To be called after the handshake.
    [[nodiscard]] bool pinned(const SSL* ssl) const;
    /// Why the peer's certificate was rejected: the result of its verification, or of `pinned`. Contains no text of the
    /// certificate.
    [[nodiscard]] std::string rejection(const SSL* ssl) const;

private:
    static int on_new_session(SSL* ssl, SSL_SESSION* session) noexcept;
    void store_session(ssl_session_ptr session);
    [[nodiscard]] ssl_session_ptr take_session();

    std::string host_;
    bool host_is_address_ = false;
    std::vector<std::string> pins_; ///< raw SHA-256
    std::unique_ptr<SSL_CTX, ssl_ctx_free> context_;
    std::mutex mutex_;
    std::vector<ssl_session_ptr> sessions_; ///< newest last
};

} // namespace transport
YUNHU_NAMESPACE_END
