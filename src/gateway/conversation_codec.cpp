// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "gateway/conversation_codec.hpp"

#include "gateway/frame_codec.hpp"

#include <yunhu/push.pb.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace gateway {

std::vector<listed_conversation> usable_conversations(std::vector<conversation> listed) {
    constexpr std::uint64_t ms_per_second = 1'000;
    std::vector<listed_conversation> made;
    made.reserve(listed.size());
    for (conversation& each : listed) {
        if (each.chat_id.empty() || each.chat_id.size() > max_id_size || each.chat_type == chat_type{}) {
            continue;
        }
        const std::uint64_t time = each.timestamp_ms != 0 ? each.timestamp_ms : each.send_timestamp * ms_per_second;
        made.push_back({chat(each.chat_type, std::move(each.chat_id)), time});
    }
    return made;
}

std::string encode_list_changes(const chat& in, std::uint64_t since, std::uint64_t count) {
    wire::ListMessageByUpdateRequest request;
    request.set_update_time(since);
    request.set_chat_type(static_cast<std::uint64_t>(in.type));
    request.set_chat_id(in.id);
    request.set_msg_count(count);
    return request.SerializeAsString();
}

} // namespace gateway
YUNHU_NAMESPACE_END
