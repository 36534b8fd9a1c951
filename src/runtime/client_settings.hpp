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

#include <memory>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

struct custom_target;
class renewed_account;

/// Request head templates of an account, one for each content type, and its token.
struct credentials {
    secret_bytes protobuf;
    secret_bytes json;
    secret token;                            ///< empty at another server than the API's
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
    /// The settings of the same client at another server than the API's, which does not receive the token. Rate limits
    /// are those of its endpoints; pins are of the API's certificate. Throws as the constructor does.
    [[nodiscard]] std::shared_ptr<const client_settings> at(std::string_view origin) const;

    /// Whether the origin is the API's own server.
    [[nodiscard]] bool is_api(std::string_view origin) const;

    [[nodiscard]] const client_config& config() const noexcept { return config_; }
    [[nodiscard]] const transport::peer& peer() const noexcept { return peer_; }
    /// Throws `yunhu::error` (`errc::invalid_request`) if the token is not a valid field value.
    [[nodiscard]] credentials make_credentials(const secret& token) const;
    /// Replaces `out` with a complete request of `account`, or of the client's own account if null, or of none if the
    /// endpoint sends no token. `target` may be null, `traceparent` may be empty.
    void write_request(const endpoint_info& endpoint, const custom_target* target, const credentials* account,
                       std::string_view body, std::string_view traceparent, secret_bytes& out) const;

    /// Whether a call of the client's own account can't be made, as it has no token (`client_config::token_optional`).
    [[nodiscard]] bool lacks_token() const noexcept { return lacks_token_; }

    /// The head template of an account, or of the client's own account if null.
    [[nodiscard]] const secret_bytes& head_of(const credentials* account) const noexcept {
        return account != nullptr ? account->protobuf : own_.protobuf;
    }

private:
    client_settings(client_config config, const std::vector<rate_limit>& limits);
    void validate();
    [[nodiscard]] credentials heads_with(const secret& token) const;

    client_config config_;
    http::base_url url_;
    std::vector<rate_limit> foreign_limits_; ///< of endpoints at other servers
    transport::peer peer_;
    http::request_writer writer_;
    credentials own_;
    credentials anonymous_; ///< no token
    bool lacks_token_ = false;
};

} // namespace detail
YUNHU_NAMESPACE_END
