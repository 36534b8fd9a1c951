// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "endpoints/content_schema.hpp"
#include "endpoints/text_body.hpp"
#include "model/json_memory.hpp"

#include <boost/json.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// JSON response -> result.
YUNHU_NAMESPACE_BEGIN
namespace codec {

namespace {

namespace json = boost::json;
using detail::json_arena;
using detail::memory_budget;
using detail::parse_json;

// Member -> value. Each returns false if the member has another type, with the reason in `why`, names first.

bool complain(std::string& why, std::string_view name, std::string_view reason) {
    why.append(name).append(reason);
    return false;
}

bool read(const json::object& from, std::string_view name, std::string& into, std::string& why) {
    const json::value* const member = from.if_contains(name);
    if (member == nullptr) {
        return true;
    }
    if (!member->is_string()) {
        return complain(why, name, " is not a string");
    }
    into = std::string_view(member->get_string());
    return true;
}

template <std::integral Number>
bool read(const json::object& from, std::string_view name, Number& into, std::string& why) {
    const json::value* const member = from.if_contains(name);
    if (member == nullptr) {
        return true;
    }
    if (!member->is_number()) {
        return complain(why, name, " is not a number");
    }
    error_code ec;
    const auto number = member->is_double() ? Number{} : member->to_number<Number>(ec);
    if (const std::int64_t* const seen = member->if_int64(); ec && seen != nullptr && *seen < 0) {
        return complain(why, name, " is negative");
    }
    if (ec || member->is_double()) {
        return complain(why, name, " is not a 64-bit integer");
    }
    into = number;
    return true;
}

/// Takes the memory that a text will have in the result.
void take_copy(memory_budget& budget, const json::object& from, std::string_view name) {
    if (const json::value* const member = from.if_contains(name); member != nullptr && member->is_string()) {
        budget.take_text(member->get_string().size());
    }
}

/// For the members that are not of a record: a null is as good as an absent member.
template <class Member>
bool read_if_not_null(const json::object& from, std::string_view name, Member& into, std::string& why) {
    const json::value* const member = from.if_contains(name);
    return (member != nullptr && member->is_null()) || read(from, name, into, why);
}

bool read_code(const json::object& from, std::int64_t& into, std::string& why) {
    return from.contains("code") ? read(from, "code", into, why) : complain(why, "code", " is missing");
}

/// Reads code and text; `then` reads the rest from the object of a success.
template <class Then>
error_code decode_within(memory_budget& budget, std::string_view body, call_info& into, Then then) {
    json_arena memory(budget);
    error_code ec;
    const json::value parsed = parse_json(without_byte_order_mark(body), ec, memory, budget);
    const json::object* const root = parsed.if_object();
    if (ec || root == nullptr) {
        into.detail = ec ? "the body is not JSON: " + ec.message() : "the body is not a JSON object";
        return errc::bad_response;
    }
    take_copy(budget, *root, "msg");
    std::int64_t code = 0;
    if (!read_code(*root, code, into.detail)) {
        return errc::bad_response;
    }
    into.api_code = code;
    if (!read_if_not_null(*root, "msg", into.api_msg, into.detail)) {
        return errc::bad_response;
    }
    if (const error_code refused = classify(code)) {
        return refused;
    }
    return then(*root, budget) ? error_code() : errc::bad_response;
}

template <class Then> error_code decode_reply(std::string_view body, call_info& into, Then then) {
    if (body.empty()) {
        into.detail = "the body is empty";
        return errc::empty_response;
    }
    if (const std::string_view reason = foreign_encoding(body); !reason.empty()) {
        into.detail = reason;
        return errc::bad_response;
    }
    try {
        memory_budget budget(detail::max_decoded(body.size()));
        return decode_within(budget, body, into, then);
    } catch (const detail::over_budget&) {
        into.detail = too_many_parts;
        return errc::bad_response;
    }
}

// contentOld is written by many clients: names in snake or camel case, aliases, texts as JSON.

std::string snake_case(std::string_view name) {
    std::string made;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z') {
            made += '_';
            made += static_cast<char>(c - 'A' + 'a');
        } else {
            made += c;
        }
    }
    return made;
}

/// Whether a name in snake case is the field's, or one of the other names that clients write for it.
template <class Field> bool is_named(const Field& field, std::string_view name) {
    return field.name == name || (!field.alias.empty() && field.alias == name) ||
           (field.name == "image" && name == "image_key") || (field.name == "mentioned_id" && name == "mentioned_ids");
}

void read_member(const json::value& member, std::string& into) {
    if (const json::string* const text = member.if_string(); text != nullptr && !text->empty()) {
        into = std::string_view(*text);
    }
}

