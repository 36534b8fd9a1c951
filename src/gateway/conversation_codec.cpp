// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "gateway/conversation_codec.hpp"

#include "endpoints/wire_reader.hpp"
#include "gateway/push_fields.hpp"
#include "model/memory_budget.hpp"

#include <yunhu/push.pb.h>

#include <cstddef>
#include <cstdint>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace gateway {
namespace {

// An entry that can't be used is left out.
void add_conversation(std::string_view bytes, conversation_list& into, codec::memory_budget& budget) {
    conversation_record c;
    if (codec::read_message(bytes, c, budget) != codec::readability::readable || c.chat_id.empty() ||
        c.chat_id.size() > max_id_size || c.chat_type == chat_type{}) {
        return;
    }
    constexpr std::uint64_t ms_per_second = 1'000;
    const std::uint64_t time = c.timestamp_ms != 0 ? c.timestamp_ms : c.send_timestamp * ms_per_second;
    into.chats.push_back({chat(c.chat_type, std::move(c.chat_id)), time});
}

} // namespace

std::string encode_list_conversations(std::string_view md5) {
    wire::ConversationListRequest request;
    request.set_md5(std::string(md5));
    return request.SerializeAsString();
}

boost::system::result<conversation_list, frame_error> decode_conversations(std::string_view body) {
    conversation_list made;
    codec::wire_reader reader(body);
    codec::wire_field field;
    try {
        codec::memory_budget budget(detail::max_decoded(body.size()));
        while (reader.next(field)) {
            if (field.type != codec::wire_type::sized) {
                continue;
            }
            if (field.number == wire::ConversationListReply::kMd5FieldNumber) {
                made.md5 = field.payload;
            } else if (field.number == wire::ConversationListReply::kDataFieldNumber) {
                budget.take(2 * sizeof(listed_conversation)); // the list doubles when it grows
                add_conversation(field.payload, made, budget);
            }
        }
    } catch (const detail::over_budget&) {
        return frame_error{"data has too many conversations"};
    }
    if (!reader.at_end()) {
        return frame_error{"the body is not a protobuf reply"};
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
