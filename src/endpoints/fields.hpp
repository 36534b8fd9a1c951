// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <yunhu/msg.pb.h>

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

// Which field of a value type is which field of its wire message. Encoding, decoding, checking and reading `contentOld`
// all walk these tables, so that a field is written down once.
YUNHU_NAMESPACE_BEGIN
namespace codec {

/// A table for each value type; `all` is a tuple of the fields below.
template <class Value> struct fields_of;

template <class Value, class Visit> constexpr void for_each_field(Visit visit) {
    std::apply([&](auto... field) { (visit(field), ...); }, fields_of<Value>::all);
}

template <class Value, class Wire> void put(const Value& from, Wire& to) {
    for_each_field<Value>([&](auto field) { field.put(from, to); });
}

/// Moves what the wire message holds into the value.
template <class Wire, class Value> void take(Wire& from, Value& to) {
    for_each_field<Value>([&](auto field) { field.take(from, to); });
}

template <auto Ours, auto Get, auto Mutable> struct text_field {
    std::string_view name;

    template <class Value> static auto& of(Value& value) { return value.*Ours; }
    template <class Value, class Wire> static void put(const Value& from, Wire& to) {
        if (!of(from).empty()) {
            *(to.*Mutable)() = of(from);
        }
    }
    template <class Wire, class Value> static void take(Wire& from, Value& to) {
        // Asked first: touching an absent text would allocate it.
        if (!(from.*Get)().empty()) {
            of(to) = std::move(*(from.*Mutable)());
        }
    }
};

/// A text that holds JSON.
template <auto Ours, auto Get, auto Mutable> struct json_text_field : text_field<Ours, Get, Mutable> {};

/// An integer, an open enumeration or a flag.
template <auto Ours, auto Get, auto Set> struct number_field {
    std::string_view name;

    template <class Value> static auto& of(Value& value) { return value.*Ours; }
    template <class Value, class Wire> static void put(const Value& from, Wire& to) {
        (to.*Set)(static_cast<decltype((to.*Get)())>(of(from)));
    }
    template <class Wire, class Value> static void take(Wire& from, Value& to) {
        of(to) = static_cast<std::remove_reference_t<decltype(of(to))>>((from.*Get)());
    }
};

template <auto Ours, auto Mutable> struct texts_field {
    std::string_view name;

    template <class Value> static auto& of(Value& value) { return value.*Ours; }
    template <class Value, class Wire> static void put(const Value& from, Wire& to) {
        for (const std::string& text : of(from)) {
            *(to.*Mutable)()->Add() = text;
        }
    }
    template <class Wire, class Value> static void take(Wire& from, Value& to) {
        auto& texts = *(from.*Mutable)();
        of(to).reserve(static_cast<std::size_t>(texts.size()));
        for (std::string& text : texts) {
            of(to).push_back(std::move(text));
        }
    }
};

/// A message in a message; where ours is optional, it is there when the wire's is.
template <auto Ours, auto Has, auto Mutable> struct message_field {
    std::string_view name;

    template <class Wire, class Value> static void take(Wire& from, Value& to) {
        if ((from.*Has)()) {
            codec::take(*(from.*Mutable)(), present(to.*Ours));
        }
    }

private:
    template <class T> static T& present(T& value) { return value; }
    template <class T> static T& present(std::optional<T>& value) { return value.emplace(); }
};

template <auto Ours, auto Mutable> struct messages_field {
    std::string_view name;

    template <class Wire, class Value> static void take(Wire& from, Value& to) {
        auto& messages = *(from.*Mutable)();
        (to.*Ours).reserve(static_cast<std::size_t>(messages.size()));
        for (auto& message : messages) {
            codec::take(message, (to.*Ours).emplace_back());
        }
    }
};

// Picks the accessor of the whole list among its overloads.
template <class Wire> using texts_of = google::protobuf::RepeatedPtrField<std::string>* (Wire::*)();
template <class Wire, class Item> using items_of = google::protobuf::RepeatedPtrField<Item>* (Wire::*)();

template <> struct fields_of<content> {
    using w = wire::Content;
    static constexpr std::tuple all{
        text_field<&content::text, &w::text, &w::mutable_text>{"text"},
        json_text_field<&content::buttons, &w::buttons, &w::mutable_buttons>{"buttons"},
        text_field<&content::image_url, &w::image_url, &w::mutable_image_url>{"image_url"},
        text_field<&content::file_name, &w::file_name, &w::mutable_file_name>{"file_name"},
        text_field<&content::file_url, &w::file_url, &w::mutable_file_url>{"file_url"},
        texts_field<&content::mentioned_id, texts_of<w>(&w::mutable_mentioned_id)>{"mentioned_id"},
        json_text_field<&content::form, &w::form, &w::mutable_form>{"form"},
        text_field<&content::quote_msg_text, &w::quote_msg_text, &w::mutable_quote_msg_text>{"quote_msg_text"},
        text_field<&content::image, &w::image, &w::mutable_image>{"image"},
        text_field<&content::post_id, &w::post_id, &w::mutable_post_id>{"post_id"},
        text_field<&content::post_title, &w::post_title, &w::mutable_post_title>{"post_title"},
        text_field<&content::post_content, &w::post_content, &w::mutable_post_content>{"post_content"},
        text_field<&content::post_content_type, &w::post_content_type, &w::mutable_post_content_type>{
            "post_content_type"},
        text_field<&content::expression_id, &w::expression_id, &w::mutable_expression_id>{"expression_id"},
        text_field<&content::quote_image_url, &w::quote_image_url, &w::mutable_quote_image_url>{"quote_image_url"},
        text_field<&content::quote_image_name, &w::quote_image_name, &w::mutable_quote_image_name>{"quote_image_name"},
        number_field<&content::file_size, &w::file_size, &w::set_file_size>{"file_size"},
        text_field<&content::video_url, &w::video_url, &w::mutable_video_url>{"video_url"},
        number_field<&content::video_time, &w::video_time, &w::set_video_time>{"video_time"},
        text_field<&content::audio_url, &w::audio_url, &w::mutable_audio_url>{"audio_url"},
        number_field<&content::audio_time, &w::audio_time, &w::set_audio_time>{"audio_time"},
        text_field<&content::quote_video_url, &w::quote_video_url, &w::mutable_quote_video_url>{"quote_video_url"},
        number_field<&content::quote_video_time, &w::quote_video_time, &w::set_quote_video_time>{"quote_video_time"},
        number_field<&content::sticker_item_id, &w::sticker_item_id, &w::set_sticker_item_id>{"sticker_item_id"},
        number_field<&content::sticker_pack_id, &w::sticker_pack_id, &w::set_sticker_pack_id>{"sticker_pack_id"},
        text_field<&content::room_name, &w::room_name, &w::mutable_room_name>{"room_name"},
        text_field<&content::call_status_text, &w::call_status_text, &w::mutable_call_status_text>{"call_status_text"},
        number_field<&content::width, &w::width, &w::set_width>{"width"},
        number_field<&content::height, &w::height, &w::set_height>{"height"},
        json_text_field<&content::bot_llm_params, &w::bot_llm_params, &w::mutable_bot_llm_params>{"bot_llm_params"},
        text_field<&content::tip, &w::tip, &w::mutable_tip>{"tip"},
    };
};

template <> struct fields_of<media> {
    using w = wire::Media;
    static constexpr std::tuple all{
        text_field<&media::file_key, &w::file_key, &w::mutable_file_key>{"file_key"},
        text_field<&media::file_hash, &w::file_hash, &w::mutable_file_hash>{"file_hash"},
        text_field<&media::file_type, &w::file_type, &w::mutable_file_type>{"file_type"},
        number_field<&media::image_height, &w::image_height, &w::set_image_height>{"image_height"},
        number_field<&media::image_width, &w::image_width, &w::set_image_width>{"image_width"},
        number_field<&media::file_size, &w::file_size, &w::set_file_size>{"file_size"},
        text_field<&media::file_key2, &w::file_key2, &w::mutable_file_key2>{"file_key2"},
        text_field<&media::file_suffix, &w::file_suffix, &w::mutable_file_suffix>{"file_suffix"},
    };
};

template <> struct fields_of<tag> {
    using w = wire::Tag;
    static constexpr std::tuple all{
        number_field<&tag::id, &w::id, &w::set_id>{"id"},
        text_field<&tag::group_id, &w::group_id, &w::mutable_group_id>{"group_id"},
        text_field<&tag::text, &w::text, &w::mutable_text>{"text"},
        text_field<&tag::color, &w::color, &w::mutable_color>{"color"},
    };
};

template <> struct fields_of<sender> {
    using w = wire::Sender;
    static constexpr std::tuple all{
        text_field<&sender::chat_id, &w::chat_id, &w::mutable_chat_id>{"chat_id"},
        number_field<&sender::chat_type, &w::chat_type, &w::set_chat_type>{"chat_type"},
        text_field<&sender::name, &w::name, &w::mutable_name>{"name"},
        text_field<&sender::avatar_url, &w::avatar_url, &w::mutable_avatar_url>{"avatar_url"},
        number_field<&sender::is_vip, &w::is_vip, &w::set_is_vip>{"is_vip"},
        texts_field<&sender::tag_old, texts_of<w>(&w::mutable_tag_old)>{"tag_old"},
        messages_field<&sender::tag, items_of<w, wire::Tag>(&w::mutable_tag)>{"tag"},
    };
};

template <> struct fields_of<cmd> {
    using w = wire::Cmd;
    static constexpr std::tuple all{
        number_field<&cmd::cmd_id, &w::cmd_id, &w::set_cmd_id>{"cmd_id"},
        text_field<&cmd::name, &w::name, &w::mutable_name>{"name"},
        number_field<&cmd::type, &w::type, &w::set_type>{"type"},
    };
};

template <> struct fields_of<message> {
    using w = wire::Message;
    static constexpr std::tuple all{
        text_field<&message::msg_id, &w::msg_id, &w::mutable_msg_id>{"msg_id"},
        message_field<&message::sender, &w::has_sender, &w::mutable_sender>{"sender"},
        text_field<&message::direction, &w::direction, &w::mutable_direction>{"direction"},
        number_field<&message::content_type, &w::content_type, &w::set_content_type>{"content_type"},
        message_field<&message::content, &w::has_content, &w::mutable_content>{"content"},
        number_field<&message::send_time, &w::send_time, &w::set_send_time>{"send_time"},
        message_field<&message::cmd, &w::has_cmd, &w::mutable_cmd>{"cmd"},
        number_field<&message::msg_delete_time, &w::msg_delete_time, &w::set_msg_delete_time>{"msg_delete_time"},
        text_field<&message::quote_msg_id, &w::quote_msg_id, &w::mutable_quote_msg_id>{"quote_msg_id"},
        number_field<&message::msg_seq, &w::msg_seq, &w::set_msg_seq>{"msg_seq"},
        number_field<&message::edit_time, &w::edit_time, &w::set_edit_time>{"edit_time"},
    };
};

} // namespace codec
YUNHU_NAMESPACE_END
