// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstdint>
#include <string_view>
#include <tuple>

// The parts of a schema. Without protobuf and Boost.JSON, so that the program walks the schemas too.
YUNHU_NAMESPACE_BEGIN
namespace codec {

/// A constraint of one field. Every text must be UTF-8 as well.
enum class rule : std::uint8_t {
    none,
    optional_id, ///< must not contain control characters and invisible ones
    id,          ///< the same, and must not be empty; of a list: neither the list nor an item; of a secret: not empty
    not_zero,    ///< must be > 0
};

enum class presence : std::uint8_t { when_set, always };

/// A text for people, shown by the program.
struct bilingual {
    std::string_view english;
    std::string_view chinese;
};

/// A field. Its JSON key is its name in camel case.
template <auto Member, presence When = presence::when_set> struct field {
    std::string_view name;
    std::uint32_t number = 0; ///< in protobuf; 0 in the schema of a JSON endpoint
    rule must = rule::none;
    bilingual help{};
    std::string_view alias{};         ///< another name in the API's documents
    std::uint64_t program_default{0}; ///< the program's value when the option is absent; 0: the request's own
    bool holds_json = false;          ///< the text is JSON
    std::string_view also{};          ///< in JSON: a second key with the same value

    static constexpr presence sent = When;
    template <class Value> static constexpr auto& of(Value& value) noexcept { return value.*Member; }
};

/// A chat, which is two fields of the request: `chat_id` and `chat_type`.
template <auto Member> struct chat_fields {
    std::uint32_t id_number = 0;
    std::uint32_t type_number = 0;

    static constexpr std::string_view name = "chat";
    static constexpr bilingual help{"the conversation: user, group, bot or a number, then its id",
                                    "会话：user、group、bot 或数字，后面是它的 id"};
    static constexpr std::string_view alias{};
    static constexpr std::uint64_t program_default = 0;

    template <class Value> static constexpr auto& of(Value& value) noexcept { return value.*Member; }
};

/// Of a request or a part of one. `fields` is a tuple of the above, in the order of the numbers.
///
/// Of a request also: `summary` and `example` for the program's help, and, for a constraint that concerns several
/// fields, a static function `violation`, which returns the message, or an empty text.
template <class Value> struct schema;

template <class Value, class Visit> constexpr void for_each_field(Visit&& visit) {
    std::apply([&](const auto&... fields) { (visit(fields), ...); }, schema<Value>::fields);
}

} // namespace codec
YUNHU_NAMESPACE_END
