// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "schema.hpp"

#include <yunhu/indirect.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/types.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

// The library's value types, written down once more: `walk` gives each field with its name on the wire. `fill` and
// `flatten` do by it what schema.hpp does by reflection, so that both sides can be compared.
namespace yunhu::test {

template <class T, class Base>
concept a = std::same_as<std::remove_const_t<T>, Base>;

template <a<content> T, class F> void walk(T& v, F f) {
    f("text", v.text), f("buttons", v.buttons), f("image_url", v.image_url), f("file_name", v.file_name);
    f("file_url", v.file_url), f("mentioned_id", v.mentioned_id), f("form", v.form);
    f("quote_msg_text", v.quote_msg_text), f("image", v.image), f("post_id", v.post_id);
    f("post_title", v.post_title), f("post_content", v.post_content), f("post_content_type", v.post_content_type);
    f("expression_id", v.expression_id), f("quote_image_url", v.quote_image_url);
    f("quote_image_name", v.quote_image_name), f("file_size", v.file_size), f("video_url", v.video_url);
    f("video_time", v.video_time), f("audio_url", v.audio_url), f("audio_time", v.audio_time);
    f("quote_video_url", v.quote_video_url), f("quote_video_time", v.quote_video_time);
    f("sticker_item_id", v.sticker_item_id), f("sticker_pack_id", v.sticker_pack_id), f("room_name", v.room_name);
    f("call_status_text", v.call_status_text), f("width", v.width), f("height", v.height);
    f("bot_llm_params", v.bot_llm_params), f("tip", v.tip);
}

template <a<media> T, class F> void walk(T& v, F f) {
    f("file_key", v.file_key), f("file_hash", v.file_hash), f("file_type", v.file_type);
    f("image_height", v.image_height), f("image_width", v.image_width), f("file_size", v.file_size);
    f("file_key2", v.file_key2), f("file_suffix", v.file_suffix);
}

template <a<tag> T, class F> void walk(T& v, F f) {
    f("id", v.id), f("group_id", v.group_id), f("text", v.text), f("color", v.color);
}

template <a<sender> T, class F> void walk(T& v, F f) {
    f("chat_id", v.chat_id), f("chat_type", v.chat_type), f("name", v.name), f("avatar_url", v.avatar_url);
    f("is_vip", v.is_vip), f("tag_old", v.tag_old), f("tag", v.tag);
}

template <a<cmd> T, class F> void walk(T& v, F f) {
    f("cmd_id", v.cmd_id), f("name", v.name), f("type", v.type);
}

template <a<message> T, class F> void walk(T& v, F f) {
    f("msg_id", v.msg_id), f("sender", v.sender), f("direction", v.direction), f("content_type", v.content_type);
    f("content", v.content), f("send_time", v.send_time), f("cmd", v.cmd), f("msg_delete_time", v.msg_delete_time);
    f("quote_msg_id", v.quote_msg_id), f("msg_seq", v.msg_seq), f("edit_time", v.edit_time);
}

template <class T, class F>
requires a<T, send_message_request> || a<T, edit_message_request>
void walk(T& v, F f) {
    f("msg_id", v.msg_id), f("chat_id", v.chat.id), f("chat_type", v.chat.type), f("content", v.content);
    f("content_type", v.content_type), f("command_id", v.command_id), f("quote_msg_id", v.quote_msg_id);
    f("media", v.media);
}

template <a<list_message_by_seq_request> T, class F> void walk(T& v, F f) {
    f("msg_start", v.msg_start), f("chat_type", v.chat.type), f("chat_id", v.chat.id);
}

template <a<list_message_request> T, class F> void walk(T& v, F f) {
    f("msg_count", v.msg_count), f("msg_id", v.msg_id), f("chat_type", v.chat.type), f("chat_id", v.chat.id);
}

template <a<list_message_by_mid_seq_request> T, class F> void walk(T& v, F f) {
    f("msg_seq", v.msg_seq), f("chat_type", v.chat.type), f("chat_id", v.chat.id), f("reserved", v.reserved);
    f("msg_count", v.msg_count), f("msg_id", v.msg_id);
}

template <a<pic_list_message_by_mid_seq_request> T, class F> void walk(T& v, F f) {
    f("image_id", v.image_id), f("chat_type", v.chat.type), f("chat_id", v.chat.id);
    f("earlier_count", v.earlier_count), f("later_count", v.later_count);
}

template <a<button_report_request> T, class F> void walk(T& v, F f) {
    f("msg_id", v.msg_id), f("chat_type", v.chat.type), f("chat_id", v.chat.id), f("user_id", v.user_id);
    f("button_value", v.button_value);
}

template <class T, class F>
requires a<T, recall_msg_request> || a<T, recall_msg_batch_request>
void walk(T& v, F f) {
    f("msg_id", v.msg_id), f("chat_id", v.chat.id), f("chat_type", v.chat.type);
}

template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> inline constexpr bool is_boxed = false;
template <class T> inline constexpr bool is_boxed<indirect<T>> = true;
template <class T> inline constexpr bool is_vector = false;
template <class T> inline constexpr bool is_vector<std::vector<T>> = true;

/// Sets everything that a value can hold, each to a value of its own; lists to two items.
template <class T> void fill(T& value, const std::string& path, std::uint64_t& next) {
    ++next;
    if constexpr (std::same_as<T, std::string>) {
        value = path;
    } else if constexpr (std::same_as<T, bool>) {
        value = true;
    } else if constexpr (std::integral<T> || std::is_enum_v<T>) {
        value = static_cast<T>(next);
    } else if constexpr (is_optional<T>) {
        fill(value.emplace(), path, next);
    } else if constexpr (is_boxed<T>) {
        fill(*value, path, next);
    } else if constexpr (is_vector<T>) {
        value.resize(2);
        fill(value[0], path + "[0]", next);
        fill(value[1], path + "[1]", next);
    } else {
        walk(value,
             [&](const std::string& name, auto& field) { fill(field, path.empty() ? name : path + '.' + name, next); });
    }
}

template <class T> [[nodiscard]] T filled() {
    T value;
    std::uint64_t next = std::uint64_t{1} << 60U; // above what a double holds
    fill(value, "", next);
    return value;
}

/// A value's fields on the wire: proto3 leaves out defaults.
template <class T> void flatten(const T& value, const std::string& path, leaves& into) {
    if constexpr (std::same_as<T, std::string>) {
        if (!value.empty() || path.ends_with(']')) {
            into[path] = value;
        }
    } else if constexpr (std::same_as<T, bool>) {
        if (value) {
            into[path] = "true";
        }
    } else if constexpr (std::integral<T>) {
        if (value != 0) {
            into[path] = std::to_string(value);
        }
    } else if constexpr (std::is_enum_v<T>) {
        flatten(static_cast<std::underlying_type_t<T>>(value), path, into);
    } else if constexpr (is_optional<T> || is_boxed<T>) {
        if (value) {
            flatten(*value, path, into);
        }
    } else if constexpr (is_vector<T>) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            flatten(value[i], path + '[' + std::to_string(i) + ']', into);
        }
    } else {
        if (!path.empty()) {
            into[path];
        }
        walk(value, [&](const std::string& name, const auto& field) {
            flatten(field, path.empty() ? name : path + '.' + name, into);
        });
    }
}

template <class T> [[nodiscard]] leaves flattened(const T& value, const std::string& path = {}) {
    leaves made;
    flatten(value, path, made);
    return made;
}

} // namespace yunhu::test
