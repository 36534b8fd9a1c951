// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "endpoints/message_cache.hpp"
#include "endpoints/page_outline.hpp"
#include "endpoints/text_body.hpp"
#include "endpoints/wire_fields.hpp"
#include "endpoints/wire_reader.hpp"

#include <cstddef>
#include <cstdint>
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

constexpr std::string_view not_protobuf = "the body is not a protobuf reply";
constexpr std::string_view white_space = " \t\r\n";

// No protobuf response starts with one of these bytes.
bool starts_text(std::string_view body) {
    const std::string_view text = without_byte_order_mark(body);
    return text.size() < body.size() || text.starts_with('{') || text.starts_with('[') || text.starts_with('<');
}

/// A text in place of protobuf: a refusal in JSON, or not a response of the API.
error_code decode_text(std::string_view body, call_info& into) {
    const std::string_view text = without_byte_order_mark(body);
    const std::size_t at = text.find_first_not_of(white_space);
    if (at == std::string_view::npos || text[at] != '{') {
        return bad(into, "the body is text (HTML?), not protobuf");
    }
    if (const error_code ec = decode_json_status(body, into)) {
        return ec;
    }
    return bad(into, "the body is a JSON success where protobuf was expected");
}

// Leading white space is skipped only now: every valid response begins with the byte 0x0A, which is a line feed.
error_code decode_unparsed(std::string_view body, call_info& into, std::string_view otherwise) {
    const std::size_t at = body.find_first_not_of(white_space);
    if (at != std::string_view::npos && starts_text(body.substr(at))) {
        return decode_text(body.substr(at), into);
    }
    return bad(into, otherwise);
}

error_code read_status(wire::Status& status, call_info& into) {
    into.request_id = status.number();
    into.api_msg = std::move(*status.mutable_msg());
    if (status.code() == 0) {
        return bad(into, "status.code is missing");
    }
    into.api_code = status.code();
    return classify(status.code());
}

template <class Wire> bool parse(std::string_view bytes, Wire& into) {
    return bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()) &&
           into.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// What makes the body no protobuf at all.
error_code check_start(std::string_view body, call_info& into) {
    if (body.empty()) {
        into.detail = "the body is empty";
        return errc::empty_response;
    }
    if (const std::string_view reason = foreign_encoding(body); !reason.empty()) {
        return bad(into, reason);
    }
    return {};
}

void name_unreadable(message_page& page, std::size_t index, readability why) {
    if (page.unreadable == 0) {
        page.detail = "msg[" + std::to_string(index) + ']';
        page.detail += why == readability::mistyped ? " has a field of another type" : " is not a message";
    }
    ++page.unreadable;
}

// One wire message serves all: the parse of the whole page would be in memory beside the result.
void take_messages(std::string_view body, bool check_each, message_cache<wire::Message>& parsed, message_page& into) {
    wire_reader reader(body);
    wire_field field;
    for (std::size_t index = 0; reader.next(field);) {
        if (field.number != wire::ListReply::kMsgFieldNumber || field.type != wire_type::sized) {
            continue;
        }
        std::size_t cost = 0;
        readability seen = check_each ? check_message(field.payload, cost) : readability::readable;
        if (seen == readability::readable && !parse(field.payload, *parsed)) {
            seen = readability::malformed; // protobuf has limits of its own
        }
        if (seen == readability::readable) {
            take(*parsed, into.messages.emplace_back());
        } else {
            name_unreadable(into, index, seen);
        }
        ++index;
    }
}

} // namespace

error_code decode_status(std::string_view body, call_info& into) {
    message_cache<wire::StatusReply> reply;
    reply.set_size(body.size());
    if (const error_code ec = check_start(body, into)) {
        return ec;
    }
    if (starts_text(body)) {
        return decode_text(body, into);
    }
    if (!parse(body, *reply)) {
        return decode_unparsed(body, into, not_protobuf);
    }
    if (!reply->has_status()) {
        return decode_unparsed(body, into, "status is missing");
    }
    return read_status(*reply->mutable_status(), into);
}

error_code decode_page(std::string_view body, message_page& into) {
    if (const error_code ec = check_start(body, into)) {
        return ec;
    }
    if (starts_text(body)) {
        return decode_text(body, into);
    }
    const page_outline outline = outline_page(body);
    if (!outline.readable) {
        return decode_unparsed(body, into, not_protobuf);
    }
    if (!outline.has_status) {
        return decode_unparsed(body, into, "status is missing");
    }
    message_cache<wire::Status> status;
    status.set_size(outline.status.size());
    if (!parse(outline.status, *status)) {
        return decode_unparsed(body, into, not_protobuf);
    }
    if (const error_code ec = read_status(*status, into)) {
        return ec;
    }
    if (outline.cost > max_decoded(body.size())) {
        return bad(into, "the body has too many parts for its size: decoded it would take too much memory");
    }
    into.total = static_cast<std::int64_t>(outline.total);
    into.messages.reserve(outline.messages);
    message_cache<wire::Message> parsed;
    parsed.set_size(body.size());
    take_messages(body, outline.unreadable > 0, parsed, into);
    return {};
}

} // namespace codec
YUNHU_NAMESPACE_END
