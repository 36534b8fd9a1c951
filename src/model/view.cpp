// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/view.hpp>

YUNHU_NAMESPACE_BEGIN

message_view view(const message& of) {
    const content& c = *of.content;
    switch (of.content_type) {
    case content_type::text:
        return text_view(c);
    case content_type::markdown:
        return markdown_view(c);
    case content_type::html:
        return html_view(c);
    case content_type::image:
        return image_view(c);
    case content_type::file:
        return file_view(c);
    case content_type::video:
        return video_view(c);
    case content_type::audio:
        return audio_view(c);
    case content_type::sticker:
        // A sticker of a pack may have an item id only; a personal sticker has neither id.
        if (c.sticker_item_id != 0 || c.sticker_pack_id != 0) {
            return pack_sticker_view(c);
        }
        return personal_sticker_view(c);
    case content_type::article:
        return article_view(c);
    case content_type::form:
        return form_view(c);
    case content_type::voice_call:
        return voice_call_view(c);
    case content_type::tip:
        return tip_view(c);
    default:
        return raw_view(of.content_type, c);
    }
}

std::optional<quote_view> quote_of(const message& of) {
    const quote_view found(of);
    if (found.msg_id.empty() && found.text.empty() && found.image_url.empty() && found.video_url.empty()) {
        return std::nullopt;
    }
    return found;
}

YUNHU_NAMESPACE_END
