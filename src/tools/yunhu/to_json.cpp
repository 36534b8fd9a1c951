// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "to_json.hpp"

#include "field_reflection.hpp"

#include "endpoints/endpoint_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace cli {
namespace {

json::value plain(const std::string& text) {
    return json::value(tools::as_utf8(text));
}

json::value plain(const yunhu::secret& hidden) {
    return json::value(tools::as_utf8(hidden.reveal()));
}

json::value plain(double number) {
    return json::value(number);
}

template <class Number>
requires std::integral<Number> json::value plain(Number n) {
    return json::value(n);
}

template <class Enum>
requires std::is_enum_v<Enum> json::value plain(Enum e) {
    return json::value(static_cast<std::underlying_type_t<Enum>>(e));
}

template <class T> json::value plain(const std::optional<T>& value);
template <class T> json::value plain(const std::vector<T>& list);
template <class T> json::value plain(const yunhu::indirect<T>& part);

template <class T>
requires requires(const T& value) {
    each_field(value, [](const named&, const auto&) {});
}
json::value plain(const T& value) {
    json::object fields;
    each_field(value, [&](const named& n, const auto& member) { fields.emplace(n.name, plain(member)); });
    return fields;
}

template <class T> json::value plain(const std::optional<T>& value) {
    return value ? plain(*value) : json::value(nullptr);
}

template <class T> json::value plain(const yunhu::indirect<T>& part) {
    return plain(*part);
}

template <class T> json::value plain(const std::vector<T>& list) {
    json::array items;
    for (const T& item : list) {
        items.push_back(plain(item));
    }
    return items;
}

// Only if there are any: the reply itself has no such field.
void add_unreadable(json::object& reply, std::size_t unreadable) {
    if (unreadable > 0) {
        reply.emplace("unreadable", unreadable);
    }
}

json::value or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : plain(text);
}

} // namespace

json::object json_status_reply(const yunhu::call_info& info) {
    return {{"code", plain(info.api_code)}, {"msg", plain(info.api_msg)}};
}

json::object status_reply(const yunhu::call_info& info) {
    json::object status{{"number", plain(info.request_id)}};
    for (const auto& [name, value] : json_status_reply(info)) {
        status.emplace(name, value);
    }
    return {{"status", std::move(status)}};
}

json::object sent_reply(const yunhu::sent_message& sent) {
    json::object reply = status_reply(sent);
    reply.emplace("msg_id", plain(sent.msg_id));
    return reply;
}

json::object page_reply(const yunhu::message_page& page) {
    json::object reply = status_reply(page);
    reply.emplace("msg", plain(page.messages));
    reply.emplace("total", plain(page.total));
    add_unreadable(reply, page.unreadable);
    return reply;
}

json::object edit_records_reply(const yunhu::edit_record_page& page) {
    json::object reply = json_status_reply(page);
    reply.emplace("data", json::object{{"list", plain(page.records)}, {"total", plain(page.total)}});
    add_unreadable(reply, page.unreadable);
    return reply;
}

template <class Result> json::object lookup_reply(yunhu::wire_format format, const Result& found) {
    json::object fields;
    yunhu::codec::for_each_wire_field<Result>([&]<class Field>(const Field& field) {
        const std::size_t dot = field.name.find('.'); // `list.bots`: in an object
        json::value value = plain(Field::of(found));
        fields.emplace(field.name.substr(0, dot), dot == std::string_view::npos
                                                      ? std::move(value)
                                                      : json::object{{field.name.substr(dot + 1), std::move(value)}});
    });
    json::object reply;
    if (format == yunhu::wire_format::json) {
        reply = json_status_reply(found);
        reply.emplace("data", std::move(fields));
    } else {
        reply = status_reply(found);
        for (auto& [name, value] : fields) {
            reply.emplace(name, std::move(value));
        }
    }
    add_unreadable(reply, found.unreadable);
    return reply;
}

namespace {

template <class Result> constexpr auto lookup_reply_of() {
    if constexpr (std::derived_from<Result, yunhu::lookup_info>) {
        return &lookup_reply<Result>;
    } else {
        return nullptr;
    }
}
template <const auto&... Rows> constexpr auto lookup_replies_for(yunhu::endpoints::row_list<Rows...> /*rows*/) {
    return std::make_tuple(lookup_reply_of<typename std::remove_cvref_t<decltype(Rows)>::result_type>()...);
}
[[gnu::used]] constexpr auto lookup_replies = lookup_replies_for(yunhu::codec::every_row());

} // namespace

std::string chat_name(const yunhu::chat& c) {
    const auto type = static_cast<std::int64_t>(c.type);
    const auto* known = std::ranges::find(chat_type_names, type, &type_name::second);
    const std::string kind = known == chat_type_names.end() ? std::to_string(type) : std::string(known->first);
    return kind + ":" + tools::as_utf8(c.id);
}

json::object to_json(const yunhu::message& m, const yunhu::chat& in) {
    json::object line{{"chat", chat_name(in)}};
    const json::value fields = plain(m);
    for (const auto& [name, value] : fields.as_object()) {
        line.emplace(name, value);
    }
    return line;
}

json::object to_json(const yunhu::failure& f) {
    return {
        {"kind", yunhu::name(f.code)},
        {"delivery", yunhu::to_string(f.delivery)},
        {"http_status", f.http_status == 0 ? json::value(nullptr) : json::value(f.http_status)},
        {"code", plain(f.api_code)},
        {"msg", f.api_code ? plain(f.api_msg) : or_null(f.api_msg)},
        {"attempts", f.attempts},
        {"msg_id", or_null(f.msg_id)},
        {"endpoint", f.endpoint.empty() ? json::value(nullptr) : json::value(f.endpoint)},
        {"phase", yunhu::to_string(f.phase)},
        {"cause", f.cause ? json::value(tools::as_utf8(f.cause.message())) : json::value(nullptr)},
        {"detail", or_null(f.detail)},
    };
}

} // namespace cli
