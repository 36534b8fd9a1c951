// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/wire_types.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

struct text_field {
    std::string_view json; ///< name in an edit record
    std::string content::*plain;
    const std::string& (wire::Content::*get)() const;
    std::string* (wire::Content::*edit)();
};

struct number_field {
    std::string_view json;
    std::uint64_t content::*plain;
    std::uint64_t (wire::Content::*get)() const;
    void (wire::Content::*set)(std::uint64_t);
};

using wire::Content;

// Every field of a content except mentioned_id; all conversions below iterate over these tables.
constexpr text_field texts[] = {
    {"text", &content::text, &Content::text, &Content::mutable_text},
    {"buttons", &content::buttons, &Content::buttons, &Content::mutable_buttons},
    {"imageUrl", &content::image_url, &Content::image_url, &Content::mutable_image_url},
    {"fileName", &content::file_name, &Content::file_name, &Content::mutable_file_name},
    {"fileUrl", &content::file_url, &Content::file_url, &Content::mutable_file_url},
    {"form", &content::form, &Content::form, &Content::mutable_form},
    {"quoteMsgText", &content::quote_msg_text, &Content::quote_msg_text, &Content::mutable_quote_msg_text},
    {"image", &content::image, &Content::image, &Content::mutable_image},
    {"postId", &content::post_id, &Content::post_id, &Content::mutable_post_id},
    {"postTitle", &content::post_title, &Content::post_title, &Content::mutable_post_title},
    {"postContent", &content::post_content, &Content::post_content, &Content::mutable_post_content},
    {"postContentType", &content::post_content_type, &Content::post_content_type, &Content::mutable_post_content_type},
    {"expressionId", &content::expression_id, &Content::expression_id, &Content::mutable_expression_id},
    {"quoteImageUrl", &content::quote_image_url, &Content::quote_image_url, &Content::mutable_quote_image_url},
    {"quoteImageName", &content::quote_image_name, &Content::quote_image_name, &Content::mutable_quote_image_name},
    {"videoUrl", &content::video_url, &Content::video_url, &Content::mutable_video_url},
    {"audioUrl", &content::audio_url, &Content::audio_url, &Content::mutable_audio_url},
    {"quoteVideoUrl", &content::quote_video_url, &Content::quote_video_url, &Content::mutable_quote_video_url},
    {"roomName", &content::room_name, &Content::room_name, &Content::mutable_room_name},
    {"callStatusText", &content::call_status_text, &Content::call_status_text, &Content::mutable_call_status_text},
    {"botLlmParams", &content::bot_llm_params, &Content::bot_llm_params, &Content::mutable_bot_llm_params},
    {"tip", &content::tip, &Content::tip, &Content::mutable_tip},
};

constexpr number_field numbers[] = {
    {"fileSize", &content::file_size, &Content::file_size, &Content::set_file_size},
    {"videoTime", &content::video_time, &Content::video_time, &Content::set_video_time},
    {"audioTime", &content::audio_time, &Content::audio_time, &Content::set_audio_time},
    {"quoteVideoTime", &content::quote_video_time, &Content::quote_video_time, &Content::set_quote_video_time},
    {"stickerItemId", &content::sticker_item_id, &Content::sticker_item_id, &Content::set_sticker_item_id},
    {"stickerPackId", &content::sticker_pack_id, &Content::sticker_pack_id, &Content::set_sticker_pack_id},
    {"width", &content::width, &Content::width, &Content::set_width},
    {"height", &content::height, &Content::height, &Content::set_height},
};

wire::Sender to_wire(const sender& from) {
    wire::Sender to;
    to.set_chat_id(from.chat_id);
    to.set_chat_type(static_cast<std::uint64_t>(from.chat_type));
    to.set_name(from.name);
    to.set_avatar_url(from.avatar_url);
    to.set_is_vip(from.is_vip);
    for (const std::string& old : from.tag_old) {
        to.add_tag_old(old);
    }
    for (const tag& each : from.tag) {
        wire::Tag* added = to.add_tag();
        added->set_id(each.id);
        added->set_group_id(each.group_id);
        added->set_text(each.text);
        added->set_color(each.color);
    }
    return to;
}

