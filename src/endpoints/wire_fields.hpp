// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/content_schema.hpp"
#include "endpoints/schema_field.hpp"
#include "endpoints/wire_reader.hpp"
#include "model/memory_budget.hpp"

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

// Wire message -> value, without an intermediate message: every allocation is counted before it is made, and a field of
// another type is noticed.
YUNHU_NAMESPACE_BEGIN
namespace codec {

using detail::memory_budget;

/// The fields of a received value. A value that is also sent has a schema. With a member `lenient`, fields of another
/// type are skipped.
template <class Value> struct wire_fields : schema<Value> {};

template <> struct wire_fields<tag> {
    static constexpr std::tuple fields{
        field<&tag::id>{.name = "id", .number = 1},
        field<&tag::group_id>{.name = "group_id", .number = 2},
        field<&tag::text>{.name = "text", .number = 3},
        field<&tag::color>{.name = "color", .number = 4},
    };
};

template <> struct wire_fields<sender> {
    static constexpr std::tuple fields{
        field<&sender::chat_id>{.name = "chat_id", .number = 1},
        field<&sender::chat_type>{.name = "chat_type", .number = 2},
        field<&sender::name>{.name = "name", .number = 3},
        field<&sender::avatar_url>{.name = "avatar_url", .number = 4},
        field<&sender::is_vip>{.name = "is_vip", .number = 5},
        field<&sender::tag_old>{.name = "tag_old", .number = 6},
        field<&sender::tag>{.name = "tag", .number = 7},
    };
};

template <> struct wire_fields<cmd> {
    static constexpr std::tuple fields{
        field<&cmd::cmd_id>{.name = "cmd_id", .number = 1},
        field<&cmd::name>{.name = "name", .number = 2},
        field<&cmd::type>{.name = "type", .number = 4},
    };
};

template <> struct wire_fields<message> {
    static constexpr std::tuple fields{
        field<&message::msg_id>{.name = "msg_id", .number = 1},
        field<&message::sender>{.name = "sender", .number = 2},
        field<&message::direction>{.name = "direction", .number = 3},
        field<&message::content_type>{.name = "content_type", .number = 4},
        field<&message::content>{.name = "content", .number = 5},
        field<&message::send_time>{.name = "send_time", .number = 6},
        field<&message::cmd>{.name = "cmd", .number = 7},
        field<&message::msg_delete_time>{.name = "msg_delete_time", .number = 8},
        field<&message::quote_msg_id>{.name = "quote_msg_id", .number = 9},
        field<&message::msg_seq>{.name = "msg_seq", .number = 10},
        field<&message::edit_time>{.name = "edit_time", .number = 12},
    };
};

/// Whether bytes are the expected message.
enum class readability : std::uint8_t {
    readable,
    malformed, ///< not a protobuf message, or a part of it is not
    mistyped,  ///< a known field has another wire type
};

/// Reads the fields of a message into the value. Unknown fields are skipped. Of a field that is not repeated the last
/// one counts; parts are merged. Throws `over_budget`.
template <class Value>
[[nodiscard]] readability read_message(std::string_view bytes, Value& into, memory_budget& budget);

/// The field and the rest of its message.
struct field_in_place {
    const wire_field& field;
    const wire_reader& rest;
};

template <class Member>
requires std::is_integral_v<Member> || std::is_enum_v<Member> readability read_field(field_in_place from, Member& into,
                                                                                     memory_budget& /*budget*/) {
    if (from.field.type != wire_type::varint) {
        return readability::mistyped;
    }
    into = static_cast<Member>(from.field.value);
    return readability::readable;
}

inline readability read_field(field_in_place from, double& into, memory_budget& /*budget*/) {
    if (from.field.type != wire_type::fixed64) {
        return readability::mistyped;
    }
    into = std::bit_cast<double>(from.field.value);
    return readability::readable;
}

inline readability read_field(field_in_place from, std::string& into, memory_budget& budget) {
    if (from.field.type != wire_type::sized) {
        return readability::mistyped;
    }
    budget.take_text(from.field.payload.size());
    into.assign(from.field.payload);
    return readability::readable;
}

template <class Part>
requires std::is_class_v<Part> readability read_field(field_in_place from, Part& into, memory_budget& budget) {
    return from.field.type == wire_type::sized ? read_message(from.field.payload, into, budget) : readability::mistyped;
}

template <class Part> readability read_field(field_in_place from, std::optional<Part>& into, memory_budget& budget) {
    return read_field(from, into ? *into : into.emplace(), budget);
}

template <class Part> readability read_field(field_in_place from, indirect<Part>& into, memory_budget& budget) {
    if (!into.allocated()) {
        budget.take(sizeof(Part));
    }
    return read_field(from, *into, budget);
}

// Makes room for all items of the message at once. Where the message is in several pieces, which protobuf permits, at
// least by doubling.
template <class Item> readability read_field(field_in_place from, std::vector<Item>& into, memory_budget& budget) {
    if (into.size() == into.capacity()) {
        const std::size_t all = into.size() + 1 + from.rest.count(from.field.number);
        const std::size_t room = std::max(all, 2 * into.size());
        const std::size_t before = into.capacity();
        budget.take(room * sizeof(Item));
        into.reserve(room);
        budget.give_back(before * sizeof(Item));
    }
    const readability seen = read_field(from, into.emplace_back(), budget);
    if (seen != readability::readable) {
        into.pop_back();
    }
    return seen;
}

template <class Value> using member_reader = readability (*)(field_in_place, Value&, memory_budget&);

template <class Field, class Value> readability read_member(field_in_place from, Value& into, memory_budget& budget) {
    return read_field(from, Field::of(into), budget);
}

template <class Value, class Visit> constexpr void for_each_wire_field(Visit&& visit) {
    std::apply([&](const auto&... fields) { (visit(fields), ...); }, wire_fields<Value>::fields);
}

template <class Value> consteval std::size_t count_of_numbers() {
    std::uint32_t last = 0;
    for_each_wire_field<Value>([&](const auto& field) { last = std::max(last, field.number); });
    return last + 1;
}

/// By number; null: unknown.
template <class Value> consteval std::array<member_reader<Value>, count_of_numbers<Value>()> make_readers() {
    std::array<member_reader<Value>, count_of_numbers<Value>()> made{};
    for_each_wire_field<Value>(
        [&]<class Field>(const Field& field) { made[field.number] = &read_member<Field, Value>; });
    return made;
}

template <class Value> readability read_message(std::string_view bytes, Value& into, memory_budget& budget) {
    static constexpr auto readers = make_readers<Value>();
    wire_reader reader(bytes);
    wire_field field;
    while (reader.next(field)) {
        if (field.number >= readers.size() || readers[field.number] == nullptr) {
            continue;
        }
        if (const readability seen = readers[field.number]({field, reader}, into, budget);
            seen != readability::readable) {
            if constexpr (requires { wire_fields<Value>::lenient; }) {
                if (seen == readability::mistyped) {
                    continue;
                }
            }
            return seen;
        }
    }
    return reader.at_end() ? readability::readable : readability::malformed;
}

} // namespace codec
YUNHU_NAMESPACE_END
