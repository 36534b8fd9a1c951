// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "endpoints/endpoint_table.hpp"
#include "endpoints/lookup_fields.hpp"
#include "endpoints/message_cache.hpp"
#include "endpoints/own_bot_fields.hpp"
#include "endpoints/text_body.hpp"
#include "endpoints/wire_fields.hpp"
#include "endpoints/wire_reader.hpp"
#include "model/memory_budget.hpp"

#include <yunhu/msg.pb.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

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

// Why the body is not protobuf.
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

// A list reply, its messages counted.
struct page_outline {
    bool readable = false; ///< its fields are well formed
    bool has_status = false;
    std::string_view status;
    std::uint64_t total = 0;
    std::size_t messages = 0;
};

bool is_message(const wire_field& field) {
    return field.number == wire::ListReply::kMsgFieldNumber && field.type == wire_type::sized;
}

page_outline outline_of(std::string_view body) {
    page_outline made;
    wire_reader reader(body);
    wire_field field;
    while (reader.next(field)) {
        if (is_message(field)) {
            ++made.messages;
        } else if (field.number == wire::ListReply::kStatusFieldNumber && field.type == wire_type::sized) {
            made.has_status = true;
            made.status = field.payload;
        } else if (field.number == wire::ListReply::kTotalFieldNumber && field.type == wire_type::varint) {
            made.total = field.value;
        }
    }
    made.readable = reader.at_end();
    return made;
}

// A message that can't be read is left out.
void read_message_of_page(std::string_view bytes, std::size_t index, message_page& into, memory_budget& budget) {
    const readability seen = read_message(bytes, into.messages.emplace_back(), budget);
    if (seen == readability::readable) {
        return;
    }
    into.messages.pop_back();
    if (into.unreadable++ == 0) {
        into.detail = "msg[" + std::to_string(index) + ']';
        into.detail += seen == readability::mistyped ? " has a field of another type" : " is not a message";
    }
}

void read_messages(std::string_view body, std::size_t count, message_page& into) {
    memory_budget budget(detail::max_decoded(body.size()));
    budget.take(count * sizeof(message));
    into.messages.reserve(count);
    wire_reader reader(body);
    wire_field field;
    for (std::size_t index = 0; reader.next(field);) {
        if (is_message(field)) {
            read_message_of_page(field.payload, index++, into, budget);
        }
    }
}

// The start of a list reply: its outline and its status.
error_code open_reply(std::string_view body, call_info& into, page_outline& outline) {
    if (const error_code ec = check_start(body, into)) {
        return ec;
    }
    if (starts_text(body)) {
        return decode_text(body, into);
    }
    outline = outline_of(body);
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
    return read_status(*status, into);
}

template <class Member> inline constexpr bool is_list = false;
template <class Item> inline constexpr bool is_list<std::vector<Item>> = true;

// A record of a list that can't be read is left out. False: another part can't be read.
template <class Field, class Result>
bool read_reply_field(const Field& known, field_in_place from, Result& into, memory_budget& budget) {
    auto& member = Field::of(into);
    const readability seen = read_field(from, member, budget);
    if (seen == readability::readable) {
        return true;
    }
    if constexpr (is_list<std::remove_cvref_t<decltype(member)>>) {
        if (into.unreadable++ == 0) {
            into.detail = std::string(known.name) + '[' + std::to_string(member.size()) + "] is not a message";
        }
        return true;
    }
    return seen == readability::mistyped; // skipped as an unknown field is
}

template <class Result> error_code read_reply(std::string_view body, Result& into) {
    memory_budget budget(detail::max_decoded(body.size()));
    wire_reader reader(body);
    wire_field field;
    error_code ec;
    while (!ec && reader.next(field)) {
        for_each_wire_field<Result>([&](const auto& known) {
            if (known.number == field.number && !ec && !read_reply_field(known, {field, reader}, into, budget)) {
                ec = bad(into, std::string(known.name) + " is not a message");
            }
        });
    }
    return ec;
}

} // namespace

template <class Result> error_code decode_fields(std::string_view body, Result& into) {
    page_outline outline;
    if (const error_code ec = open_reply(body, into, outline)) {
        return ec;
    }
    error_code ec;
    try {
        ec = read_reply(body, into);
    } catch (const detail::over_budget&) {
        ec = bad(into, too_many_parts);
    }
    if (ec) {
        forget_fields(into);
    }
    return ec;
}

// Compiles the decoder of every look-up in protobuf.
template <class Request> constexpr auto fields_decoder() {
    using result = result_of<Request>;
    if constexpr (std::derived_from<result, lookup_info> && endpoint_of<Request>.format == wire_format::protobuf) {
        return &decode_fields<result>;
    } else {
        return nullptr;
    }
}
template <const auto&... Rows> constexpr auto fields_decoders(endpoints::row_list<Rows...> /*rows*/) {
    return std::make_tuple(fields_decoder<typename std::remove_cvref_t<decltype(Rows)>::request_type>()...);
}
[[gnu::used]] constexpr auto fields_decoders_of_rows = fields_decoders(every_row());

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
    page_outline outline;
    if (const error_code ec = open_reply(body, into, outline)) {
        return ec;
    }
    try {
        read_messages(body, outline.messages, into);
    } catch (const detail::over_budget&) {
        into.messages = {};
        into.unreadable = 0;
        return bad(into, too_many_parts);
    }
    into.total = static_cast<std::int64_t>(outline.total);
    return {};
}

} // namespace codec
YUNHU_NAMESPACE_END
