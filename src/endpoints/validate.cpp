// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/validate.hpp"
#include "endpoints/content_schema.hpp"
#include "model/code_points.hpp"

#include <boost/locale/utf.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace codec {

namespace {

// No branch in the loop, so that the compiler can vectorise it.
bool is_ascii(std::string_view text) {
    unsigned char all = 0;
    for (const char c : text) {
        all |= static_cast<unsigned char>(c);
    }
    return all < 0x80;
}

bool is_utf8(std::string_view text) {
    if (is_ascii(text)) {
        return true;
    }
    using utf8 = boost::locale::utf::utf_traits<char>;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        if (static_cast<unsigned char>(*at) < 0x80) {
            ++at;
        } else if (!boost::locale::utf::is_valid_codepoint(utf8::decode(at, end))) {
            return false;
        }
    }
    return true;
}

bool has_control_character(std::string_view text) {
    bool any = false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        any |= byte < 0x20 || byte == 0x7F; // no branch here either
    }
    return any;
}

// ` must not contain ...` for the first character of an id that is not visible; empty if all are. Two ids that look the
// same would be two chats.
std::string hidden_character(std::string_view text) {
    while (!text.empty()) {
        const unicode::code_point c = unicode::first_code_point(text);
        if (c.bytes == 0) {
            break; // not UTF-8, which is refused by its own name
        }
        if (unicode::is_control(c.value)) {
            return " must not contain control characters";
        }
        if (unicode::is_invisible(c.value)) {
            std::array<char, 12> hex{};
            std::snprintf(hex.data(), hex.size(), "%04X", static_cast<unsigned>(c.value));
            return std::string(" must not contain invisible characters: U+").append(hex.data());
        }
        text.remove_prefix(c.bytes);
    }
    return {};
}

std::string indexed(std::string_view name, std::size_t index) {
    return std::string(name) + '[' + std::to_string(index) + ']';
}

} // namespace

void validator::fail(std::string_view prefix, std::string_view name, std::string_view constraint) {
    if (!first_) {
        first_.emplace().detail.append(prefix).append(name).append(constraint);
    }
}

void validator::text(std::string_view prefix, std::string_view name, rule must, std::string_view value) {
    if (must == rule::id && value.empty()) {
        fail(prefix, name, " must not be empty");
    }
    if ((must == rule::id || must == rule::optional_id) && (!is_ascii(value) || has_control_character(value))) {
        if (const std::string why = hidden_character(value); !why.empty()) {
            fail(prefix, name, why);
        }
    }
    if (!value.empty() && !is_utf8(value)) {
        fail(prefix, name, " must be UTF-8");
    }
}

void validator::number(std::string_view prefix, std::string_view name, rule must, std::uint64_t value) {
    if (must == rule::not_zero && value == 0) {
        fail(prefix, name, " must be > 0");
    }
}

void validator::chat(std::string_view prefix, const yunhu::chat& value) {
    text(prefix, "chat_id", rule::id, value.id);
    number(prefix, "chat_type", rule::not_zero, static_cast<std::uint64_t>(value.type));
}

// No character of it is named.
void validator::field(std::string_view name, rule must, const secret& value) {
    if (must == rule::id && value.empty()) {
        fail({}, name, " must not be empty");
    }
    if (!is_utf8(value.reveal())) {
        fail({}, name, " must be UTF-8");
    }
}

void validator::field(std::string_view name, rule must, const std::vector<std::string>& values) {
    if (must == rule::id && values.empty()) {
        fail({}, name, " must not be empty");
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        text({}, indexed(name, i), must, values[i]);
    }
}

void validator::field(std::string_view name, rule must, const std::vector<yunhu::chat>& values) {
    if (must == rule::id && values.empty()) {
        fail({}, name, " must not be empty");
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        chat(indexed(name, i) + '.', values[i]);
    }
}

template <class Part> void validator::texts(std::string_view prefix, const Part& part) {
    for_each_field<Part>([&](const auto& field) {
        const auto& member = field.of(part);
        using type = std::remove_cvref_t<decltype(member)>;
        if constexpr (std::same_as<type, std::string>) {
            if (!member.empty()) { // most are
                text(prefix, field.name, rule::none, member);
            }
        } else if constexpr (std::same_as<type, std::vector<std::string>>) {
            for (std::size_t i = 0; i < member.size(); ++i) {
                if (!is_utf8(member[i])) {
                    text(prefix, indexed(field.name, i), rule::none, member[i]);
                }
            }
        }
    });
}

void validator::field(std::string_view /*name*/, rule /*must*/, const indirect<content>& value) {
    texts("content.", *value);
}

void validator::field(std::string_view /*name*/, rule /*must*/, const indirect<media>& value) {
    if (value) {
        texts("media.", *value);
    }
}

void validator::whole(std::string_view violation) {
    if (!violation.empty()) {
        fail({}, violation, {});
    }
}

std::string_view missing_content(const send_message_request& request) noexcept {
    const content& body = *request.content;
    const auto unless = [](bool present, std::string_view otherwise) { return present ? "" : otherwise; };
    switch (request.content_type) {
    case content_type::text:
    case content_type::markdown:
    case content_type::html:
        return unless(!body.text.empty(), "content.text must not be empty");
    case content_type::image:
        return unless(!body.image.empty() || !body.image_url.empty() || request.media,
                      "one of content.image, content.image_url and media must not be empty");
    case content_type::file:
        return unless(!body.file_url.empty(), "content.file_url must not be empty");
    case content_type::article:
        return unless(!body.post_id.empty(), "content.post_id must not be empty");
    case content_type::form:
        return unless(!body.form.empty(), "content.form must not be empty");
    case content_type::sticker:
        if (body.image.empty()) {
            return "content.image must not be empty";
        }
        return unless(!body.expression_id.empty() || (body.sticker_item_id != 0 && body.sticker_pack_id != 0),
                      "content.expression_id must not be empty, or content.sticker_item_id and "
                      "content.sticker_pack_id must be > 0");
    case content_type::video:
        return unless(!body.video_url.empty(), "content.video_url must not be empty");
    case content_type::audio:
        return unless(!body.audio_url.empty(), "content.audio_url must not be empty");
    default:
        return {};
    }
}

} // namespace codec
YUNHU_NAMESPACE_END
