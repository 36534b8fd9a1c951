// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {

/// An HTTP answer as it came.
struct response {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
    std::string body;

    [[nodiscard]] std::string header(std::string_view name) const;
};

/// How a connection ended.
enum class ending {
    close_notify, ///< TLS, then TCP
    fin,          ///< TCP without a word of TLS
    reset,
    other,
};

using session_ptr = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;

struct tls_options {
    int max_version = TLS1_3_VERSION;
    std::string host = "127.0.0.1";
    SSL_SESSION* resume = nullptr;
    std::string alpn; ///< as the extension has it: each protocol after its length
};

/// A connection that sends any bytes and reads answers, blocking. Throws `boost::system::system_error`.
class raw_client {
public:
    raw_client(std::uint16_t port, const std::string& ca_pem, const tls_options& options = {});
    raw_client(raw_client&&) noexcept;
    raw_client& operator=(raw_client&&) = delete;
    ~raw_client();

    void send(std::string_view bytes);
    /// Reads one answer with a content-length.
    response read();
    /// The next bytes that come, at least one.
    std::string read_some();
    /// Reads what still comes until the connection ends; `rest` gets it.
    ending read_to_end(std::string* rest = nullptr);
    /// Whether something comes, or the end, within that time.
    bool readable_within(std::chrono::milliseconds time);

    [[nodiscard]] bool resumed();
    [[nodiscard]] session_ptr session();
    [[nodiscard]] std::string alpn();
    [[nodiscard]] int tls_version();

private:
    struct impl; // keeps Asio and its TLS out of every test
    std::unique_ptr<impl> impl_;
};

using headers = std::vector<std::pair<std::string, std::string>>;

/// Request text with exactly those headers.
std::string request_text(std::string_view method, std::string_view target, const headers& with, std::string_view body);
/// The headers that a right request has.
headers right_headers(std::string_view content_type, std::size_t body_size);
/// A right request to `/v1/msg/NAME`.
std::string right_request(std::string_view name, std::string_view content_type, std::string_view body);

inline constexpr std::string_view protobuf_type = "application/x-protobuf";
inline constexpr std::string_view json_type = "application/json";

} // namespace testing::test
YUNHU_NAMESPACE_END
