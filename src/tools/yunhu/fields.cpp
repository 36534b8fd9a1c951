// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "fields.hpp"

#include "untrusted.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace cli {
namespace {

template <class Number> Number number_in(std::string_view field, std::string_view digits) {
    Number n{};
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
    if (ec == std::errc::result_out_of_range) {
        throw bad_field(field, "is out of range");
    }
    if (ec != std::errc() || end != digits.data() + digits.size()) {
        throw bad_field(field, "must be an integer");
    }
    return n;
}

// A number, or its digits in a string: some JSON writers can't do 64 bits.
template <class Number> Number number_in(std::string_view field, const json::value& v) {
    if (v.is_string()) {
        return number_in<Number>(field, std::string_view(v.get_string()));
    }
    if (!v.is_int64() && !v.is_uint64()) {
        throw bad_field(field, "must be an integer");
    }
    const bool fits = v.is_int64() ? std::in_range<Number>(v.get_int64()) : std::in_range<Number>(v.get_uint64());
    if (!fits) {
        throw bad_field(field, "is out of range");
    }
    return v.is_int64() ? static_cast<Number>(v.get_int64()) : static_cast<Number>(v.get_uint64());
}

// An id that is a number is often written as one.
std::string text_in(std::string_view field, const json::value& v) {
    if (v.is_int64()) {
        return std::to_string(v.get_int64());
    }
    if (v.is_uint64()) {
        return std::to_string(v.get_uint64());
    }
    if (!v.is_string()) {
        throw bad_field(field, "must be a string");
    }
    return std::string(std::string_view(v.get_string()));
}

const json::object& object_in(std::string_view field, const json::value& v) {
    if (!v.is_object()) {
        throw bad_field(field, "must be an object");
    }
    return v.get_object();
}

// One value, or an array of them.
template <class Each> void for_each_in(const json::value& v, Each each) {
    if (!v.is_array()) {
        return each(v);
    }
    for (const json::value& item : v.get_array()) {
        each(item);
    }
}

// A word that can be shown in an error: no token looks like that.
bool is_plain_word(std::string_view text) {
    constexpr std::size_t longest = 16;
    return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    });
}

template <class Names> std::string listed(const Names& names) {
    std::string all;
    for (const type_name& n : names) {
        all.append(all.empty() ? "" : ", ").append(n.first);
    }
    return all;
}

// A name from the list, or a number: the enumerations are open.
template <class Names> std::int64_t type_in(std::string_view field, const json::value& v, const Names& names) {
    if (!v.is_string()) {
        return number_in<std::int64_t>(field, v);
    }
    const std::string_view text = v.get_string();
    for (const type_name& n : names) {
        if (n.first == text) {
            return n.second;
        }
    }
    try {
        return number_in<std::int64_t>(field, text);
    } catch (const bad_field&) {
        if (is_plain_word(text)) {
            throw bad_field(field, "must be one of {0} or a number, not {1}", {listed(names), std::string(text)});
        }
        throw bad_field(field, "must be one of {0} or a number", {listed(names)});
    }
}

yunhu::chat_type chat_type_in(std::string_view field, const json::value& v) {
    return static_cast<yunhu::chat_type>(type_in(field, v, chat_type_names));
}

yunhu::content_type content_type_in(std::string_view field, const json::value& v) {
    if (v.is_string() && v.get_string() == "voice_call") { // as the library spells it
        return yunhu::content_type::voice_call;
    }
    return static_cast<yunhu::content_type>(type_in(field, v, content_type_names));
}

// "group:big", or the API's two fields.
yunhu::chat chat_in(std::string_view field, const json::value& v) {
    if (v.is_string()) {
        return parse_chat(field, v.get_string());
    }
    json::object fields = with_snake_case_names(object_in(field, v));
    yunhu::chat c;
    field_reader read(fields);
    read("chat_id", c.id);
    read("chat_type", c.type);
    refuse_unknown(fields);
    return c;
}

} // namespace

yunhu::chat parse_chat(std::string_view field, std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
        throw bad_field(field, "must be TYPE:ID, e.g. group:big");
    }
    const yunhu::chat_type type = chat_type_in(field, json::value(text.substr(0, colon)));
    const std::string_view id = text.substr(colon + 1);
    if (id.empty()) {
        throw bad_field(field, "must be TYPE:ID, e.g. group:big");
    }
    if (const std::string hidden = tools::first_hidden_character(id); !hidden.empty()) {
        throw bad_field(field, "must not contain invisible characters: {0}", {hidden});
    }
    return {type, std::string(id)};
}

json::object with_snake_case_names(const json::object& fields) {
    json::object result;
    for (const auto& [name, value] : fields) {
        std::string snake;
        for (const char c : std::string_view(name)) {
            if (c >= 'A' && c <= 'Z') {
                snake += '_';
                snake += static_cast<char>(c - 'A' + 'a');
            } else {
                snake += c;
            }
        }
        if (!result.emplace(snake, value).second) {
            throw bad_field(snake, "must not be given twice");
        }
    }
    return result;
}

