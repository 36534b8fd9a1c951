// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/client_settings.hpp"

#include "http/base_url.hpp"
#include "http/connect_exchange.hpp"
#include "http/proxy_url.hpp"
#include "model/exceptions.hpp"
#include "runtime/call.hpp"

#include <yunhu/error.hpp>
#include <yunhu/version.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

bool is_without_controls(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; });
}

void validate_rate_limits(const std::vector<rate_limit>& limits) {
    for (std::size_t i = 0; i < limits.size(); ++i) {
        const rate_limit& limit = limits[i];
        const auto check = [i](bool condition, std::string_view rule) {
            if (!condition) {
                throw_invalid("rate_limits[" + std::to_string(i) + "]." + std::string(rule));
            }
        };
        check(limit.endpoint.path.starts_with('/'), "endpoint.path must begin with '/'");
        check(std::isfinite(limit.per_second) && limit.per_second > 0, "per_second must be > 0");
        check(limit.burst > 0, "burst must be > 0");
        check(std::none_of(limits.begin(), limits.begin() + static_cast<std::ptrdiff_t>(i),
                           [&limit](const rate_limit& before) {
                               return before.endpoint.path == limit.endpoint.path &&
                                      before.endpoint.origin == limit.endpoint.origin;
                           }),
              "endpoint must not have two limits");
    }
}

std::string_view text_of(http_method method) {
    switch (method) {
    case http_method::get:
        return "GET";
    case http_method::put:
        return "PUT";
    case http_method::del:
        return "DELETE";
    case http_method::post:
        break;
    }
    return "POST";
}

std::string_view media_type_of(wire_format format) {
    switch (format) {
    case wire_format::protobuf:
        return "application/x-protobuf";
    case wire_format::json:
        return "application/json";
    case wire_format::plain:
        break;
    }
    return {};
}

// The address in `connect_to` in place of the server's own.
void apply_connect_to(const client_config& config, transport::peer& to) {
    auto found = config.connect_to.find(to.host);
    if (found == config.connect_to.end()) {
        found = config.connect_to.find("*");
    }
    if (found == config.connect_to.end()) {
        return;
    }
    const auto url = http::parse_base_url("https://" + found->second, false);
    if (!url || !url->path.empty()) {
        throw_invalid("connect_to must name addresses as HOST:PORT");
    }
    to.host = url->host;
    to.port = url->port;
}

// Null: no proxy.
std::shared_ptr<const transport::proxy> make_proxy(const client_config& config, const http::base_url& server) {
    const proxy_config& from = config.proxy;
    if (from.url.empty()) {
        return nullptr;
    }
    const auto url = http::parse_proxy_url(from.url, "proxy.url");
    if (!url) {
        throw_invalid(url.error().detail);
    }
    require(!url->has_user, "proxy.url must not have credentials: proxy.user and proxy.password have them");
    require(server.tls, "proxy must not be set with an http base_url");
    require(from.user.find(':') == std::string::npos, "proxy.user must not contain ':'");
    require(is_without_controls(from.user) && is_without_controls(from.password.reveal()),
            "proxy.user and proxy.password must not contain control characters");
    const auto out = std::make_shared<transport::proxy>();
    out->host = url->server.host;
    out->port = url->server.port;
    if (url->tls) {
        try {
            out->tls = std::make_shared<transport::tls_context>(from.tls, url->server.host);
        } catch (const error& e) { // names a field of `tls_config`
            throw_invalid("proxy." + e.info().detail);
        }
    }
    out->connect_request = http::write_connect(server.host, server.port, from.user, from.password);
    out->max_header_bytes = config.limits.header_bytes;
    return out;
}

} // namespace

transport::peer make_peer(const http::base_url& server, const tls_config& trust, const client_config& config) {
    transport::peer made;
    made.host = server.host;
    made.port = server.port;
    if (server.tls) {
        made.tls = std::make_shared<transport::tls_context>(trust, server.host);
    }
    made.via = make_proxy(config, server);
    apply_connect_to(config, made);
    return made;
}

client_settings::client_settings(client_config config) : config_(std::move(config)) {
    validate();
    lacks_token_ = config_.token_optional && config_.token.empty();
    own_ = lacks_token_ ? anonymous_ : make_credentials(config_.token);
    config_.token = {}; // one copy less
    std::erase_if(config_.rate_limits, [this](const rate_limit& limit) {
        const bool foreign = !limit.endpoint.origin.empty() && !is_api(limit.endpoint.origin);
        if (foreign) {
            foreign_limits_.push_back(limit);
        }
        return foreign;
    });
}

