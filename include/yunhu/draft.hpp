#pragma once

#include <yunhu/boxed.hpp>
#include <yunhu/types.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace yunhu::inline v0_1 {

/// What a message will say: its kind, its content and what goes with it. Every field may be set by hand;
/// the functions below set those that a kind requires.
struct draft {
    draft() = default;
    draft(content_type kind, boxed<yunhu::content> body) : type(kind), content(std::move(body)) {}
    bool operator==(const draft&) const = default;

    content_type type{};
    boxed<yunhu::content> content;
    std::uint64_t command_id = 0; ///< the bot command used; 0: none
    std::string quote_msg_id;     ///< the message quoted; empty: none
    boxed<yunhu::media> media;    ///< sent when anything in it is set
};

/// Plain text.
[[nodiscard]] draft text(std::string text);
/// Markdown.
[[nodiscard]] draft markdown(std::string text);
/// HTML.
[[nodiscard]] draft html(std::string text);
/// An image by the key of its upload.
[[nodiscard]] draft image(std::string key);
/// A file by the key of its upload, its name and its size in bytes.
[[nodiscard]] draft file(std::string key, std::string name, std::uint64_t size);
/// A video by the key of its upload.
[[nodiscard]] draft video(std::string key);
/// A voice message by the key of its upload and its length in seconds.
[[nodiscard]] draft audio(std::string key, std::uint64_t seconds);
/// A form; `form` is a JSON object keyed by control id.
[[nodiscard]] draft form(std::string form);

} // namespace yunhu::inline v0_1
