// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "endpoints/content_schema.hpp"
#include "endpoints/endpoint_table.hpp"
#include "endpoints/json_names.hpp"
#include "endpoints/lookup_fields.hpp"
#include "endpoints/own_bot_fields.hpp"
#include "endpoints/text_body.hpp"
#include "model/json_memory.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
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

bool is_success_without_code(const json::object& from) {
    const json::value* const text = from.if_contains("msg");
    return !from.contains("code") && text != nullptr && text->is_string() && text->get_string() == "success";
}

/// Reads code and text; `then` reads the rest from the object of a success.
template <class Then> error_code decode_within(memory_budget& budget, std::string_view body, call_info& into,
                                               const json_rules& rules, Then then) {
    json_arena memory(budget);
    error_code ec;
    const json::value parsed = parse_json(without_byte_order_mark(body), ec, memory, budget);
    const json::object* const root = parsed.if_object();
    if (ec || root == nullptr) {
        into.detail = ec ? "the body is not JSON: " + ec.message() : "the body is not a JSON object";
        return errc::bad_response;
    }
    take_copy(budget, *root, "msg");
    std::int64_t code = 1;
    if (!rules.code_may_be_missing || !is_success_without_code(*root)) {
        if (!read_code(*root, code, into.detail)) {
            return errc::bad_response;
        }
        into.api_code = code;
    }
    if (!read_if_not_null(*root, "msg", into.api_msg, into.detail)) {
        return errc::bad_response;
    }
    if (const error_code refused = code == rules.also_success ? error_code() : classify(code)) {
        return refused;
    }
    return then(*root, budget) ? error_code() : errc::bad_response;
}

template <class Then>
error_code decode_reply(std::string_view body, call_info& into, const json_rules& rules, Then then) {
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
        return decode_within(budget, body, into, rules, then);
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

// The fields of a look-up's values: a member of another type is skipped, numbers may be texts and texts numbers.

void read_lenient(const json::value& from, std::string& into, memory_budget& budget) {
    if (const json::string* const text = from.if_string()) {
        budget.take_text(text->size());
        into = std::string_view(*text);
    } else if (from.is_int64() || from.is_uint64()) {
        constexpr std::size_t max_digits = 20;
        budget.take_text(max_digits);
        into = from.is_int64() ? std::to_string(from.get_int64()) : std::to_string(from.get_uint64());
    }
}

template <class Number>
requires std::is_integral_v<Number> || std::is_enum_v<Number>
void read_lenient(const json::value& from, Number& into, memory_budget& /*budget*/) {
    std::int64_t number = 0;
    if (from.is_bool()) {
        number = from.get_bool() ? 1 : 0;
    } else if (from.is_int64()) {
        number = from.get_int64();
    } else if (from.is_uint64()) {
        number = static_cast<std::int64_t>(from.get_uint64());
    } else if (const json::string* const digits = from.if_string()) {
        const char* const end = digits->data() + digits->size();
        if (std::from_chars(digits->data(), end, number).ptr != end) {
            return;
        }
    } else {
        return;
    }
    into = static_cast<Number>(number);
}

void read_lenient(const json::value& from, secret& into, memory_budget& budget) {
    if (const json::string* const text = from.if_string()) {
        budget.take_text(text->size());
        into = std::string_view(*text);
    }
}

/// The member of that name; of `list.bots` the member `bots` of the object `list`, or `list` itself if it is an array.
const json::value* find_member(const json::object& from, std::string_view name) {
    const std::size_t dot = name.find('.');
    const json::value* const member = from.if_contains(camel_case(name.substr(0, dot)));
    if (member == nullptr || dot == std::string_view::npos || member->is_array()) {
        return member;
    }
    const json::object* const inner = member->if_object();
    return inner != nullptr ? inner->if_contains(camel_case(name.substr(dot + 1))) : nullptr;
}

template <class Value> void read_object(const json::object& from, Value& into, memory_budget& budget) {
    for_each_wire_field<Value>([&]<class Field>(const Field& known) {
        if (const json::value* const member = from.if_contains(camel_case(known.name))) {
            read_lenient(*member, Field::of(into), budget);
        }
    });
}

/// Where records go, and those that can't be read are counted.
template <class Result, class Item> void read_list(const json::value& from, std::string_view name,
                                                   std::vector<Item>& list, Result& into, memory_budget& budget) {
    const json::array* const items = from.if_array();
    const std::size_t count = items != nullptr ? items->size() : from.is_null() ? 0 : 1;
    budget.take(count * sizeof(Item));
    list.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (const json::object* const item = (items != nullptr ? (*items)[i] : from).if_object()) {
            read_object(*item, list.emplace_back(), budget);
        } else if (into.unreadable++ == 0) {
            into.detail = "data." + std::string(name) + '[' + std::to_string(i) + "] is not an object";
        }
    }
}

