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

// By hand where the token stands: a JSON library would leave copies of it in freed memory.
detail::secret_bytes encode_login(std::uint64_t seq, const login& as) {
    constexpr std::size_t worst_escape = 2;
    const std::string before = "{\"seq\":\"" + std::to_string(seq) + R"(","cmd":"login","data":{"userId":)" +
                               json::serialize(json::string(as.user_id)) + ",\"token\":\"";
    const std::string after = "\",\"platform\":" + json::serialize(json::string(as.platform)) +
                              ",\"deviceId\":" + json::serialize(json::string(as.device_id)) + "}}";
    detail::secret_bytes made;
    made.reserve(before.size() + worst_escape * as.token.size() + after.size());
    made.insert(made.end(), before.begin(), before.end());
    for (const char c : as.token) {
        if (c == '"' || c == '\\') {
            made.push_back('\\');
        }
        made.push_back(c);
    }
    made.insert(made.end(), after.begin(), after.end());
    return made;
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
