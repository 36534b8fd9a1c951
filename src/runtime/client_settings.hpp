// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "http/base_url.hpp"
#include "http/request_writer.hpp"
#include "transport/connection.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/secret.hpp>

#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Request head templates of an account, one for each content type.
class renewed_account;

struct credentials {
    secret_bytes protobuf;
    secret_bytes json;
    secret token;                            ///< of a `renewed_account`; else empty
    std::shared_ptr<renewed_account> source; ///< of a handle whose calls take the newest token of a provider
};

/// A server, with its trust, and through the proxy of the configuration. Throws as `client_settings` does.
[[nodiscard]] transport::peer make_peer(const http::base_url& server, const tls_config& trust,
                                        const client_config& config);

/// The validated configuration of a client, with derived values. Immutable.
class client_settings {
public:
    /// Throws `yunhu::error` (`errc::invalid_request`) naming the invalid field.
    explicit client_settings(client_config config);

    [[nodiscard]] const client_config& config() const noexcept { return config_; }
    [[nodiscard]] const transport::peer& peer() const noexcept { return peer_; }
    /// Throws `yunhu::error` (`errc::invalid_request`) if the token is not a valid field value.
    [[nodiscard]] credentials make_credentials(const secret& token) const;
    /// Replaces `out` with a complete request of `account`, or of the client's own account if null. `traceparent` may
    /// be empty.
    void write_request(const endpoint_info& endpoint, const credentials* account, std::string_view body,
                       std::string_view traceparent, secret_bytes& out) const;

    /// The head template of an account, or of the client's own account if null.
    [[nodiscard]] const secret_bytes& head_of(const credentials* account) const noexcept {
        return account != nullptr ? account->protobuf : own_.protobuf;
    }

private:
    client_config config_;
    transport::peer peer_;
    http::request_writer writer_;
    credentials own_;
};

} // namespace detail
YUNHU_NAMESPACE_END
