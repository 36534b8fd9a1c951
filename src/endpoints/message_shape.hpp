// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/content_schema.hpp"

#include <yunhu/config.hpp>

#include <yunhu/msg.pb.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

// Which fields the messages of a list reply have, for a look at the wire before they are built.
YUNHU_NAMESPACE_BEGIN
namespace codec {

struct message_shape;

struct shape_part {
    enum class kind : std::uint8_t { unknown, number, text, texts, message };

    kind what = kind::unknown;
    const message_shape* inner = nullptr; ///< of a message
};

struct message_shape {
    static constexpr std::size_t max_number = 37;

    std::array<shape_part, max_number + 1> parts{}; ///< by number
    bool listed = false;                            ///< a repeated field's

    [[nodiscard]] constexpr const shape_part& part(std::uint32_t number) const noexcept {
        return number <= max_number ? parts[number] : parts[0]; // 0 is no number
    }
};

constexpr message_shape make_shape(bool listed, std::initializer_list<std::pair<int, shape_part>> parts) noexcept {
    message_shape made;
    made.listed = listed;
    for (const auto& [number, part] : parts) {
        made.parts[static_cast<std::size_t>(number)] = part;
    }
    return made;
}

/// Content has a schema, as it is sent too.
constexpr message_shape make_content_shape() noexcept {
    message_shape made;
    for_each_field<content>([&]<class Field>(const Field& field) {
        using member = std::remove_cvref_t<decltype(Field::of(std::declval<content&>()))>;
        made.parts[field.number].what = std::is_integral_v<member>            ? shape_part::kind::number
                                        : std::is_same_v<member, std::string> ? shape_part::kind::text
                                                                              : shape_part::kind::texts;
    });
    return made;
}

inline constexpr shape_part number_part{shape_part::kind::number};
inline constexpr shape_part text_part{shape_part::kind::text};
inline constexpr shape_part texts_part{shape_part::kind::texts};

inline constexpr message_shape content_shape = make_content_shape();
inline constexpr message_shape tag_shape = make_shape(true, {{wire::Tag::kIdFieldNumber, number_part},
                                                             {wire::Tag::kGroupIdFieldNumber, text_part},
                                                             {wire::Tag::kTextFieldNumber, text_part},
                                                             {wire::Tag::kColorFieldNumber, text_part}});
inline constexpr message_shape sender_shape =
    make_shape(false, {{wire::Sender::kChatIdFieldNumber, text_part},
                       {wire::Sender::kChatTypeFieldNumber, number_part},
                       {wire::Sender::kNameFieldNumber, text_part},
                       {wire::Sender::kAvatarUrlFieldNumber, text_part},
                       {wire::Sender::kIsVipFieldNumber, number_part},
                       {wire::Sender::kTagOldFieldNumber, texts_part},
                       {wire::Sender::kTagFieldNumber, {shape_part::kind::message, &tag_shape}}});
inline constexpr message_shape cmd_shape = make_shape(false, {{wire::Cmd::kCmdIdFieldNumber, number_part},
                                                              {wire::Cmd::kNameFieldNumber, text_part},
                                                              {wire::Cmd::kTypeFieldNumber, number_part}});
inline constexpr message_shape listed_message_shape =
    make_shape(false, {{wire::Message::kMsgIdFieldNumber, text_part},
                       {wire::Message::kSenderFieldNumber, {shape_part::kind::message, &sender_shape}},
                       {wire::Message::kDirectionFieldNumber, text_part},
                       {wire::Message::kContentTypeFieldNumber, number_part},
                       {wire::Message::kContentFieldNumber, {shape_part::kind::message, &content_shape}},
                       {wire::Message::kSendTimeFieldNumber, number_part},
                       {wire::Message::kCmdFieldNumber, {shape_part::kind::message, &cmd_shape}},
                       {wire::Message::kMsgDeleteTimeFieldNumber, number_part},
                       {wire::Message::kQuoteMsgIdFieldNumber, text_part},
                       {wire::Message::kMsgSeqFieldNumber, number_part},
                       {wire::Message::kEditTimeFieldNumber, number_part}});

} // namespace codec
YUNHU_NAMESPACE_END
