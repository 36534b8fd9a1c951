// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "gateway/frame_codec.hpp"
#include "model/frame.hpp"

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The requests that a session makes beside the gateway and that the client has no function for. They are custom
// endpoints: the client has read the status of a reply before these functions see it.
YUNHU_NAMESPACE_BEGIN
namespace gateway {

/// The conversations of the account, or none and the md5 of the request: nothing has changed.
struct conversation_list {
    std::vector<listed_conversation> chats;
    std::string md5;
};

/// The body of conversation/list. `md5`: of the last reply; empty: none.
[[nodiscard]] std::string encode_list_conversations(std::string_view md5);
/// Entries that can't be used, such as those without an id, are left out.
[[nodiscard]] boost::system::result<conversation_list, frame_error> decode_conversations(std::string_view body);

/// The body of list-message-by-update, which answers with a page of messages: `codec::decode_page`.
[[nodiscard]] std::string encode_list_changes(const chat& in, std::uint64_t since, std::uint64_t count);

} // namespace gateway
YUNHU_NAMESPACE_END
