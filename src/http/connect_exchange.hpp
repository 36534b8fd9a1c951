// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace http {

/// A CONNECT request (RFC 9110, section 9.3.6) for a tunnel to `host` and `port`. With a user: Basic authentication.
[[nodiscard]] secret write_connect(std::string_view host, std::string_view port, std::string_view user,
                                   const secret& password);

/// Parses a proxy's response to CONNECT. Pure: takes bytes in any pieces.
class connect_response {
public:
    enum class state : std::uint8_t {
        incomplete,
        complete,      ///< `status()` is final
        malformed,     ///< not HTTP/1.x
        too_large,     ///< the header sections exceed the limit
        trailing_data, ///< the tunnel is open, and has bytes before the client has sent any
    };

    explicit connect_response(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    /// To be called until the state is not `incomplete`. Responses of status 1xx are skipped. The body of a response is
    /// ignored: a successful one has none, and after an unsuccessful one the connection is closed.
    [[nodiscard]] state feed(std::string_view bytes);
    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] bool succeeded() const noexcept { return status_ >= 200 && status_ < 300; }

private:
    std::size_t max_bytes_;
    std::size_t skipped_ = 0; ///< bytes of responses of status 1xx
    std::string header_;
    int status_ = 0;
};

} // namespace http
YUNHU_NAMESPACE_END
