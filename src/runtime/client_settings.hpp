// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/connection.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>

#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// An account as heads of requests need it.
struct credentials {
    std::string protobuf; ///< from the path's end to the value of content-length
    std::string json;
};

/// A client's configuration, checked, and what follows from it. Does not change.
class client_settings {
public:
    /// Throws `yunhu::error` (`errc::invalid_request`) naming the field that can't work.
    explicit client_settings(client_config config);

    [[nodiscard]] const client_config& config() const noexcept { return config_; }
    [[nodiscard]] const transport::peer& peer() const noexcept { return peer_; }
    /// Throws `yunhu::error` (`errc::invalid_request`) when no header can carry the token.
    [[nodiscard]] credentials make_credentials(const secret& token) const;
    /// Makes `out` a request, head and body, so that both leave in one write; its memory is used again. `as` null: the
    /// client's own account; `traceparent` may be empty.
    void write_request(const endpoint_info& where, const credentials* as, std::string_view body,
                       std::string_view traceparent, std::string& out) const;

private:
    client_config config_;
    transport::peer peer_;
    std::string before_path_; ///< `POST ` and the base URL's path
    std::string host_;        ///< value of that header
    credentials own_;
};

} // namespace detail
YUNHU_NAMESPACE_END
