// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

[[nodiscard]] bool valid_utf8(std::string_view text) noexcept;

/// A message of the proto, by its descriptor: the emulator shares the .proto with the client, not its schemas.
struct message_shape {
    enum class kind : std::uint8_t { text, number, message };

    struct field {
        std::string name;
        kind type = kind::number;
        const message_shape* message = nullptr; ///< of a field of that kind
    };

    std::map<std::uint32_t, field> fields; // by number
    std::string file;                      ///< of the proto, such as "yunhu/msg.proto"
};

/// All messages of the proto, by name.
[[nodiscard]] const std::map<std::string, message_shape, std::less<>>& message_shapes();

/// The reason why a body can't be read: it is not a protobuf message, or has a text that is not UTF-8. Empty: it can.
[[nodiscard]] std::string_view find_problem(std::string_view body, const message_shape& expected);

/// The same, or that the body has an unknown field or one of another type, which readers skip.
[[nodiscard]] std::string_view find_deviation(std::string_view body, const message_shape& expected);

/// The first text of the field of that name, or an empty text. The body must have that shape.
[[nodiscard]] std::string_view text_of(std::string_view body, const message_shape& shape, std::string_view name);

/// The serialized `FileDescriptorSet` of the proto.
[[nodiscard]] std::string_view descriptors() noexcept;

} // namespace testing::detail
YUNHU_NAMESPACE_END
