// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fault_server.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yunhu::test {

using session_ptr = std::unique_ptr<SSL_SESSION, freed_by<&SSL_SESSION_free>>;

struct raw_client_options {
    raw_client_options() = default;
    explicit raw_client_options(std::string ca) : ca_pem(std::move(ca)) {}

    std::string ca_pem;             ///< empty: nothing is verified
    std::string host = "localhost"; ///< expected, and sent as SNI unless it is an IP
    bool host_is_ip = false;
    std::vector<std::string> alpn; ///< protocols in order of preference; empty: no extension
    int min_version = TLS1_2_VERSION;
    int max_version = TLS1_3_VERSION;
    SSL_SESSION* resume = nullptr;
    std::string early_data;
    bool plain = false;
    bool ipv6 = false;
    int receive_buffer = 0;
};

/// How reading ended.
enum class reading { open, close_notify, truncated, reset, failed };

/// A blocking TCP or TLS connection to 127.0.0.1 or ::1 that sends and receives exact bytes. A blocked operation fails
/// after `fault_log::wait_limit`.
class raw_client {
public:
    explicit raw_client(std::uint16_t port, raw_client_options options = {});
    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;
    ~raw_client();

    [[nodiscard]] bool connected() const noexcept { return connected_; }
    [[nodiscard]] bool handshake_done() const noexcept { return handshake_done_; }
    [[nodiscard]] long verify_result() const { return SSL_get_verify_result(ssl_.get()); }
    [[nodiscard]] SSL* ssl() const noexcept { return ssl_.get(); }
    /// OpenSSL's text for a failed handshake or read.
    [[nodiscard]] const std::string& error() const noexcept { return error_; }

    bool write(std::string_view data);
    /// The bytes of one read: at most one TLS record. Empty at the end of the stream, whose kind `end()` returns.
    [[nodiscard]] std::string read_once();
    /// Reads `size` bytes, or fewer if the stream ends before.
    [[nodiscard]] std::string read(std::size_t size);
    [[nodiscard]] std::string read_to_end();
    [[nodiscard]] reading end() const noexcept { return end_; }
    /// Whether bytes, or the end of the stream, arrive within that time.
    [[nodiscard]] bool readable_within(std::chrono::milliseconds time) const;
    /// How many of `size` bytes the socket accepts without blocking.
    [[nodiscard]] std::size_t write_what_fits(std::size_t size);

    void close_notify() { SSL_shutdown(ssl_.get()); }
    void close();
    /// The newest session, for resumption.
    [[nodiscard]] session_ptr session() const { return session_ptr(SSL_get1_session(ssl_.get())); }

private:
    void connect(std::uint16_t port, const raw_client_options& options);
    void handshake(const raw_client_options& options);

    int socket_ = -1;
    bool connected_ = false;
    bool handshake_done_ = false;
    bool plain_;
    reading end_ = reading::open;
    std::string error_;
    ssl_context context_;
    ssl_ptr ssl_;
};

/// A small request, complete.
[[nodiscard]] std::string request(std::string_view body = "hi");

/// The response of the step `response_ok`.
inline constexpr std::string_view ok_response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Sends a request and reads that response.
[[nodiscard]] bool exchange_ok(raw_client& client);

} // namespace yunhu::test
