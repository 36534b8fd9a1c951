// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "gateway/frame_codec.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace gateway {
namespace {

namespace json = boost::json;

std::string command_text(std::uint64_t seq, std::string_view cmd, json::object data) {
    json::object made;
    made.reserve(3);
    made.emplace("seq", std::to_string(seq));
    made.emplace("cmd", cmd);
    made.emplace("data", std::move(data));
    return json::serialize(made);
}

} // namespace

bool is_platform(std::string_view name) noexcept {
    static constexpr std::array<std::string_view, 7> accepted{"windows", "macos",   "android", "linux",
                                                              "ios",     "fuchsia", "Web"};
    return std::find(accepted.begin(), accepted.end(), name) != accepted.end();
}

std::string encode_login(std::uint64_t seq, const login& as) {
    json::object data;
    data.emplace("userId", as.user_id);
    data.emplace("token", as.token);
    data.emplace("platform", as.platform);
    data.emplace("deviceId", as.device_id);
    return command_text(seq, "login", std::move(data));
}

std::string encode_heartbeat(std::uint64_t seq) {
    return command_text(seq, "heartbeat", json::object());
}

std::string encode_input_info(std::uint64_t seq, std::string_view chat_id, std::string_view input,
                              std::string_view device_id) {
    json::object data;
    data.emplace("chatId", chat_id);
    data.emplace("input", input);
    data.emplace("deviceId", device_id);
    return command_text(seq, "inputInfo", std::move(data));
}

} // namespace gateway
YUNHU_NAMESPACE_END
