// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "phrase.hpp"

#include <yunhu/requests.hpp>
#include <yunhu/types.hpp>

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

// The API's names of all fields, each written down once: options, batch lines and printed results all follow from here.
namespace cli {

/// What a field is called, what it is for, and the other name that some of the API's documents use.
struct named {
    // NOLINTNEXTLINE(google-explicit-constructor): `visit("text", c.text)` should read like that
    constexpr named(const char* name_, phrase help_ = "", const char* other_ = "")
        : name(name_), help(help_), other(other_) {}

    std::string_view name;
    phrase help;
    std::string_view other;
};

// The enumerations are open: a number stands for what has no name here.
using type_name = std::pair<std::string_view, std::uint64_t>;
inline constexpr std::array chat_type_names{type_name{"user", 1}, type_name{"group", 2}, type_name{"bot", 3}};
inline constexpr std::array content_type_names{
    type_name{"text", 1},  type_name{"image", 2},   type_name{"markdown", 3}, type_name{"file", 4},
    type_name{"form", 5},  type_name{"article", 6}, type_name{"sticker", 7},  type_name{"html", 8},
    type_name{"tip", 9},   type_name{"video", 10},  type_name{"audio", 11},   type_name{"voice-call", 13},
    type_name{"a2ui", 14},
};

/// `T` or `const T`.
template <class T, class U>
concept is = std::same_as<std::remove_const_t<T>, U>;

template <is<yunhu::content> T, class Visit> void each_field(T& c, Visit&& visit) {
    visit({"text", "body of a text, markdown or html message"}, c.text);
    visit({"buttons", "buttons, as JSON: rows of {text, actionType, value, url}"}, c.buttons);
    visit({"image_url", "image by its URL"}, c.image_url);
    visit({"file_name", "name of the file"}, c.file_name);
    visit({"file_url", "key of the file", "file_key"}, c.file_url);
    visit({"mentioned_id", "user to mention; may be repeated", "at"}, c.mentioned_id);
    visit({"form", "form, as a JSON object keyed by control id"}, c.form);
    visit({"quote_msg_text", "text of the quoted message, as `name: text`"}, c.quote_msg_text);
    visit({"image", "key of the image or sticker", "sticker_url"}, c.image);
    visit({"post_id", "article: its id"}, c.post_id);
    visit({"post_title", "article: its title"}, c.post_title);
    visit({"post_content", "article: its text"}, c.post_content);
    visit({"post_content_type", "article: 1 text, 2 markdown", "post_type"}, c.post_content_type);
    visit({"expression_id", "personal sticker"}, c.expression_id);
    visit({"quote_image_url", "image of the quoted message"}, c.quote_image_url);
    visit({"quote_image_name", "file name of that image"}, c.quote_image_name);
    visit({"file_size", "size of the file in bytes"}, c.file_size);
    visit({"video_url", "key of the video", "video"}, c.video_url);
    visit({"video_time", "length of the video in seconds"}, c.video_time);
    visit({"audio_url", "key of the audio file", "audio"}, c.audio_url);
    visit({"audio_time", "length of the audio in seconds"}, c.audio_time);
    visit({"quote_video_url", "video of the quoted message"}, c.quote_video_url);
    visit({"quote_video_time", "length of that video in seconds"}, c.quote_video_time);
    visit({"sticker_item_id", "sticker of a pack"}, c.sticker_item_id);
    visit({"sticker_pack_id", "pack of that sticker"}, c.sticker_pack_id);
    visit({"room_name", "text of a voice room", "call_text"}, c.room_name);
    visit({"call_status_text", "text of a voice call"}, c.call_status_text);
    visit({"width", "width in pixels"}, c.width);
    visit({"height", "height in pixels"}, c.height);
    visit({"bot_llm_params", "parameters of a bot's language model"}, c.bot_llm_params);
    visit({"tip", "system tip"}, c.tip);
}

template <is<yunhu::media> T, class Visit> void each_field(T& m, Visit&& visit) {
    visit({"file_key", "upload: its key"}, m.file_key);
    visit({"file_hash", "upload: its hash"}, m.file_hash);
    visit({"file_type", "upload: its MIME type"}, m.file_type);
    visit({"image_height", "upload: height in pixels"}, m.image_height);
    visit({"image_width", "upload: width in pixels"}, m.image_width);
    visit({"file_size", "upload: size in bytes"}, m.file_size);
    visit({"file_key2", "upload: its key again"}, m.file_key2);
    visit({"file_suffix", "upload: its suffix, e.g. jpg"}, m.file_suffix);
}

// What the lists return.

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

/// `contentOld` is the text as it came: what it decodes to is the same once more.
template <is<yunhu::edit_record> T, class Visit> void each_field(T& r, Visit&& visit) {
    visit("id", r.id);
    visit("msgId", r.msg_id);
    visit("contentType", r.content_type);
    visit("contentOld", r.content_old_raw);
    visit("createTime", r.create_time);
    visit("msgTime", r.msg_time);
}

// What the calls take.

inline constexpr named chat_field{"chat", "the conversation: user, group, bot or a number, then its id"};
inline constexpr named msg_id_field{"msg_id", "the message"};

template <class T, class Visit>
requires is<T, yunhu::send_message_request> || is<T, yunhu::edit_message_request>
void each_field(T& r, Visit&& visit) {
    visit(chat_field, r.chat);
    visit({"msg_id", "id of the message; when sending, generated if absent"}, r.msg_id);
    visit({"content_type", "kind of the message; text if absent"}, r.content_type);
    visit("content", r.content);
    visit({"quote_msg_id", "the message to quote"}, r.quote_msg_id);
    visit({"command_id", "the bot command to use"}, r.command_id);
    visit("media", r.media);
}

template <is<yunhu::list_message_by_seq_request> T, class Visit> void each_field(T& r, Visit&& visit) {
    visit(chat_field, r.chat);
    visit({"msg_start", "lists what is newer than this msg_seq; 0 (if absent): the newest"}, r.msg_start);
}

template <is<yunhu::list_message_request> T, class Visit> void each_field(T& r, Visit&& visit) {
    visit(chat_field, r.chat);
    visit({"msg_count", "how many; 20 if absent"}, r.msg_count);
    visit({"msg_id", "lists what is older than this message; the newest if absent"}, r.msg_id);
}

template <is<yunhu::list_message_by_mid_seq_request> T, class Visit> void each_field(T& r, Visit&& visit) {
    visit(chat_field, r.chat);
    visit({"msg_seq", "the message by its sequence number; -1: by its msg_id, also if absent"}, r.msg_seq);
    visit(msg_id_field, r.msg_id);
    visit({"msg_count", "how many besides that one; 1 if absent"}, r.msg_count);
    visit({"unknown", "the API does not say what it means"}, r.unknown);
}

template <is<yunhu::list_message_edit_record_request> T, class Visit> void each_field(T& r, Visit&& visit) {
    visit(msg_id_field, r.msg_id);
    visit({"size", "records a page; 20 if absent"}, r.size);
    visit({"page", "which page; 1 if absent"}, r.page);
}

template <is<yunhu::button_report_request> T, class Visit> void each_field(T& r, Visit&& visit) {
    visit(chat_field, r.chat);
    visit(msg_id_field, r.msg_id);
    visit({"user_id", "who pressed the button"}, r.user_id);
    visit({"button_value", "the button's value"}, r.button_value);
}

template <class T, class Visit>
requires is<T, yunhu::recall_msg_request> || is<T, yunhu::delete_msg_request>
void each_field(T& r, Visit&& visit) {
    visit(chat_field, r.chat);
    visit(msg_id_field, r.msg_id);
}

template <is<yunhu::recall_msg_batch_request> T, class Visit> void each_field(T& r, Visit&& visit) {
    visit(chat_field, r.chat);
    visit({"msg_id", "a message; to be repeated"}, r.msg_id);
}

template <is<yunhu::file_download_record_request> T, class Visit> void each_field(T& r, Visit&& visit) {
    visit(msg_id_field, r.msg_id);
    visit({"download_path", "where the file was saved"}, r.download_path);
}

template <is<yunhu::msg_forward_request> T, class Visit> void each_field(T& r, Visit&& visit) {
    visit(msg_id_field, r.msg_id);
    visit({"chat_type", "kind of the chat that the message is in"}, r.chat_type);
    visit({"receive", "a conversation to forward to; may be repeated"}, r.receive);
}

template <is<yunhu::pic_list_message_by_mid_seq_request> T, class Visit> void each_field(T& r, Visit&& visit) {
    visit(chat_field, r.chat);
    visit({"image_id", "msg_seq of a picture message"}, r.image_id);
    visit({"earlier_count", "how many earlier ones; 10 if absent"}, r.earlier_count);
    visit({"later_count", "how many later ones; 0 if absent"}, r.later_count);
}

} // namespace cli
