// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/buttons.hpp>
#include <yunhu/config.hpp>
#include <yunhu/indirect.hpp>
#include <yunhu/types.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// A message to be sent: its type, its content and its options. All fields may be set directly. The functions below
/// create a draft with the required fields of a type; the member functions add fields that any type may have:
///
///     co_await client.send_message({group("big"), text("hello").mention("123").quote(received).command(7)});
///
/// Each member function modifies the draft and returns a reference to it.
///
/// \par Errors
/// None here: a missing required field fails the call before any I/O (`errc::invalid_request`, delivery class
/// `not_sent`; `detail` names the field).
///
/// \par Thread safety
/// Distinct drafts may be used from any thread.
///
/// \par Lifetime
/// Arguments are copied or moved. The result of a temporary must be stored as a value (`draft d = ...`), not as a
/// reference.
struct YUNHU_EXPORT draft {
    draft() = default;
    draft(content_type kind, indirect<yunhu::content> body) : type(kind), content(std::move(body)) {}
    bool operator==(const draft&) const = default;

    /// Adds users to the mentioned ones. Parameters: their ids.
    template <std::convertible_to<std::string>... Id> draft& mention(Id&&... ids) & {
        (add_mention(std::string(std::forward<Id>(ids))), ...);
        return *this;
    }
    template <std::convertible_to<std::string>... Id> draft&& mention(Id&&... ids) && {
        return std::move(mention(std::forward<Id>(ids)...));
    }
    /// Adds users to the mentioned ones. Parameters: a list of their ids.
    draft& mention(const std::vector<std::string>& ids) &;
    draft&& mention(const std::vector<std::string>& ids) && { return std::move(mention(ids)); }

    /// Quotes a received message: its sender's name, its text, and the URL of its image or video. The server shows no
    /// quote in a voice message. Parameters: the message, which is copied from.
    draft& quote(const message& quoted) &;
    draft&& quote(const message& quoted) && { return std::move(quote(quoted)); }
    /// Quotes a message by its id. Parameters: its id; its sender's name and its text, which are displayed and not
    /// checked by the server.
    draft& quote_text(std::string id, const std::string& name, const std::string& quoted) &;
    draft&& quote_text(std::string id, const std::string& name, const std::string& quoted) && {
        return std::move(quote_text(std::move(id), name, quoted));
    }
    /// Quotes a message with an image. Parameters: its id; its sender's name; the image's URL and file name.
    draft& quote_image(std::string id, const std::string& name, std::string url, std::string file_name) &;
    draft&& quote_image(std::string id, const std::string& name, std::string url, std::string file_name) && {
        return std::move(quote_image(std::move(id), name, std::move(url), std::move(file_name)));
    }
    /// Quotes a message with a video. Parameters: its id; its sender's name; the video's URL and its length in seconds.
    draft& quote_video(std::string id, const std::string& name, std::string url, std::uint64_t seconds) &;
    draft&& quote_video(std::string id, const std::string& name, std::string url, std::uint64_t seconds) && {
        return std::move(quote_video(std::move(id), name, std::move(url), seconds));
    }

    /// Sets the rows of buttons, replacing earlier ones. Parameters: the rows, from top to bottom.
    template <std::same_as<button_row>... Row> draft& buttons(Row... rows) & {
        std::vector<button_row> all;
        all.reserve(sizeof...(rows));
        (all.push_back(std::move(rows)), ...);
        return buttons(all);
    }
    template <std::same_as<button_row>... Row> draft&& buttons(Row... rows) && {
        return std::move(buttons(std::move(rows)...));
    }
    /// Sets the rows of buttons, replacing earlier ones. Parameters: a list of the rows, from top to bottom.
    draft& buttons(const std::vector<button_row>& rows) &;
    draft&& buttons(const std::vector<button_row>& rows) && { return std::move(buttons(rows)); }

    /// Uses a bot command. Parameters: its id; 0 for none.
    draft& command(std::uint64_t id) & {
        command_id = id;
        return *this;
    }
    draft&& command(std::uint64_t id) && { return std::move(command(id)); }
    /// Adds metadata of the upload of an image, audio or video message. Parameters: the metadata.
    draft& attach(yunhu::media upload) &;
    draft&& attach(yunhu::media upload) && { return std::move(attach(std::move(upload))); }

    content_type type{};
    indirect<yunhu::content> content;
    std::uint64_t command_id = 0; ///< id of the bot command, or 0
    std::string quote_msg_id;     ///< id of the quoted message, or empty
    indirect<yunhu::media> media; ///< sent if any field is set

private:
    void add_mention(std::string id);
};

/// Format of the text of an article: `post_content_type` of the API.
enum class article_format : std::uint8_t { text, markdown };

// The functions below may be called from any thread. Arguments are moved; an empty required one fails the call that
// sends the draft (`errc::invalid_request`, `not_sent`).

/// A plain text. Parameters: the text, UTF-8.
[[nodiscard]] YUNHU_EXPORT draft text(std::string text);
/// A text in Markdown. Parameters: the text, UTF-8.
[[nodiscard]] YUNHU_EXPORT draft markdown(std::string text);
/// A text in HTML. Parameters: the text, UTF-8.
[[nodiscard]] YUNHU_EXPORT draft html(std::string text);
/// An uploaded image. Parameters: the key of the upload.
[[nodiscard]] YUNHU_EXPORT draft image(std::string key);
/// An image by its URL (`content.image_url`). Parameters: the URL.
[[nodiscard]] YUNHU_EXPORT draft image_url(std::string url);
/// An uploaded file. Parameters: the key of the upload; the file's name; its size in bytes.
[[nodiscard]] YUNHU_EXPORT draft file(std::string key, std::string name, std::uint64_t size);
/// An uploaded video. Parameters: the key of the upload; the video's length in seconds, 0 if unknown.
[[nodiscard]] YUNHU_EXPORT draft video(std::string key, std::uint64_t seconds = 0);
/// A voice message. Parameters: the key of the upload; the length in seconds.
[[nodiscard]] YUNHU_EXPORT draft audio(std::string key, std::uint64_t seconds);
/// A personal sticker. Parameters: the key of its image; its id.
[[nodiscard]] YUNHU_EXPORT draft personal_sticker(std::string key, std::string expression_id);
/// A sticker of a pack. Parameters: the key of its image; the sticker's id; the pack's id.
[[nodiscard]] YUNHU_EXPORT draft pack_sticker(std::string key, std::uint64_t item_id, std::uint64_t pack_id);
/// An article of the community. Parameters: its id; its title; its text and the text's format.
[[nodiscard]] YUNHU_EXPORT draft article(std::string id, std::string title, std::string body, article_format format);
/// A form. Parameters: a JSON object keyed by control id.
[[nodiscard]] YUNHU_EXPORT draft form(std::string form);
/// A voice call. Parameters: the room's name; the text of its state.
[[nodiscard]] YUNHU_EXPORT draft voice_call(std::string room_name, std::string status_text);

YUNHU_NAMESPACE_END