// At another server: the token is not even known here.
client_settings::client_settings(client_config config, const std::vector<rate_limit>& limits)
    : config_(std::move(config)) {
    config_.rate_limits.clear();
    for (const rate_limit& limit : limits) {
        if (limit.endpoint.origin == config_.base_url) {
            config_.rate_limits.push_back(limit);
        }
    }
    config_.token = {};
    config_.tls.pins.clear();
    validate();
}

std::shared_ptr<const client_settings> client_settings::at(std::string_view origin) const {
    client_config config = config_;
    config.base_url = origin;
    const auto url = http::parse_base_url(origin, config.allow_plain_http_to_loopback);
    require(url && url->path.empty(), "endpoint.origin must consist of https, host and port");
    return std::shared_ptr<const client_settings>(new client_settings(std::move(config), foreign_limits_));
}

bool client_settings::is_api(std::string_view origin) const {
    const auto url = http::parse_base_url(origin, config_.allow_plain_http_to_loopback);
    return url && url->tls == url_.tls && url->host == url_.host && url->port == url_.port && url->path == url_.path;
}

void client_settings::validate() {
    auto url = http::parse_base_url(config_.base_url, config_.allow_plain_http_to_loopback);
    if (!url) {
        throw_invalid(url.error().detail);
    }
    require(config_.connect_to.empty() || config_.proxy.url.empty(), "connect_to must not be set with a proxy");
    if (config_.user_agent.empty()) {
        config_.user_agent = "yunhu-cpp/" + std::string(version);
    }
    require(http::is_field_value_or_empty(config_.user_agent), "user_agent must consist of visible ASCII characters");
    require(config_.shards > 0, "shards must be > 0");
    require(config_.pool.max_connections > 0, "pool.max_connections must be > 0");
    require(config_.pool.max_connecting > 0, "pool.max_connecting must be > 0");
    require(config_.pool.connect_timeout.count() > 0, "pool.connect_timeout must be > 0");
    require(config_.pool.response_timeout.count() > 0, "pool.response_timeout must be > 0");
    require(config_.pool.max_connection_age.count() > 0, "pool.max_connection_age must be > 0");
    require(config_.pool.idle_timeout.count() >= 0, "pool.idle_timeout must be >= 0");
    require(config_.retry.max_attempts > 0, "retry.max_attempts must be > 0");
    require(config_.retry.base.count() >= 0 && config_.retry.throttled_base.count() >= 0 &&
                config_.retry.cap.count() >= 0,
            "retry.base, retry.throttled_base and retry.cap must be >= 0");
    require(config_.retry.budget_ratio >= 0 && config_.retry.budget_per_second >= 0,
            "retry.budget_ratio and retry.budget_per_second must be >= 0");
    require(config_.limits.header_bytes >= 256, "limits.header_bytes must be at least 256");
    require(config_.limits.header_count > 0, "limits.header_count must be > 0");
    validate_rate_limits(config_.rate_limits);

    peer_ = make_peer(*url, config_.tls, config_);
    writer_ = http::request_writer(*url, config_.user_agent);
    url_ = std::move(*url);
    anonymous_ = heads_with({});
}

credentials client_settings::make_credentials(const secret& token) const {
    require(!token.empty(), "token must not be empty");
    require(http::is_field_value_or_empty(token.reveal()), "token must consist of visible ASCII characters");
    return heads_with(token);
}

credentials client_settings::heads_with(const secret& token) const {
    credentials made;
    made.protobuf = writer_.request_head_template(token.reveal(), "application/x-protobuf");
    made.json = writer_.request_head_template(token.reveal(), "application/json");
    made.token = token;
    return made;
}

void client_settings::write_request(const endpoint_info& endpoint, const custom_target* target,
                                    const credentials* account, std::string_view body, std::string_view traceparent,
                                    secret_bytes& out) const {
    const credentials& own = account != nullptr ? *account : own_;
    const credentials& chosen = endpoint.sends_token ? own : anonymous_;
    if (target == nullptr) [[likely]] {
        writer_.write(endpoint.path, view_of(endpoint.format == wire_format::protobuf ? chosen.protobuf : chosen.json),
                      traceparent, body, out);
        return;
    }
    http::request_form form;
    form.method = text_of(endpoint.method);
    form.path = target->path;
    form.content_type = target->content_type;
    if (form.content_type.empty() && endpoint.method != http_method::get && !body.empty()) {
        form.content_type = media_type_of(endpoint.format);
    }
    form.accept = endpoint.format == wire_format::plain ? "*/*" : media_type_of(endpoint.format);
    form.token = chosen.token.reveal();
    writer_.write(form, traceparent, body, out);
}

} // namespace detail
YUNHU_NAMESPACE_END
