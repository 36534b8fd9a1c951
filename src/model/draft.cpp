// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/buttons.hpp>
#include <yunhu/draft.hpp>
#include <yunhu/requests.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

namespace {

draft with_text(content_type kind, std::string text) {
    draft made(kind, {});
    made.content->text = std::move(text);
    return made;
}

// Text of a quote of a message that is neither image nor video.
const std::string& gist(const content& of) {
    if (!of.text.empty()) {
        return of.text;
    }
    return of.file_name.empty() ? of.post_title : of.file_name;
}

std::string file_name_in(const std::string& key) {
    return key.substr(key.rfind('/') + 1);
}

} // namespace

draft text(std::string text) {
    return with_text(content_type::text, std::move(text));
}

draft markdown(std::string text) {
    return with_text(content_type::markdown, std::move(text));
}

draft html(std::string text) {
    return with_text(content_type::html, std::move(text));
}

draft image(std::string key) {
    draft made(content_type::image, {});
    made.content->image = std::move(key);
    return made;
}

draft image_url(std::string url) {
    draft made(content_type::image, {});
    made.content->image_url = std::move(url);
    return made;
}

draft file(std::string key, std::string name, std::uint64_t size) {
    draft made(content_type::file, {});
    made.content->file_url = std::move(key);
    made.content->file_name = std::move(name);
    made.content->file_size = size;
    return made;
}

draft video(std::string key, std::uint64_t seconds) {
    draft made(content_type::video, {});
    made.content->video_url = std::move(key);
    made.content->video_time = seconds;
    return made;
}

draft audio(std::string key, std::uint64_t seconds) {
    draft made(content_type::audio, {});
    made.content->audio_url = std::move(key);
    made.content->audio_time = seconds;
    return made;
}

draft personal_sticker(std::string key, std::string expression_id) {
    draft made(content_type::sticker, {});
    made.content->image = std::move(key);
    made.content->expression_id = std::move(expression_id);
    return made;
}

draft pack_sticker(std::string key, std::uint64_t item_id, std::uint64_t pack_id) {
    draft made(content_type::sticker, {});
    made.content->image = std::move(key);
    made.content->sticker_item_id = item_id;
    made.content->sticker_pack_id = pack_id;
    return made;
}

draft article(std::string id, std::string title, std::string body, article_format format) {
    draft made(content_type::article, {});
    made.content->post_id = std::move(id);
    made.content->post_title = std::move(title);
    made.content->post_content = std::move(body);
    made.content->post_content_type = format == article_format::markdown ? "2" : "1";
    return made;
}

draft form(std::string form) {
    draft made(content_type::form, {});
    made.content->form = std::move(form);
    return made;
}

draft voice_call(std::string room_name, std::string status_text) {
    draft made(content_type::voice_call, {});
    made.content->room_name = std::move(room_name);
    made.content->call_status_text = std::move(status_text);
    return made;
}

draft& draft::mention(const std::vector<std::string>& ids) & {
    auto& all = content->mentioned_id;
    all.insert(all.end(), ids.begin(), ids.end());
    return *this;
}

void draft::add_mention(std::string id) {
    content->mentioned_id.push_back(std::move(id));
}

draft& draft::quote(const message& quoted) & {
    const yunhu::content& from = *quoted.content;
    switch (quoted.content_type) {
    case content_type::image:
        return quote_image(quoted.msg_id, quoted.sender.name, from.image_url.empty() ? from.image : from.image_url,
                           from.file_name.empty() ? file_name_in(from.image) : from.file_name);
    case content_type::video:
        return quote_video(quoted.msg_id, quoted.sender.name, from.video_url, from.video_time);
    default:
        return quote_text(quoted.msg_id, quoted.sender.name, gist(from));
    }
}

draft& draft::quote_text(std::string id, const std::string& name, const std::string& quoted) & {
    quote_msg_id = std::move(id);
    // A quote has at most one image or video: reset the fields of an earlier quote.
    content->quote_msg_text = name + ": " + quoted;
    content->quote_image_url.clear();
    content->quote_image_name.clear();
    content->quote_video_url.clear();
    content->quote_video_time = 0;
    return *this;
}

draft& draft::quote_image(std::string id, const std::string& name, std::string url, std::string file_name) & {
    quote_text(std::move(id), name, {});
    content->quote_image_url = std::move(url);
    content->quote_image_name = std::move(file_name);
    return *this;
}

draft& draft::quote_video(std::string id, const std::string& name, std::string url, std::uint64_t seconds) & {
    quote_text(std::move(id), name, {});
    content->quote_video_url = std::move(url);
    content->quote_video_time = seconds;
    return *this;
}

draft& draft::buttons(const std::vector<button_row>& rows) & {
    content->buttons = buttons_to_json(rows);
    return *this;
}

draft& draft::attach(yunhu::media upload) & {
    media = std::move(upload);
    return *this;
}

edit_message_request edit_keeping_quote(yunhu::chat in, const message& original, draft what) {
    const content& from = *original.content;
    if (what.quote_msg_id.empty() && !original.quote_msg_id.empty()) {
        what.quote_msg_id = original.quote_msg_id;
        what.content->quote_msg_text = from.quote_msg_text;
        what.content->quote_image_url = from.quote_image_url;
        what.content->quote_image_name = from.quote_image_name;
        what.content->quote_video_url = from.quote_video_url;
        what.content->quote_video_time = from.quote_video_time;
    }
    return {std::move(in), original.msg_id, std::move(what)};
}

YUNHU_NAMESPACE_END