// Items of which nothing is known: each as its text, which is not longer than what it was read from, up to escapes.
template <class Result> void read_list(const json::value& from, std::string_view /*name*/,
                                       std::vector<std::string>& list, Result& /*into*/, memory_budget& budget) {
    const json::array* const items = from.if_array();
    const std::size_t count = items != nullptr ? items->size() : 0;
    budget.take(count * sizeof(std::string));
    list.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::string text = json::serialize((*items)[i]);
        budget.take_text(text.size());
        list.push_back(std::move(text));
    }
}

/// Whether `data` has a text of that name which is not empty.
bool has_text(const json::value* data, std::string_view name) {
    const json::object* const fields = data != nullptr ? data->if_object() : nullptr;
    const json::value* const member = fields != nullptr ? fields->if_contains(name) : nullptr;
    return member != nullptr && member->is_string() && !member->get_string().empty();
}

template <class Result>
bool read_lookup(const json::object& root, const json_rules& rules, Result& into, memory_budget& budget) {
    const json::value* const data = root.if_contains("data");
    if (!rules.must_have.empty() && !has_text(data, rules.must_have)) {
        return complain(into.detail, "data." + std::string(rules.must_have), " is missing");
    }
    if (data == nullptr || data->is_null()) {
        return true;
    }
    const json::object* const fields = data->if_object();
    if (fields == nullptr) {
        return complain(into.detail, "data", " is not an object");
    }
    for_each_wire_field<Result>([&]<class Field>(const Field& known) {
        if (const json::value* const member = find_member(*fields, known.name)) {
            if constexpr (requires { read_list(*member, {}, Field::of(into), into, budget); }) {
                read_list(*member, known.name, Field::of(into), into, budget);
            } else {
                read_lenient(*member, Field::of(into), budget);
            }
        }
    });
    return true;
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
    return decode_json_status(body, into, json_rules());
}

error_code decode_json_status(std::string_view body, call_info& into, const json_rules& rules) {
    return decode_reply(body, into, rules, [](const json::object&, memory_budget&) { return true; });
}

template <class Result> error_code decode_json_fields(std::string_view body, Result& into, const json_rules& rules) {
    const error_code ec = decode_reply(body, into, rules, [&](const json::object& root, memory_budget& budget) {
        return read_lookup(root, rules, into, budget);
    });
    if (ec) {
        forget_fields(into);
    }
    return ec;
}

// Compiles the decoder of every look-up in JSON.
template <class Request> constexpr auto json_fields_decoder() {
    using result = result_of<Request>;
    if constexpr (std::derived_from<result, lookup_info> && endpoint_of<Request>.format == wire_format::json) {
        return &decode_json_fields<result>;
    } else {
        return nullptr;
    }
}
template <const auto&... Rows> constexpr auto json_fields_decoders(endpoints::row_list<Rows...> /*rows*/) {
    return std::make_tuple(json_fields_decoder<typename std::remove_cvref_t<decltype(Rows)>::request_type>()...);
}
[[gnu::used]] constexpr auto json_fields_decoders_of_rows = json_fields_decoders(every_row());

error_code decode_edit_records(std::string_view body, edit_record_page& into) {
    const error_code ec =
        decode_reply(body, into, json_rules(), [&into](const json::object& root, memory_budget& budget) {
            return read_data(root, into, budget);
        });
    if (ec) {
        into.records = {};
        into.unreadable = 0;
    }
    return ec;
}

} // namespace codec
YUNHU_NAMESPACE_END
