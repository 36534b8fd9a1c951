// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/inbox/inbox_settings.hpp"

#include "gateway/frame_codec.hpp"
#include "http/base_url.hpp"
#include "model/code_points.hpp"
#include "model/exceptions.hpp"
#include "runtime/client_access.hpp"
#include "runtime/client_core.hpp"
#include "runtime/client_settings.hpp"

#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

void check_text(std::string_view text, const char* field) {
    bool valid = true;
    unicode::for_each_code_point(text, [&](const unicode::code_point& c, std::string_view) {
        valid = valid && c.bytes != 0 && !unicode::is_control(c.value);
    });
    if (!valid) {
        throw_invalid(std::string(field) + " must be UTF-8 without control characters");
    }
}

} // namespace

void check_inbox_options(inbox_options& options) {
    if (options.tokens) {
        options.token = options.tokens->current();
    }
    if (options.device_id.empty()) {
        options.device_id = "yunhu-" + options.user_id;
    }
    require(!options.user_id.empty(), "user_id must not be empty");
    require(options.user_id.size() <= gateway::max_id_size, "user_id must have at most 256 bytes");
    require(!options.token.empty(), "token must not be empty");
    check_text(options.user_id, "user_id");
    check_text(options.device_id, "device_id");
    require(gateway::is_platform(options.platform),
            "platform must be windows, macos, android, linux, ios, fuchsia or Web");
    require(options.max_events > 0, "max_events must be > 0");
    require(options.max_per_chat > 0, "max_per_chat must be > 0");
    require(options.max_total > 0, "max_total must be > 0");
    require(options.max_chats > 0, "max_chats must be > 0");
    require(options.max_requests > 0, "max_requests must be > 0");
    require(options.max_frame_bytes >= 1024, "max_frame_bytes must be at least 1024");
    require(options.page_size > 0, "page_size must be > 0");
    require(options.connect_timeout.count() > 0, "connect_timeout must be > 0");
    require(options.login_timeout.count() > 0, "login_timeout must be > 0");
    require(options.heartbeat.count() > 0, "heartbeat must be > 0");
    require(options.silence > options.heartbeat, "silence must be longer than heartbeat");
    require(options.backoff_base.count() > 0, "backoff_base must be > 0");
    require(options.backoff_max >= options.backoff_base, "backoff_max must be at least backoff_base");
    require(options.hole_grace.count() >= 0, "hole_grace must be >= 0");
    require(options.save_interval.count() >= 0, "save_interval must be >= 0");
    for (const chat& c : options.follow) {
        require(!c.id.empty(), "follow must not have a chat without an id");
    }
}

engine::session_timing session_timing_of(const inbox_options& options) {
    engine::session_timing made;
    made.connect_timeout = options.connect_timeout;
    made.login_timeout = options.login_timeout;
    made.heartbeat = options.heartbeat;
    made.silence = options.silence;
    made.backoff_base = options.backoff_base;
    made.backoff_max = options.backoff_max;
    made.healthy = options.silence;
    return made;
}

engine::catch_up_options catch_up_options_of(const inbox_options& options) {
    engine::catch_up_options made;
    made.own_id = options.user_id;
    made.follow = options.follow;
    made.max_per_chat = options.max_per_chat;
    made.max_total = options.max_total;
    made.max_events = options.max_events;
    made.max_chats = options.max_chats;
    made.max_requests = options.max_requests;
    made.page_size = options.page_size;
    made.hole_grace = options.hole_grace;
    made.backoff_base = options.backoff_base;
    made.backoff_max = options.backoff_max;
    return made;
}

std::shared_ptr<const transport::websocket_settings> gateway_of(const inbox_options& options, const client& through) {
    const auto url = http::parse_gateway_url(options.gateway_url, options.allow_plain_ws_to_loopback);
    if (!url) {
        throw_invalid(url.error().detail);
    }
    const client_core& core = *client_access::core(through);
    const client_config& config = core.config();
    const bool same_server = core.peer().host == url->host;
    require(options.tls || config.tls.pins.empty() || same_server,
            "tls must be given: the client's pins are those of another server");
    const auto made = std::make_shared<transport::websocket_settings>();
    made->peer = make_peer(*url, options.tls ? *options.tls : config.tls, config);
    made->target = url->path.empty() ? "/" : url->path;
    made->host_header = url->host_header;
    made->user_agent = config.user_agent;
    made->max_message = options.max_frame_bytes;
    return made;
}

} // namespace detail
YUNHU_NAMESPACE_END