sender from_wire(const wire::Sender& from) {
    sender to;
    to.chat_id = from.chat_id();
    to.chat_type = static_cast<chat_type>(from.chat_type());
    to.name = from.name();
    to.avatar_url = from.avatar_url();
    to.is_vip = from.is_vip();
    to.tag_old.assign(from.tag_old().begin(), from.tag_old().end());
    for (const wire::Tag& each : from.tag()) {
        tag added;
        added.id = each.id();
        added.group_id = each.group_id();
        added.text = each.text();
        added.color = each.color();
        to.tag.push_back(std::move(added));
    }
    return to;
}

Content to_wire(const content& from) {
    Content to;
    for (const text_field& field : texts) {
        if (!(from.*field.plain).empty()) {
            *(to.*field.edit)() = from.*field.plain;
        }
    }
    for (const number_field& field : numbers) {
        (to.*field.set)(from.*field.plain);
    }
    to.mutable_mentioned_id()->Assign(from.mentioned_id.begin(), from.mentioned_id.end());
    return to;
}

content from_wire(const Content& from) {
    content to;
    for (const text_field& field : texts) {
        to.*field.plain = (from.*field.get)();
    }
    for (const number_field& field : numbers) {
        to.*field.plain = (from.*field.get)();
    }
    to.mentioned_id.assign(from.mentioned_id().begin(), from.mentioned_id().end());
    return to;
}

} // namespace

wire::Message to_wire(const message& from) {
    wire::Message to;
    to.set_msg_id(from.msg_id);
    *to.mutable_sender() = to_wire(from.sender);
    to.set_direction(from.direction);
    to.set_content_type(static_cast<std::uint64_t>(from.content_type));
    *to.mutable_content() = to_wire(*from.content);
    to.set_send_time(from.send_time);
    if (from.cmd) {
        to.mutable_cmd()->set_cmd_id(from.cmd->cmd_id);
        to.mutable_cmd()->set_name(from.cmd->name);
        to.mutable_cmd()->set_type(static_cast<std::uint64_t>(from.cmd->type));
    }
    to.set_msg_delete_time(from.msg_delete_time);
    to.set_quote_msg_id(from.quote_msg_id);
    to.set_msg_seq(from.msg_seq);
    to.set_edit_time(from.edit_time);
    return to;
}

message from_wire(const wire::Message& from) {
    message to;
    to.msg_id = from.msg_id();
    to.sender = from_wire(from.sender());
    to.direction = from.direction();
    to.content_type = static_cast<content_type>(from.content_type());
    to.content = from_wire(from.content());
    to.send_time = from.send_time();
    if (from.has_cmd()) {
        to.cmd.emplace();
        to.cmd->cmd_id = from.cmd().cmd_id();
        to.cmd->name = from.cmd().name();
        to.cmd->type = static_cast<cmd_type>(from.cmd().type());
    }
    to.msg_delete_time = from.msg_delete_time();
    to.quote_msg_id = from.quote_msg_id();
    to.msg_seq = from.msg_seq();
    to.edit_time = from.edit_time();
    return to;
}

std::string content_json(const Content& content) {
    boost::json::object object;
    for (const text_field& field : texts) {
        if (const std::string& text = (content.*field.get)(); !text.empty()) {
            object[field.json] = text;
        }
    }
    for (const number_field& field : numbers) {
        if (const std::uint64_t number = (content.*field.get)(); number != 0) {
            object[field.json] = number;
        }
    }
    if (!content.mentioned_id().empty()) {
        object["mentionedId"] = boost::json::array(content.mentioned_id().begin(), content.mentioned_id().end());
    }
    return boost::json::serialize(object);
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
