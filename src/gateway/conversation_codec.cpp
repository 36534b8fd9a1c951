// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "gateway/conversation_codec.hpp"

#include "endpoints/codec.hpp"

#include <yunhu/push.pb.h>

#include <cstddef>
#include <limits>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace gateway {

std::string encode_list_conversations(std::string_view md5) {
    wire::ConversationListRequest request;
    request.set_md5(std::string(md5));
    return request.SerializeAsString();
}

boost::system::result<conversation_list, frame_error> decode_conversations(std::string_view body) {
    wire::ConversationListReply reply;
    if (body.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
        !reply.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return frame_error{"the body is not a protobuf reply"};
    }
    if (static_cast<std::size_t>(reply.data_size()) > codec::max_page_items) {
        return frame_error{"data has too many conversations"};
    }
    conversation_list made;
    made.md5 = std::move(*reply.mutable_md5());
    made.chats.reserve(static_cast<std::size_t>(reply.data_size()));
    for (wire::Conversation& c : *reply.mutable_data()) {
        if (c.chat_id().empty() || c.chat_id().size() > max_id_size || c.chat_type() == 0) {
            continue;
        }
        constexpr std::uint64_t ms_per_second = 1'000;
        const std::uint64_t time = c.timestamp_ms() != 0 ? c.timestamp_ms() : c.send_timestamp() * ms_per_second;
        made.chats.push_back({chat(static_cast<chat_type>(c.chat_type()), std::move(*c.mutable_chat_id())), time});
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
