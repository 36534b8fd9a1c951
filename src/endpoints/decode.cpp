// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "endpoints/message_cache.hpp"
#include "endpoints/wire_fields.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <utility>

// Protobuf response -> result.
YUNHU_NAMESPACE_BEGIN
namespace codec {

namespace {

error_code bad(call_info& into, std::string_view reason) {
    into.detail = reason;
    return errc::bad_response;
}

// No protobuf response starts with one of these bytes.
bool starts_text(char c) {
    return c == '{' || c == '[' || c == '<';
}

/// A text in place of protobuf: a refusal in JSON, or not a response of the API.
error_code decode_text(std::string_view body, call_info& into) {
    if (body.front() != '{') {
        return bad(into, "the body is text (HTML?), not protobuf");
    }
    if (const error_code ec = decode_json_status(body, into)) {
        return ec;
    }
    return bad(into, "the body is a JSON success where protobuf was expected");
}

template <class Reply> error_code decode_reply(std::string_view body, message_cache<Reply>& reply, call_info& into) {
    reply.set_size(body.size());
    if (body.empty()) {
        into.detail = "the body is empty";
        return errc::empty_response;
    }
    if (starts_text(body.front())) {
        return decode_text(body, into);
    }
    const bool parsed = body.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()) &&
                        reply->ParseFromArray(body.data(), static_cast<int>(body.size()));
    if (!parsed || !reply->has_status()) {
        // Leading white space is skipped only now: every valid response begins with the byte 0x0A, which is a line
        // feed.
        const std::size_t at = body.find_first_not_of(" \t\r\n");
        if (at != std::string_view::npos && starts_text(body[at])) {
            return decode_text(body.substr(at), into);
        }
        return bad(into, parsed ? "status is missing" : "the body is not a protobuf reply");
    }
    wire::Status& status = *reply->mutable_status();
    into.request_id = status.number();
    into.api_msg = std::move(*status.mutable_msg());
    if (status.code() == 0) {
        return bad(into, "status.code is missing");
    }
    into.api_code = status.code();
    return classify(status.code());
}

} // namespace

error_code decode_status(std::string_view body, call_info& into) {
    message_cache<wire::StatusReply> reply;
    return decode_reply(body, reply, into);
}

error_code decode_page(std::string_view body, message_page& into) {
    message_cache<wire::ListReply> reply;
    if (const error_code ec = decode_reply(body, reply, into)) {
        return ec;
    }
    const auto count = static_cast<std::size_t>(reply->msg_size());
    if (count > max_page_items) {
        return bad(into, "msg has too many messages");
    }
    into.total = reply->total();
    into.messages.reserve(count);
    for (wire::Message& m : *reply->mutable_msg()) {
        take(m, into.messages.emplace_back());
    }
    return {};
}

} // namespace codec
YUNHU_NAMESPACE_END
