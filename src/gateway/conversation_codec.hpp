// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "model/frame.hpp"

#include <yunhu/config.hpp>
#include <yunhu/profiles.hpp>
#include <yunhu/types.hpp>

#include <cstdint>
#include <string>
#include <vector>

// What a session requests beside the gateway.
YUNHU_NAMESPACE_BEGIN
namespace gateway {

/// The conversations that can be caught up. Entries that can't be used, such as those without an id, are left out.
[[nodiscard]] std::vector<listed_conversation> usable_conversations(std::vector<conversation> listed);

/// The body of list-message-by-update, which answers with a page of messages: `codec::decode_page`. The client has no
/// function for it: it is a custom endpoint.
[[nodiscard]] std::string encode_list_changes(const chat& in, std::uint64_t since, std::uint64_t count);

} // namespace gateway
YUNHU_NAMESPACE_END
