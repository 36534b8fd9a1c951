// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/buttons.hpp>
#include <yunhu/config.hpp>
#include <yunhu/draft.hpp>
#include <yunhu/types.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

// Typed views of a received message, one for each content type. The raw fields stay in `message::content`. Lifetime: a
// view points into its message and must not outlive it.
YUNHU_NAMESPACE_BEGIN

/// A text.
struct text_view {
    explicit text_view(const content& of) : text(of.text) {}
    std::string_view text;
};

/// A text in Markdown.
struct markdown_view {
    explicit markdown_view(const content& of) : text(of.text) {}
    std::string_view text;
};

/// A text in HTML.
struct html_view {
    explicit html_view(const content& of) : text(of.text) {}
    std::string_view text;
};

/// A picture.
struct image_view {
    explicit image_view(const content& of) : key(of.image), url(of.image_url), width(of.width), height(of.height) {}
    std::string_view key; ///< `key` or `url` may be empty
    std::string_view url;
    std::uint64_t width;  ///< pixels; 0 if unknown
    std::uint64_t height; ///< pixels; 0 if unknown
};

/// A file.
struct file_view {
    explicit file_view(const content& of) : url(of.file_url), name(of.file_name), size(of.file_size) {}
    std::string_view url;
    std::string_view name;
    std::uint64_t size; ///< bytes
};

/// A video.
struct video_view {
    explicit video_view(const content& of) : url(of.video_url), seconds(of.video_time) {}
    std::string_view url;
    std::uint64_t seconds; ///< 0 if unknown
};

/// A voice message.
struct audio_view {
    explicit audio_view(const content& of) : url(of.audio_url), seconds(of.audio_time) {}
    std::string_view url;
    std::uint64_t seconds;
};

/// A personal sticker of the sender.
struct personal_sticker_view {
    explicit personal_sticker_view(const content& of) : image(of.image), expression_id(of.expression_id) {}
    std::string_view image;
    std::string_view expression_id;
};

/// A sticker of a pack.
struct pack_sticker_view {
    explicit pack_sticker_view(const content& of)
        : image(of.image), item_id(of.sticker_item_id), pack_id(of.sticker_pack_id) {}
    std::string_view image;
    std::uint64_t item_id;
    std::uint64_t pack_id;
};

/// An article of a community.
struct article_view {
    explicit article_view(const content& of)
        : id(of.post_id), title(of.post_title), body(of.post_content),
          format(of.post_content_type == "2" ? article_format::markdown : article_format::text) {}
    std::string_view id;
    std::string_view title;
    std::string_view body;
    article_format format; ///< text, unless declared as Markdown
};

/// A completed form.
struct form_view {
    explicit form_view(const content& of) : json(of.form) {}
    std::string_view json; ///< an object keyed by control id
};

/// A call in a voice room.
struct voice_call_view {
    explicit voice_call_view(const content& of) : room_name(of.room_name), status_text(of.call_status_text) {}
    std::string_view room_name;
    std::string_view status_text;
};

/// A system tip.
struct tip_view {
    explicit tip_view(const content& of) : text(of.tip) {}
    std::string_view text;
};

/// A content type without a view.
struct raw_view {
    raw_view(content_type kind, const content& of) : type(kind), fields(&of) {}
    content_type type;
    const content* fields;
};

/// A view of any content type; `raw_view` is last.
using message_view = std::variant<text_view, markdown_view, html_view, image_view, file_view, video_view, audio_view,
                                  personal_sticker_view, pack_sticker_view, article_view, form_view, voice_call_view,
                                  tip_view, raw_view>;

/// The view of a message, by its content type. Parameters: the message. Errors: none; a type without a view is a
/// `raw_view`. Thread safety: any thread. Lifetime: the view must not outlive the message; a temporary is rejected.
[[nodiscard]] YUNHU_EXPORT message_view view(const message& of);
message_view view(const message&& of) = delete;

/// The quote of a message.
struct quote_view {
    explicit quote_view(const message& of)
        : msg_id(of.quote_msg_id), text(of.content->quote_msg_text), image_url(of.content->quote_image_url),
          image_name(of.content->quote_image_name), video_url(of.content->quote_video_url),
          video_seconds(of.content->quote_video_time) {}
    std::string_view msg_id;
    std::string_view text; ///< `name: text`
    std::string_view image_url;
    std::string_view image_name;
    std::string_view video_url;
    std::uint64_t video_seconds;
};

/// The quote of a message. Parameters: the message. Errors: absent if it has none. Thread safety: any thread. Lifetime:
/// the view must not outlive the message; a temporary is rejected.
[[nodiscard]] YUNHU_EXPORT std::optional<quote_view> quote_of(const message& of);
std::optional<quote_view> quote_of(const message&& of) = delete;

/// The buttons of a message. Parameters: the message. Errors: absent if they are invalid (`parse_buttons`). Thread
/// safety: any thread. Lifetime: a copy.
[[nodiscard]] inline std::optional<std::vector<button_row>> buttons_of(const message& of) {
    return parse_buttons(of.content->buttons);
}

/// True if the message was recalled. Parameters: the message. Errors: none. Thread safety: any thread.
[[nodiscard]] inline bool recalled(const message& of) noexcept {
    return of.msg_delete_time != 0;
}
/// True if the message was edited. Parameters: the message. Errors: none. Thread safety: any thread.
[[nodiscard]] inline bool edited(const message& of) noexcept {
    return of.edit_time != 0;
}

YUNHU_NAMESPACE_END
