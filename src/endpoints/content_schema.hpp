// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/schema_field.hpp"

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

// The parts of a message.
YUNHU_NAMESPACE_BEGIN
namespace codec {

template <> struct schema<content> {
    static constexpr std::tuple fields{
        field<&content::text>{
            .name = "text",
            .number = 1,
            .help = {"body of a text, markdown or html message", "文本、markdown 或 html 消息的正文"}},
        field<&content::buttons>{.name = "buttons",
                                 .number = 2,
                                 .help = {"buttons, as JSON: rows of {text, actionType, value, url}",
                                          "按钮，JSON：若干行 {text, actionType, value, url}"},
                                 .holds_json = true},
        field<&content::image_url>{.name = "image_url", .number = 3, .help = {"image by its URL", "图片的网址"}},
        field<&content::file_name>{.name = "file_name", .number = 4, .help = {"name of the file", "文件名"}},
        field<&content::file_url>{
            .name = "file_url", .number = 5, .help = {"key of the file", "文件的 key"}, .alias = "file_key"},
        field<&content::mentioned_id>{.name = "mentioned_id",
                                      .number = 6,
                                      .help = {"user to mention; may be repeated", "要 @ 的用户，可以重复"},
                                      .alias = "at"},
        field<&content::form>{.name = "form",
                              .number = 7,
                              .help = {"form, as a JSON object keyed by control id", "表单，JSON 对象，键是控件 id"},
                              .holds_json = true},
        field<&content::quote_msg_text>{
            .name = "quote_msg_text",
            .number = 8,
            .help = {"text of the quoted message, as `name: text`", "被引用消息的文字，写作“名字: 文字”"}},
        field<&content::image>{.name = "image",
                               .number = 9,
                               .help = {"key of the image or sticker", "图片或表情的 key"},
                               .alias = "sticker_url"},
        field<&content::post_id>{.name = "post_id", .number = 10, .help = {"article: its id", "文章：id"}},
        field<&content::post_title>{.name = "post_title", .number = 11, .help = {"article: its title", "文章：标题"}},
        field<&content::post_content>{
            .name = "post_content", .number = 12, .help = {"article: its text", "文章：正文"}},
        field<&content::post_content_type>{.name = "post_content_type",
                                           .number = 13,
                                           .help = {"article: 1 text, 2 markdown", "文章：1 文本，2 markdown"},
                                           .alias = "post_type"},
        field<&content::expression_id>{.name = "expression_id", .number = 15, .help = {"personal sticker", "个人表情"}},
        field<&content::quote_image_url>{
            .name = "quote_image_url", .number = 16, .help = {"image of the quoted message", "被引用消息的图片"}},
        field<&content::quote_image_name>{
            .name = "quote_image_name", .number = 17, .help = {"file name of that image", "该图片的文件名"}},
        field<&content::file_size>{
            .name = "file_size", .number = 18, .help = {"size of the file in bytes", "文件大小，字节"}},
        field<&content::video_url>{
            .name = "video_url", .number = 19, .help = {"key of the video", "视频的 key"}, .alias = "video"},
        field<&content::video_time>{
            .name = "video_time", .number = 20, .help = {"length of the video in seconds", "视频时长，秒"}},
        field<&content::audio_url>{
            .name = "audio_url", .number = 21, .help = {"key of the audio file", "语音文件的 key"}, .alias = "audio"},
        field<&content::audio_time>{
            .name = "audio_time", .number = 22, .help = {"length of the audio in seconds", "语音时长，秒"}},
        field<&content::quote_video_url>{
            .name = "quote_video_url", .number = 23, .help = {"video of the quoted message", "被引用消息的视频"}},
        field<&content::quote_video_time>{
            .name = "quote_video_time", .number = 24, .help = {"length of that video in seconds", "该视频的时长，秒"}},
        field<&content::sticker_item_id>{
            .name = "sticker_item_id", .number = 25, .help = {"sticker of a pack", "表情包里的表情"}},
        field<&content::sticker_pack_id>{
            .name = "sticker_pack_id", .number = 26, .help = {"pack of that sticker", "该表情所在的表情包"}},
        field<&content::room_name>{.name = "room_name",
                                   .number = 29,
                                   .help = {"text of a voice room", "语音房间的文字"},
                                   .alias = "call_text"},
        field<&content::call_status_text>{
            .name = "call_status_text", .number = 32, .help = {"text of a voice call", "语音通话的文字"}},
        field<&content::width>{.name = "width", .number = 33, .help = {"width in pixels", "宽，像素"}},
        field<&content::height>{.name = "height", .number = 34, .help = {"height in pixels", "高，像素"}},
        field<&content::bot_llm_params>{.name = "bot_llm_params",
                                        .number = 36,
                                        .help = {"parameters of a bot's language model", "机器人语言模型的参数"},
                                        .holds_json = true},
        field<&content::tip>{.name = "tip", .number = 37, .help = {"system tip", "系统提示"}},
    };
};

template <> struct schema<media> {
    static constexpr std::tuple fields{
        field<&media::file_key>{.name = "file_key", .number = 1, .help = {"upload: its key", "上传的文件：key"}},
        field<&media::file_hash>{.name = "file_hash", .number = 2, .help = {"upload: its hash", "上传的文件：哈希"}},
        field<&media::file_type>{
            .name = "file_type", .number = 3, .help = {"upload: its MIME type", "上传的文件：MIME 类型"}},
        field<&media::image_height>{
            .name = "image_height", .number = 5, .help = {"upload: height in pixels", "上传的文件：高，像素"}},
        field<&media::image_width>{
            .name = "image_width", .number = 6, .help = {"upload: width in pixels", "上传的文件：宽，像素"}},
        field<&media::file_size>{
            .name = "file_size", .number = 7, .help = {"upload: size in bytes", "上传的文件：大小，字节"}},
        field<&media::file_key2>{
            .name = "file_key2", .number = 8, .help = {"upload: its key again", "上传的文件：再写一次 key"}},
        field<&media::file_suffix>{
            .name = "file_suffix", .number = 9, .help = {"upload: its suffix, e.g. jpg", "上传的文件：后缀，如 jpg"}},
    };
};

} // namespace codec
YUNHU_NAMESPACE_END
