// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <yunhu/msg.pb.h>

#include <optional>
#include <string>
#include <tuple>
#include <utility>

// Wire message -> value: which accessors of the generated message belong to which member.
YUNHU_NAMESPACE_BEGIN
namespace codec {

/// A table for each value type; `all` is a tuple of the fields below.
template <class Value> struct wire_fields;

/// Moves the wire message's fields into the value.
template <class Wire, class Value> void take(Wire& from, Value& to) {
    std::apply([&](auto... fields) { (fields.take(from, to), ...); }, wire_fields<Value>::all);
}

template <auto Ours, auto Get, auto Mutable> struct text_field {
    template <class Value> static auto& of(Value& value) { return value.*Ours; }
    template <class Wire, class Value> static void take(Wire& from, Value& to) {
        // Mutable access to an absent text would allocate it.
        if (!(from.*Get)().empty()) {
            of(to) = std::move(*(from.*Mutable)());
        }
    }
};

/// An integer, an open enumeration or a flag.
template <auto Ours, auto Get> struct number_field {
    template <class Value> static auto& of(Value& value) { return value.*Ours; }
    template <class Wire, class Value> static void take(Wire& from, Value& to) {
        of(to) = static_cast<std::remove_reference_t<decltype(of(to))>>((from.*Get)());
    }
};

template <auto Ours, auto Mutable> struct texts_field {
    template <class Value> static auto& of(Value& value) { return value.*Ours; }
    template <class Wire, class Value> static void take(Wire& from, Value& to) {
        auto& texts = *(from.*Mutable)();
        of(to).reserve(static_cast<std::size_t>(texts.size()));
        for (std::string& text : texts) {
            of(to).push_back(std::move(text));
        }
    }
};

/// A message in a message. An optional member is set if the wire has the message.
template <auto Ours, auto Has, auto Mutable> struct message_field {
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

template <> struct wire_fields<content> {
    using w = wire::Content;
    static constexpr std::tuple all{
        text_field<&content::text, &w::text, &w::mutable_text>{},
        text_field<&content::buttons, &w::buttons, &w::mutable_buttons>{},
        text_field<&content::image_url, &w::image_url, &w::mutable_image_url>{},
        text_field<&content::file_name, &w::file_name, &w::mutable_file_name>{},
        text_field<&content::file_url, &w::file_url, &w::mutable_file_url>{},
        texts_field<&content::mentioned_id, texts_of<w>(&w::mutable_mentioned_id)>{},
        text_field<&content::form, &w::form, &w::mutable_form>{},
        text_field<&content::quote_msg_text, &w::quote_msg_text, &w::mutable_quote_msg_text>{},
        text_field<&content::image, &w::image, &w::mutable_image>{},
        text_field<&content::post_id, &w::post_id, &w::mutable_post_id>{},
        text_field<&content::post_title, &w::post_title, &w::mutable_post_title>{},
        text_field<&content::post_content, &w::post_content, &w::mutable_post_content>{},
        text_field<&content::post_content_type, &w::post_content_type, &w::mutable_post_content_type>{},
        text_field<&content::expression_id, &w::expression_id, &w::mutable_expression_id>{},
        text_field<&content::quote_image_url, &w::quote_image_url, &w::mutable_quote_image_url>{},
        text_field<&content::quote_image_name, &w::quote_image_name, &w::mutable_quote_image_name>{},
        number_field<&content::file_size, &w::file_size>{},
        text_field<&content::video_url, &w::video_url, &w::mutable_video_url>{},
        number_field<&content::video_time, &w::video_time>{},
        text_field<&content::audio_url, &w::audio_url, &w::mutable_audio_url>{},
        number_field<&content::audio_time, &w::audio_time>{},
        text_field<&content::quote_video_url, &w::quote_video_url, &w::mutable_quote_video_url>{},
        number_field<&content::quote_video_time, &w::quote_video_time>{},
        number_field<&content::sticker_item_id, &w::sticker_item_id>{},
        number_field<&content::sticker_pack_id, &w::sticker_pack_id>{},
        text_field<&content::room_name, &w::room_name, &w::mutable_room_name>{},
        text_field<&content::call_status_text, &w::call_status_text, &w::mutable_call_status_text>{},
        number_field<&content::width, &w::width>{},
        number_field<&content::height, &w::height>{},
        text_field<&content::bot_llm_params, &w::bot_llm_params, &w::mutable_bot_llm_params>{},
        text_field<&content::tip, &w::tip, &w::mutable_tip>{},
    };
};

template <> struct wire_fields<media> {
    using w = wire::Media;
    static constexpr std::tuple all{
        text_field<&media::file_key, &w::file_key, &w::mutable_file_key>{},
        text_field<&media::file_hash, &w::file_hash, &w::mutable_file_hash>{},
        text_field<&media::file_type, &w::file_type, &w::mutable_file_type>{},
        number_field<&media::image_height, &w::image_height>{},
        number_field<&media::image_width, &w::image_width>{},
        number_field<&media::file_size, &w::file_size>{},
        text_field<&media::file_key2, &w::file_key2, &w::mutable_file_key2>{},
        text_field<&media::file_suffix, &w::file_suffix, &w::mutable_file_suffix>{},
    };
};

template <> struct wire_fields<tag> {
    using w = wire::Tag;
    static constexpr std::tuple all{
        number_field<&tag::id, &w::id>{},
        text_field<&tag::group_id, &w::group_id, &w::mutable_group_id>{},
        text_field<&tag::text, &w::text, &w::mutable_text>{},
        text_field<&tag::color, &w::color, &w::mutable_color>{},
    };
};

template <> struct wire_fields<sender> {
    using w = wire::Sender;
    static constexpr std::tuple all{
        text_field<&sender::chat_id, &w::chat_id, &w::mutable_chat_id>{},
        number_field<&sender::chat_type, &w::chat_type>{},
        text_field<&sender::name, &w::name, &w::mutable_name>{},
        text_field<&sender::avatar_url, &w::avatar_url, &w::mutable_avatar_url>{},
        number_field<&sender::is_vip, &w::is_vip>{},
        texts_field<&sender::tag_old, texts_of<w>(&w::mutable_tag_old)>{},
        messages_field<&sender::tag, items_of<w, wire::Tag>(&w::mutable_tag)>{},
    };
};

template <> struct wire_fields<cmd> {
    using w = wire::Cmd;
    static constexpr std::tuple all{
        number_field<&cmd::cmd_id, &w::cmd_id>{},
        text_field<&cmd::name, &w::name, &w::mutable_name>{},
        number_field<&cmd::type, &w::type>{},
    };
};

template <> struct wire_fields<message> {
    using w = wire::Message;
    static constexpr std::tuple all{
        text_field<&message::msg_id, &w::msg_id, &w::mutable_msg_id>{},
        message_field<&message::sender, &w::has_sender, &w::mutable_sender>{},
        text_field<&message::direction, &w::direction, &w::mutable_direction>{},
        number_field<&message::content_type, &w::content_type>{},
        message_field<&message::content, &w::has_content, &w::mutable_content>{},
        number_field<&message::send_time, &w::send_time>{},
        message_field<&message::cmd, &w::has_cmd, &w::mutable_cmd>{},
        number_field<&message::msg_delete_time, &w::msg_delete_time>{},
        text_field<&message::quote_msg_id, &w::quote_msg_id, &w::mutable_quote_msg_id>{},
        number_field<&message::msg_seq, &w::msg_seq>{},
        number_field<&message::edit_time, &w::edit_time>{},
    };
};

} // namespace codec
YUNHU_NAMESPACE_END
