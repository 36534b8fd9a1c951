// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/raw_client.hpp"

#include <yunhu/config.hpp>

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {

/// An HTTP response as received.
struct response {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
    std::string body;

    [[nodiscard]] std::string header(std::string_view name) const;
};

/// How a connection ended.
using ending = yunhu::test::reading;
using session_ptr = yunhu::test::session_ptr;

struct tls_options {
    tls_options() = default;

    int max_version = TLS1_3_VERSION;
    std::string host = "127.0.0.1"; ///< name or address that the certificate must be valid for
    SSL_SESSION* resume = nullptr;
    std::vector<std::string> alpn;
};

/// The server refused the connection, or either side failed the handshake.
struct handshake_failed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The connection ended before the expected bytes were sent or received.
struct connection_ended : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A blocking connection that sends any bytes and reads HTTP responses. Throws `handshake_failed` and
/// `connection_ended`.
class http_client {
public:
    http_client(std::uint16_t port, const std::string& ca_pem, const tls_options& options = {});

    void send(std::string_view bytes);
    /// Reads one response. Its body is as long as its content-length, and empty in the response to a HEAD request.
    response read(bool to_head = false);
    /// The bytes of the next read, at least one.
    std::string read_some();
    /// Reads until the connection ends; `rest` receives the bytes.
    ending read_to_end(std::string* rest = nullptr);
    /// Whether bytes, or the end of the stream, arrive within that time.
    bool readable_within(std::chrono::milliseconds time) { return raw_->readable_within(time); }

    [[nodiscard]] bool resumed() { return SSL_session_reused(raw_->ssl()) == 1; }
    [[nodiscard]] session_ptr session() { return raw_->session(); }
    [[nodiscard]] std::string alpn();
    [[nodiscard]] int tls_version() { return SSL_version(raw_->ssl()); }

private:
    std::unique_ptr<yunhu::test::raw_client> raw_;
    std::string buffer_;
};

using headers = std::vector<std::pair<std::string, std::string>>;

/// A request with exactly those header fields.
std::string request_text(std::string_view method, std::string_view target, const headers& with, std::string_view body);
/// The header fields of a valid request.
headers valid_headers(std::string_view content_type, std::size_t body_size);
/// A valid request to `/v1/msg/NAME`.
std::string valid_request(std::string_view name, std::string_view content_type, std::string_view body);

inline constexpr std::string_view protobuf_type = "application/x-protobuf";
inline constexpr std::string_view json_type = "application/json";

} // namespace testing::test
YUNHU_NAMESPACE_END
