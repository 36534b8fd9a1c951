// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "message.hpp"

#include "endpoints/lookup_fields.hpp"
#include "endpoints/own_bot_fields.hpp"
#include "endpoints/schema.hpp"

#include <yunhu/types.hpp>

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

// The API's names of all fields: those of requests are in the library's schemas, those of results here. Options, batch
// lines and printed results walk them.
namespace cli {

/// A field's name, its help, and another name of it in the API's documents.
struct named {
    // NOLINTNEXTLINE(google-explicit-constructor): `visit("msg_id", m.msg_id)` should read like that
    constexpr named(const char* name_) : name(name_) {}
    constexpr named(std::string_view name_, message help_, std::string_view alias_)
        : name(name_), help(help_), alias(alias_) {}

    std::string_view name;
    message help{""};
    std::string_view alias;
};

// The enumerations are open: a value without a name here is a number.
using type_name = std::pair<std::string_view, std::int64_t>;
inline constexpr std::array chat_type_names{type_name{"user", 1}, type_name{"group", 2}, type_name{"bot", 3}};
inline constexpr std::array content_type_names{
    type_name{"text", 1},  type_name{"image", 2},   type_name{"markdown", 3}, type_name{"file", 4},
    type_name{"form", 5},  type_name{"article", 6}, type_name{"sticker", 7},  type_name{"html", 8},
    type_name{"tip", 9},   type_name{"video", 10},  type_name{"audio", 11},   type_name{"voice-call", 13},
    type_name{"a2ui", 14},
};

inline constexpr std::array request_answer_names{type_name{"accept", 1}, type_name{"refuse", 2},
                                                 type_name{"expired", 3}, type_name{"dissolved", 4}};

/// `T` or `const T`.
template <class T, class U>
concept is = std::same_as<std::remove_const_t<T>, U>;

template <class T>
concept has_schema = requires {
    yunhu::codec::schema<std::remove_const_t<T>>::fields;
};

/// The fields of a request, a content or a media, from their schema.
template <has_schema T, class Visit> void each_field(T& value, Visit&& visit) {
    yunhu::codec::for_each_field<std::remove_const_t<T>>([&]<class Field>(const Field& field) {
        visit(named(field.name, message(field.help), field.alias), Field::of(value));
    });
}

/// The help of an option that is a chat.
inline constexpr message chat_help(yunhu::codec::chat_fields<&yunhu::list_message_request::chat>::help);

/// The fields of what a look-up returns, from the table by which it is decoded.
template <class T, class Visit>
requires yunhu::codec::is_lookup_value<std::remove_const_t<T>>
void each_field(T& value, Visit&& visit) {
    yunhu::codec::for_each_wire_field<std::remove_const_t<T>>(
        [&]<class Field>(const Field& field) { visit(named(field.name, {""}, {}), Field::of(value)); });
}

// Results.

template <is<yunhu::tag> T, class Visit> void each_field(T& t, Visit&& visit) {
    visit("id", t.id);
    visit("group_id", t.group_id);
    visit("text", t.text);
    visit("color", t.color);
}

template <is<yunhu::sender> T, class Visit> void each_field(T& s, Visit&& visit) {
    visit("chat_id", s.chat_id);
    visit("chat_type", s.chat_type);
    visit("name", s.name);
    visit("avatar_url", s.avatar_url);
    visit("is_vip", s.is_vip);
    visit("tag_old", s.tag_old);
    visit("tag", s.tag);
}

template <is<yunhu::cmd> T, class Visit> void each_field(T& c, Visit&& visit) {
    visit("cmd_id", c.cmd_id);
    visit("name", c.name);
    visit("type", c.type);
}

template <is<yunhu::message> T, class Visit> void each_field(T& m, Visit&& visit) {
    visit("msg_id", m.msg_id);
    visit("sender", m.sender);
    visit("direction", m.direction);
    visit("content_type", m.content_type);
    visit("content", m.content);
    visit("send_time", m.send_time);
    visit("cmd", m.cmd);
    visit("msg_delete_time", m.msg_delete_time);
    visit("quote_msg_id", m.quote_msg_id);
    visit("msg_seq", m.msg_seq);
    visit("edit_time", m.edit_time);
}

/// `contentOld` is the text as received; the decoded content would repeat it.
template <is<yunhu::edit_record> T, class Visit> void each_field(T& r, Visit&& visit) {
    visit("id", r.id);
    visit("msgId", r.msg_id);
    visit("contentType", r.content_type);
    visit("contentOld", r.content_old_raw);
    visit("createTime", r.create_time);
    visit("msgTime", r.msg_time);
}

} // namespace cli
