// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/indirect.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// Kind of a conversation. Open: a value the library does not know survives a round trip.
enum class chat_type : std::int64_t { user = 1, group = 2, bot = 3 };

/// Kind of a message. Open: a value the library does not know survives a round trip.
enum class content_type : std::int64_t {
    text = 1,
    image = 2,
    markdown = 3,
    file = 4,
    form = 5,
    article = 6,
    sticker = 7,
    html = 8,
    tip = 9,
    video = 10,
    audio = 11,
    voice_call = 13,
    a2ui = 14,
};

/// Kind of a bot command. Open.
enum class cmd_type : std::int64_t { normal = 1, direct = 2, custom_input = 5 };

// Every type here declares a constructor: GCC 12 destroys aggregates twice in a co_await expression.

/// Identifies a conversation: `chat_id` and `chat_type` of the API.
struct chat {
    chat() = default;
    chat(chat_type kind, std::string chat_id) : id(std::move(chat_id)), type(kind) {}
    bool operator==(const chat&) const = default;

    std::string id;
    chat_type type{};
};

/// The conversation with the user `id`.
inline chat user(std::string id) {
    return {chat_type::user, std::move(id)};
}
/// The group `id`.
inline chat group(std::string id) {
    return {chat_type::group, std::move(id)};
}
/// The conversation with the bot `id`.
inline chat bot_chat(std::string id) {
    return {chat_type::bot, std::move(id)};
}

/// The content of a message, with the fields of the wire format of send, edit and list. Absent fields are empty or 0.
struct YUNHU_EXPORT content {
    // Defined out of line: with so many members they would slow down the compilation of every file that makes a call.
    content();
    content(const content& other);
    content(content&& other) noexcept;
    content& operator=(const content& other);
    content& operator=(content&& other) noexcept;
    ~content();
    bool operator==(const content&) const = default;

    std::string text;                      ///< body of text, markdown and html messages
    std::string buttons;                   ///< JSON text: rows of `{text, actionType, value, url}`
    std::string image_url;                 ///< a received image
    std::string file_name;                 ///< name of a file
    std::string file_url;                  ///< key of a file (`file_key`) when sending, its URL in lists
    std::vector<std::string> mentioned_id; ///< users mentioned (`at`)
    std::string form;                      ///< JSON object keyed by control id
    std::string quote_msg_text;            ///< text of the quoted message, `name: text`
    std::string image;                     ///< key of an image or a sticker
    std::string post_id;                   ///< article
    std::string post_title;                ///< article
    std::string post_content;              ///< article
    std::string post_content_type;         ///< article (`post_type`): "1" text, "2" markdown
    std::string expression_id;             ///< personal sticker
    std::string quote_image_url;           ///< image of the quoted message
    std::string quote_image_name;          ///< file name of that image
    std::uint64_t file_size = 0;           ///< bytes
    std::string video_url;                 ///< key of a video when sending, its URL in lists
    std::uint64_t video_time = 0;          ///< seconds
    std::string audio_url;                 ///< key of an audio file when sending, its URL in lists
    std::uint64_t audio_time = 0;          ///< seconds
    std::string quote_video_url;           ///< video of the quoted message
    std::uint64_t quote_video_time = 0;    ///< seconds
    std::uint64_t sticker_item_id = 0;     ///< sticker of a pack
    std::uint64_t sticker_pack_id = 0;     ///< pack of that sticker
    std::string room_name;                 ///< voice room (`call_text` in lists)
    std::string call_status_text;          ///< voice call
    std::uint64_t width = 0;               ///< pixels
    std::uint64_t height = 0;              ///< pixels
    std::string bot_llm_params;            ///< parameters of a bot's language model
    std::string tip;                       ///< system tip
};

/// Metadata of an uploaded object in an image, audio or video message.
struct YUNHU_EXPORT media {
    media() = default;
    bool operator==(const media&) const = default;

    std::string file_key;           ///< key returned by the upload
    std::string file_hash;          ///< hash returned by the upload
    std::string file_type;          ///< MIME type, e.g. `image/jpeg`
    std::uint64_t image_height = 0; ///< pixels
    std::uint64_t image_width = 0;  ///< pixels
    std::uint64_t file_size = 0;    ///< bytes
    std::string file_key2;          ///< equal to `file_key`; the server requires both
    std::string file_suffix;        ///< e.g. `jpg`
};

/// A label of a sender.
struct tag {
    tag() = default;
    bool operator==(const tag&) const = default;

    std::uint64_t id = 0;
    std::string group_id;
    std::string text;
    std::string color; ///< `#AARRGGBB`
};

/// The sender of a message.
struct sender {
    sender() = default;
    bool operator==(const sender&) const = default;

    std::string chat_id;
    yunhu::chat_type chat_type{};
    std::string name;
    std::string avatar_url;
    bool is_vip = false;
    std::vector<std::string> tag_old; ///< labels in the format of older clients
    std::vector<yunhu::tag> tag;      ///< labels
};

/// The bot command of a message.
struct cmd {
    cmd() = default;
    bool operator==(const cmd&) const = default;

    std::uint64_t cmd_id = 0;
    std::string name;
    cmd_type type{};
};

/// A message returned by the list endpoints.
struct message {
    message() = default;
    bool operator==(const message&) const = default;

    std::string msg_id;
    yunhu::sender sender;
    std::string direction; ///< "left" (of another account) or "right" (of this account)
    yunhu::content_type content_type{};
    indirect<yunhu::content> content;
    std::uint64_t send_time = 0;       ///< ms since the epoch
    std::optional<yunhu::cmd> cmd;     ///< absent if the message has no command
    std::uint64_t msg_delete_time = 0; ///< ms since the epoch; > 0 if the message was recalled
    std::string quote_msg_id;          ///< the quoted message
    std::uint64_t msg_seq = 0;         ///< position in the chat
    std::uint64_t edit_time = 0;       ///< ms since the epoch; 0 if the message was never edited
};

/// One earlier version of an edited message.
struct edit_record {
    edit_record() = default;
    bool operator==(const edit_record&) const = default;

    std::uint64_t id = 0;
    std::string msg_id;
    yunhu::content_type content_type{};
    std::string content_old_raw;               ///< `contentOld` as received: JSON text
    std::optional<yunhu::content> content_old; ///< `contentOld`, decoded; absent if it is not a JSON object
    std::uint64_t create_time = 0;             ///< ms since the epoch
    std::uint64_t msg_time = 0;                ///< ms since the epoch
};

YUNHU_NAMESPACE_END
