// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/state.hpp"

#include <yunhu/config.hpp>
#include <yunhu/testing/emulator.hpp>

#include <string>
#include <string_view>

#include <yunhu/push.pb.h>

// The frames that the gateway sends: an event from an account's point of view.
YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// A command of the gateway with its payload.
struct push {
    std::string_view cmd;
    std::string type; ///< name of the payload's message; empty: no payload
    std::string value;
};

/// The push for an account; an empty `cmd` means that it gets none.
[[nodiscard]] push push_of(const change& what, const account& receiver);
[[nodiscard]] push push_of(const board& shown, const std::string& bot_name, const chat& in, std::uint64_t now);
[[nodiscard]] push push_of_draft(const std::string& chat_id, const std::string& input);

/// The envelope.
[[nodiscard]] std::string frame_of(const push& what, const std::string& seq);

} // namespace testing::detail
YUNHU_NAMESPACE_END
