// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <yunhu/msg.pb.h>

#include <string>

// Conversions between public and protobuf types, independent of the client's codec, so that a mistake in one is
// detected by the other.
YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

[[nodiscard]] wire::Message to_wire(const message& from);
[[nodiscard]] message from_wire(const wire::Message& from);

/// The content in the form of `contentOld` in an edit record: a JSON object in camel case without empty fields.
[[nodiscard]] std::string content_json(const wire::Content& content);

} // namespace testing::detail
YUNHU_NAMESPACE_END
