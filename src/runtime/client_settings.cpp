// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/client_settings.hpp"

#include "http/base_url.hpp"

#include <yunhu/error.hpp>
#include <yunhu/version.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

[[noreturn]] void refuse(std::string detail) {
    call_info info;
    info.detail = std::move(detail);
    throw error(failure(errc::invalid_request, std::move(info)));
}

void require(bool holds, const char* otherwise) {
    if (!holds) {
        refuse(otherwise);
    }
}

// As a field value of a head: visible ASCII, spaces inside only.
bool fits_header(std::string_view text) {
    return !text.empty() && text.front() != ' ' && text.back() != ' ' &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
}

std::string head_rest(const std::string& user_agent, const secret& token, const std::string& host,
                      std::string_view type) {
    std::string out = " HTTP/1.1\r\nhost: " + host + "\r\nuser-agent: " + user_agent + "\r\ncontent-type: ";
    out.append(type).append("\r\naccept: ").append(type).append("\r\ntoken: ").append(token.reveal());
    out += "\r\ncontent-length: ";
    return out;
}

void check_limits(const std::vector<rate_limit>& limits) {
    for (std::size_t i = 0; i < limits.size(); ++i) {
        const rate_limit& limit = limits[i];
        const auto check = [i](bool holds, std::string_view otherwise) {
            if (!holds) {
                refuse("rate_limits[" + std::to_string(i) + "]." + std::string(otherwise));
            }
        };
        check(!limit.endpoint.empty(), "endpoint is empty");
        check(limit.endpoint.find('/') == std::string::npos, "endpoint is not the last part of a path");
        check(std::isfinite(limit.per_second) && limit.per_second > 0, "per_second is not above 0");
        check(limit.burst > 0, "burst is 0");
        check(std::none_of(limits.begin(), limits.begin() + static_cast<std::ptrdiff_t>(i),
                           [&limit](const rate_limit& before) { return before.endpoint == limit.endpoint; }),
              "endpoint has a limit already");
    }
}

} // namespace

client_settings::client_settings(client_config config) : config_(std::move(config)) {
    auto url = http::parse_base_url(config_.base_url, config_.allow_plain_http_to_loopback);
    if (!url) {
        refuse(url.error().detail);
    }
    if (config_.user_agent.empty()) {
        config_.user_agent = "yunhu-cpp/" + std::string(version);
    }
    require(fits_header(config_.user_agent), "user_agent has characters that no header can carry");
    require(config_.shards > 0, "shards is 0");
    require(config_.pool.max_connections > 0, "pool.max_connections is 0");
    require(config_.pool.max_connecting > 0, "pool.max_dials is 0");
    require(config_.pool.connect_timeout.count() > 0, "pool.connect_timeout is not above 0");
    require(config_.pool.response_timeout.count() > 0, "pool.answer_timeout is not above 0");
    require(config_.pool.max_connection_age.count() > 0, "pool.lifetime is not above 0");
    require(config_.pool.idle_timeout.count() >= 0, "pool.idle_timeout is below 0");
    require(config_.retry.max_attempts > 0, "retry.max_attempts is 0");
    require(config_.retry.base.count() >= 0 && config_.retry.throttled_base.count() >= 0 &&
                config_.retry.cap.count() >= 0,
            "retry has a pause below 0");
    require(config_.retry.budget_ratio >= 0 && config_.retry.budget_per_second >= 0, "retry has a budget below 0");
    require(config_.limits.header_bytes >= 256 && config_.limits.header_count > 0, "limits leave no room for a head");
    check_limits(config_.rate_limits);

    peer_.host = url->host;
    peer_.port = url->port;
    if (url->tls) {
        peer_.tls = std::make_shared<transport::tls_context>(config_.tls, url->host);
    }
    before_path_ = "POST " + url->path;
    host_ = url->host_header;
    own_ = make_credentials(config_.token);
}

credentials client_settings::make_credentials(const secret& token) const {
    require(!token.empty(), "token is empty");
    require(fits_header(token.reveal()), "token has characters that no header can carry");
    credentials made;
    made.protobuf = head_rest(config_.user_agent, token, host_, "application/x-protobuf");
    made.json = head_rest(config_.user_agent, token, host_, "application/json");
    return made;
}

void client_settings::write_request(const endpoint_info& where, const credentials* as, std::string_view body,
                                    std::string_view traceparent, std::string& out) const {
    const credentials& whose = as != nullptr ? *as : own_;
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), body.size());
    const std::array<std::string_view, 8> parts = {
        before_path_,
        where.path,
        where.format == wire_format::protobuf ? whose.protobuf : whose.json,
        {digits.data(), end.ptr},
        traceparent.empty() ? std::string_view() : "\r\ntraceparent: ",
        traceparent,
        "\r\n\r\n",
        body,
    };
    std::size_t size = 0;
    for (const std::string_view part : parts) {
        size += part.size();
    }
    out.resize(size);
    auto at = out.begin();
    for (const std::string_view part : parts) {
        at = std::copy(part.begin(), part.end(), at);
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
