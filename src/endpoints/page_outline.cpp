// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/page_outline.hpp"

#include "endpoints/message_shape.hpp"
#include "endpoints/wire_reader.hpp"

#include <yunhu/types.hpp>

#include <yunhu/msg.pb.h>

#include <algorithm>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace codec {
namespace {

// Memory blocks are multiples of 16 bytes less the 8 of the allocator's own.
constexpr std::size_t block_of(std::size_t size) noexcept {
    return std::max<std::size_t>((size + 8 + 15) / 16 * 16 - 8, 24);
}

// A text is kept in the string itself, or in a block of its own.
constexpr std::size_t cost_of_text(std::size_t size) noexcept {
    constexpr std::size_t in_place = 15;
    return size <= in_place ? 0 : block_of(std::max(size, 2 * in_place) + 1);
}

// A list's array of pointers doubles when it is full.
constexpr std::size_t listed = 2 * sizeof(void*);

// An item is an object of the parse and one of the value.
constexpr std::size_t cost_of_listed_text = listed + block_of(sizeof(std::string)) + sizeof(std::string);
constexpr std::size_t cost_of_tag = listed + block_of(sizeof(wire::Tag)) + sizeof(tag);

// The first text in a parsed item allocates the string. Of the message itself and its single parts the parse exists
// once in a page.
constexpr std::size_t cost_of_wire_text = block_of(sizeof(std::string));

// Unknown bytes are collected in a string, which grows by copying.
constexpr std::size_t cost_of_unknown(std::size_t bytes) noexcept {
    return 3 * bytes;
}
constexpr std::size_t cost_of_any_unknown = block_of(sizeof(void*) + sizeof(std::string)) + block_of(31);

readability check(const message_shape& shape, std::string_view bytes, std::size_t& cost) noexcept {
    wire_reader reader(bytes);
    wire_field field;
    bool any_unknown = false;
    while (reader.next(field)) {
        const shape_part& part = shape.part(field.number);
        if (part.what == shape_part::kind::unknown) {
            cost += cost_of_unknown(field.size);
            any_unknown = true;
            continue;
        }
        const bool is_number = part.what == shape_part::kind::number;
        if (field.type != (is_number ? wire_type::varint : wire_type::sized)) {
            return readability::mistyped;
        }
        switch (part.what) {
        case shape_part::kind::unknown:
        case shape_part::kind::number:
            break;
        case shape_part::kind::text:
            cost += cost_of_text(field.payload.size()) + (shape.listed ? cost_of_wire_text : 0);
            break;
        case shape_part::kind::texts:
            cost += cost_of_text(field.payload.size()) + cost_of_listed_text;
            break;
        case shape_part::kind::message:
            cost += part.inner->listed ? cost_of_tag : 0;
            if (const readability inner = check(*part.inner, field.payload, cost); inner != readability::readable) {
                return inner;
            }
            break;
        }
    }
    cost += any_unknown ? cost_of_any_unknown : 0;
    return reader.at_end() ? readability::readable : readability::malformed;
}

} // namespace

readability check_message(std::string_view bytes, std::size_t& cost) noexcept {
    cost += sizeof(message);
    return check(listed_message_shape, bytes, cost);
}

page_outline outline_page(std::string_view body) noexcept {
    page_outline made;
    wire_reader reader(body);
    wire_field field;
    while (reader.next(field)) {
        if (field.number == wire::ListReply::kMsgFieldNumber && field.type == wire_type::sized) {
            const bool readable = check_message(field.payload, made.cost) == readability::readable;
            ++(readable ? made.messages : made.unreadable);
        } else if (field.number == wire::ListReply::kStatusFieldNumber && field.type == wire_type::sized) {
            made.has_status = true;
            made.status = field.payload;
            made.cost += cost_of_unknown(field.size) + cost_of_any_unknown;
        } else if (field.number == wire::ListReply::kTotalFieldNumber && field.type == wire_type::varint) {
            made.total = field.value;
        }
    }
    made.readable = reader.at_end();
    return made;
}

} // namespace codec
YUNHU_NAMESPACE_END