void read_member(const json::value& member, std::uint64_t& into) {
    error_code ignored;
    const auto number = member.is_double() ? 0 : member.to_number<std::uint64_t>(ignored);
    if (!ignored && number != 0) {
        into = number;
    }
}

void read_member(const json::value& member, std::vector<std::string>& into) {
    const json::array* const texts = member.if_array();
    if (texts == nullptr) {
        return;
    }
    into.reserve(into.size() + texts->size());
    for (const json::value& each : *texts) {
        if (const json::string* const text = each.if_string()) {
            into.emplace_back(std::string_view(*text));
        }
    }
}

// The texts of a content together are not longer than what they are read from, but short ones have blocks of their own,
// and a part that is JSON is written by doubling a string.
void take_content(memory_budget& budget, std::string_view from, const json::object& object) {
    std::size_t bytes = 4 * from.size();
    for (const json::key_value_pair& member : object) {
        const json::array* const list = member.value().if_array();
        bytes += list != nullptr ? list->size() * 2 * sizeof(std::string) : 0; // moved once when another list follows
    }
    budget.take(bytes);
}

std::optional<content> read_content(std::string_view text, memory_budget& budget) {
    json_arena memory(budget);
    error_code ec;
    const json::value parsed = parse_json(text, ec, memory, budget);
    const json::object* const object = parsed.if_object();
    if (ec || object == nullptr) {
        return {};
    }
    take_content(budget, text, *object);
    content made;
    for (const json::key_value_pair& member : *object) {
        const std::string name = snake_case(member.key());
        for_each_field<content>([&](const auto& field) {
            if (is_named(field, name)) {
                if constexpr (std::same_as<decltype(field.of(made)), std::string&>) {
                    if (field.holds_json && member.value().is_structured()) {
                        field.of(made) = json::serialize(member.value());
                        return;
                    }
                }
                read_member(member.value(), field.of(made));
            }
        });
    }
    return made;
}

bool read_record(const json::value& item, edit_record& into, std::string& why, memory_budget& budget) {
    const json::object* const from = item.if_object();
    if (from == nullptr) {
        why = " is not an object";
        return false;
    }
    why = '.';
    take_copy(budget, *from, "msgId");
    take_copy(budget, *from, "contentOld");
    std::int64_t kind = 0;
    if (!read(*from, "id", into.id, why) || !read(*from, "msgId", into.msg_id, why) ||
        !read(*from, "contentType", kind, why) || !read(*from, "contentOld", into.content_old_raw, why) ||
        !read(*from, "createTime", into.create_time, why) || !read(*from, "msgTime", into.msg_time, why)) {
        return false;
    }
    into.content_type = static_cast<content_type>(kind);
    into.content_old = read_content(into.content_old_raw, budget);
    return true;
}

/// A record that can't be read is left out.
void read_records(const json::array& list, edit_record_page& into, memory_budget& budget) {
    budget.take(list.size() * sizeof(edit_record));
    into.records.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
        std::string why;
        if (read_record(list[i], into.records.emplace_back(), why, budget)) {
            continue;
        }
        into.records.pop_back();
        if (into.unreadable++ == 0) {
            into.detail = "data.list[" + std::to_string(i) + ']' + why;
        }
    }
}

bool read_data(const json::object& root, edit_record_page& into, memory_budget& budget) {
    const json::value* const data = root.if_contains("data");
    if (data == nullptr) {
        return complain(into.detail, "data", " is missing");
    }
    if (data->is_null()) {
        return true;
    }
    const json::object* const fields = data->if_object();
    if (fields == nullptr) {
        return complain(into.detail, "data", " is not an object");
    }
    std::string why = "data.";
    const json::value* const list = fields->if_contains("list");
    const bool has_list = list != nullptr && !list->is_null();
    if (has_list && !list->is_array()) {
        return complain(into.detail, "data.list", " is not an array");
    }
    if (!read_if_not_null(*fields, "total", into.total, why)) {
        into.detail = why;
        return false;
    }
    if (has_list) {
        read_records(list->get_array(), into, budget);
    }
    return true;
}

} // namespace

error_code decode_json_status(std::string_view body, call_info& into) {
    return decode_reply(body, into, [](const json::object&, memory_budget&) { return true; });
}

error_code decode_edit_records(std::string_view body, edit_record_page& into) {
    const error_code ec = decode_reply(
        body, into, [&into](const json::object& root, memory_budget& budget) { return read_data(root, into, budget); });
    if (ec) {
        into.records = {};
        into.unreadable = 0;
    }
    return ec;
}

} // namespace codec
YUNHU_NAMESPACE_END