std::optional<std::int64_t> take_number(json::object& fields, std::string_view name, std::int64_t from,
                                        std::int64_t to) {
    const auto found = fields.find(name);
    if (found == fields.end()) {
        return std::nullopt;
    }
    const auto n = number_in<std::int64_t>(name, found->value());
    if (n < from || n > to) {
        throw bad_field(name, "is out of range");
    }
    fields.erase(found);
    return n;
}

std::optional<json::value> field_reader::take(const named& n) {
    std::optional<json::value> taken;
    for (const std::string_view name : {n.name, n.alias}) {
        const auto found = name.empty() ? fields_.end() : fields_.find(prefix_ + std::string(name));
        if (found == fields_.end()) {
            continue;
        }
        if (taken) {
            throw bad_field(n.name, "must not be given twice");
        }
        taken = std::move(found->value());
        fields_.erase(found);
    }
    return taken && taken->is_null() ? std::nullopt : taken;
}

void field_reader::operator()(const named& n, std::string& into) {
    if (const auto v = take(n)) {
        into = text_in(n.name, *v);
    }
}

void field_reader::operator()(const named& n, yunhu::secret& into) {
    if (auto v = take(n)) {
        into = text_in(n.name, *v);
        if (json::string* const text = v->if_string()) {
            yunhu::detail::wipe(text->data(), text->size());
        }
    }
}

void field_reader::operator()(const named& n, std::uint64_t& into) {
    if (const auto v = take(n)) {
        into = number_in<std::uint64_t>(n.name, *v);
    }
}

void field_reader::operator()(const named& n, std::int64_t& into) {
    if (const auto v = take(n)) {
        into = number_in<std::int64_t>(n.name, *v);
    }
}

void field_reader::operator()(const named& n, std::uint32_t& into) {
    if (const auto v = take(n)) {
        into = number_in<std::uint32_t>(n.name, *v);
    }
}

void field_reader::operator()(const named& n, bool& into) {
    if (const auto v = take(n)) {
        into = v->is_bool() ? v->get_bool() : number_in<std::uint8_t>(n.name, *v) != 0;
    }
}

void field_reader::operator()(const named& n, yunhu::request_answer& into) {
    if (const auto v = take(n)) {
        into = static_cast<yunhu::request_answer>(type_in(n.name, *v, request_answer_names));
    }
}

void field_reader::operator()(const named& n, yunhu::gag_duration& into) {
    if (const auto v = take(n)) {
        into = static_cast<yunhu::gag_duration>(number_in<std::int64_t>(n.name, *v));
    }
}

void field_reader::operator()(const named& n, std::vector<std::string>& into) {
    if (const auto v = take(n)) {
        for_each_in(*v, [&](const json::value& item) { into.emplace_back(text_in(n.name, item)); });
    }
}

void field_reader::operator()(const named& n, yunhu::chat& into) {
    if (const auto v = take(n)) {
        into = chat_in(n.name, *v);
    } else {
        (*this)("chat_id", into.id);
        (*this)("chat_type", into.type);
    }
}

void field_reader::operator()(const named& n, std::vector<yunhu::chat>& into) {
    if (const auto v = take(n)) {
        for_each_in(*v, [&](const json::value& item) { into.push_back(chat_in(n.name, item)); });
    }
}

void field_reader::operator()(const named& n, yunhu::chat_type& into) {
    if (const auto v = take(n)) {
        into = chat_type_in(n.name, *v);
    }
}

void field_reader::operator()(const named& n, yunhu::content_type& into) {
    if (const auto v = take(n)) {
        into = content_type_in(n.name, *v);
    }
}

void field_reader::operator()(const named& n, yunhu::content& into) {
    if (const auto v = take(n)) {
        json::object nested = with_snake_case_names(object_in(n.name, *v));
        each_field(into, field_reader(nested));
        refuse_unknown(nested);
    }
    each_field(into, *this);
}

void field_reader::operator()(const named& n, yunhu::indirect<yunhu::media>& into) {
    yunhu::media media;
    if (const auto v = take(n)) {
        json::object nested = with_snake_case_names(object_in(n.name, *v));
        each_field(media, field_reader(nested));
        refuse_unknown(nested);
        into = media;
    }
    const std::size_t before = fields_.size();
    each_field(media, field_reader(fields_, std::string(n.name) + "_"));
    if (fields_.size() != before) {
        into = std::move(media);
    }
}

void refuse_unknown(const json::object& fields) {
    if (!fields.empty()) {
        throw bad_field(std::string_view(fields.begin()->key()), "is not a field of this call");
    }
}

} // namespace cli
