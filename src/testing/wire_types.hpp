// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <yunhu/msg.pb.h>

#include <string>

// The emulator's own view of the wire's messages. Written apart from the client's codec, so that one mistake can't hide
// in both.
YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

[[nodiscard]] wire::Message to_wire(const message& from);
[[nodiscard]] message from_wire(const wire::Message& from);

/// The content as `contentOld` of an edit record has it: a JSON object in camel case, empty fields left out.
[[nodiscard]] std::string content_json(const wire::Content& content);

} // namespace testing::detail
YUNHU_NAMESPACE_END
