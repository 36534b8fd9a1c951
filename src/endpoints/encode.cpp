// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "endpoints/fields.hpp"
#include "endpoints/message_cache.hpp"
#include "endpoints/validate.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

// Request -> protobuf body. Fields that hold their default are not emitted.
YUNHU_NAMESPACE_BEGIN
namespace codec {

namespace {

template <class Wire, class Request, class Fill> encoded body_of(const Request& request, Fill fill) {
    if (std::optional<validation_error> refused = check(request)) {
        return *std::move(refused);
    }
    reused<Wire> out;
    fill(*out);
    std::string body = body_cache::take();
    const bool fits = out->SerializeToString(&body);
    out.has_size(body.size());
    if (!fits) {
        return validation_error{"the request is larger than protobuf allows"};
    }
    return encoded(encoded::in_place_value, std::move(body));
}

template <class Wire> void put_chat(const chat& from, Wire& to) {
    to.set_chat_id(from.id);
    to.set_chat_type(static_cast<std::uint64_t>(from.type));
}

template <class Request> encoded message_body(const Request& request) {
    return body_of<wire::SendMessageRequest>(request, [&](auto& out) {
        out.set_msg_id(request.msg_id);
        put_chat(request.chat, out);
        put(*request.content, *out.mutable_content());
        out.set_content_type(static_cast<std::uint64_t>(request.content_type));
        out.set_command_id(request.command_id);
        out.set_quote_msg_id(request.quote_msg_id);
        if (request.media) {
            put(*request.media, *out.mutable_media());
        }
    });
}

} // namespace

encoded encode(const send_message_request& request) {
    return message_body(request);
}

encoded encode(const edit_message_request& request) {
    return message_body(request);
}

encoded encode(const list_message_by_seq_request& request) {
    return body_of<wire::ListMessageBySeqRequest>(request, [&](auto& out) {
        out.set_msg_start(request.msg_start);
        put_chat(request.chat, out);
    });
}

encoded encode(const list_message_request& request) {
    return body_of<wire::ListMessageRequest>(request, [&](auto& out) {
        out.set_msg_count(request.msg_count);
        out.set_msg_id(request.msg_id);
        put_chat(request.chat, out);
    });
}

encoded encode(const list_message_by_mid_seq_request& request) {
    return body_of<wire::ListMessageByMidSeqRequest>(request, [&](auto& out) {
        out.set_msg_seq(request.msg_seq);
        put_chat(request.chat, out);
        out.set_unknown(request.unknown);
        out.set_msg_count(request.msg_count);
        out.set_msg_id(request.msg_id);
    });
}

encoded encode(const button_report_request& request) {
    return body_of<wire::ButtonReportRequest>(request, [&](auto& out) {
        out.set_msg_id(request.msg_id);
        put_chat(request.chat, out);
        out.set_user_id(request.user_id);
        out.set_button_value(request.button_value);
    });
}

encoded encode(const recall_msg_request& request) {
    return body_of<wire::RecallMsgRequest>(request, [&](auto& out) {
        out.set_msg_id(request.msg_id);
        put_chat(request.chat, out);
    });
}

encoded encode(const recall_msg_batch_request& request) {
    return body_of<wire::RecallMsgBatchRequest>(request, [&](auto& out) {
        for (const std::string& id : request.msg_id) {
            out.add_msg_id(id);
        }
        put_chat(request.chat, out);
    });
}

encoded encode(const pic_list_message_by_mid_seq_request& request) {
    return body_of<wire::PicListMessageByMidSeqRequest>(request, [&](auto& out) {
        out.set_image_id(request.image_id);
        put_chat(request.chat, out);
        out.set_earlier_count(request.earlier_count);
        out.set_later_count(request.later_count);
    });
}

} // namespace codec
YUNHU_NAMESPACE_END
