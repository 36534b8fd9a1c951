// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "endpoints/content_schema.hpp"

#include <boost/json.hpp>

#include <array>
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

// A badly encoded text must not make the whole page that it is in unreadable.
constexpr json::parse_options lenient_text() {
    json::parse_options options;
    options.allow_invalid_utf8 = true;
    return options;
}

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

bool read(const json::object& from, std::string_view name, std::uint64_t& into, std::string& why) {
    const json::value* const member = from.if_contains(name);
    if (member == nullptr) {
        return true;
    }
    if (!member->is_number()) {
        return complain(why, name, " is not a number");
    }
    if (member->is_double()) {
        return complain(why, name, " is not a 64-bit integer");
    }
    if (const std::int64_t* const number = member->if_int64(); number != nullptr && *number < 0) {
        return complain(why, name, " is negative");
    }
    into = member->to_number<std::uint64_t>();
    return true;
}

bool read_code(const json::object& from, std::int64_t& into, std::string& why) {
    const json::value* const member = from.if_contains("code");
    if (member == nullptr) {
        return complain(why, "code", " is missing");
    }
    if (!member->is_number()) {
        return complain(why, "code", " is not a number");
    }
    if (!member->is_int64()) {
        return complain(why, "code", " is not a 64-bit integer");
    }
    into = member->get_int64();
    return true;
}

bool read_text(const json::object& from, std::string& into, std::string& why) {
    const json::value* const member = from.if_contains("msg");
    return (member != nullptr && member->is_null()) || read(from, "msg", into, why);
}

/// Reads code and text; `then` reads the rest from the object of a success.
template <class Then> error_code decode_reply(std::string_view body, call_info& into, Then then) {
    if (body.empty()) {
        into.detail = "the body is empty";
        return errc::empty_response;
    }
    std::array<unsigned char, 4096> buffer;
    json::monotonic_resource memory(buffer.data(), buffer.size());
    error_code ec;
    const json::value parsed = json::parse(body, ec, &memory, lenient_text());
    const json::object* const root = parsed.if_object();
    if (ec || root == nullptr) {
        into.detail = ec ? "the body is not JSON: " + ec.message() : "the body is not a JSON object";
        return errc::bad_response;
    }
    std::int64_t code = 0;
    if (!read_code(*root, code, into.detail)) {
        return errc::bad_response;
    }
    into.api_code = code;
    if (!read_text(*root, into.api_msg, into.detail)) {
        return errc::bad_response;
    }
    if (const error_code refused = classify(code)) {
        return refused;
    }
    return then(*root) ? error_code() : errc::bad_response;
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
    for (std::size_t i = 0; texts != nullptr && i < texts->size(); ++i) {
        if (const json::string* const text = (*texts)[i].if_string()) {
            into.emplace_back(std::string_view(*text));
        }
    }
}

std::optional<content> read_content(std::string_view text) {
    error_code ec;
    const json::value parsed = json::parse(text, ec, {}, lenient_text());
    const json::object* const object = parsed.if_object();
    if (ec || object == nullptr) {
        return {};
    }
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

bool read_record(const json::object& from, edit_record& into, std::string& why) {
    std::uint64_t kind = 0;
    if (!read(from, "id", into.id, why) || !read(from, "msgId", into.msg_id, why) ||
        !read(from, "contentType", kind, why) || !read(from, "contentOld", into.content_old_raw, why) ||
        !read(from, "createTime", into.create_time, why) || !read(from, "msgTime", into.msg_time, why)) {
        return false;
    }
    into.content_type = static_cast<content_type>(kind);
    into.content_old = read_content(into.content_old_raw);
    return true;
}

bool read_records(const json::object& data, edit_record_page& into, std::string& why) {
    if (const json::value* const member = data.if_contains("list"); member != nullptr && !member->is_null()) {
        const json::array* const list = member->if_array();
        if (list == nullptr) {
            return complain(why, "list", " is not an array");
        }
        if (list->size() > max_page_items) {
            return complain(why, "list", " is too long");
        }
        into.records.reserve(list->size());
        for (std::size_t i = 0; i < list->size(); ++i) {
            const json::object* const item = (*list)[i].if_object();
            if (item == nullptr) {
                return complain(why, "list[" + std::to_string(i) + ']', " is not an object");
            }
            if (!read_record(*item, into.records.emplace_back(), why)) {
                why.insert(0, "list[" + std::to_string(i) + "].");
                return false;
            }
        }
    }
    return read(data, "total", into.total, why);
}

bool read_data(const json::object& root, edit_record_page& into, std::string& why) {
    const json::value* const data = root.if_contains("data");
    if (data == nullptr || !data->is_object()) {
        return complain(why, "data", data == nullptr ? " is missing" : " is not an object");
    }
    if (!read_records(data->get_object(), into, why)) {
        into.records.clear();
        why.insert(0, "data.");
        return false;
    }
    return true;
}

} // namespace

error_code decode_json_status(std::string_view body, call_info& into) {
    return decode_reply(body, into, [](const json::object&) { return true; });
}

error_code decode_edit_records(std::string_view body, edit_record_page& into) {
    return decode_reply(body, into, [&](const json::object& root) { return read_data(root, into, into.detail); });
}

} // namespace codec
YUNHU_NAMESPACE_END
