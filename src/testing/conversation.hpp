// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/directory.hpp"

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <yunhu/msg.pb.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// Messages in a block of `conversation::last_change`.
inline constexpr std::size_t changes_block = 256;

/// The author of a message that no account sent.
inline constexpr account_index no_account = std::numeric_limits<account_index>::max();

struct stored_message {
    wire::Message message;
    account_index author = no_account;
    std::vector<account_index> hidden_from; ///< accounts that deleted it from their view
    bool erased = false;                    ///< for every account

    [[nodiscard]] bool visible_to(account_index viewer) const {
        return !erased && (hidden_from.empty() || std::ranges::find(hidden_from, viewer) == hidden_from.end());
    }
    /// "right": a message of the viewer.
    [[nodiscard]] std::string direction_for(account_index viewer) const {
        return author == no_account ? message.direction() : author == viewer ? "right" : "left";
    }
    /// The time at which it was sent, edited or recalled, whichever is the latest.
    [[nodiscard]] std::uint64_t changed() const {
        return std::max({message.send_time(), message.edit_time(), message.msg_delete_time()});
    }
};

/// The messages of a group, of two users, or of a user with a bot. The accounts in it see it as different chats: two
/// users see each other's id.
struct conversation {
    chat_type type{};
    std::string first;  ///< the group; one of two users; the user in a chat with a bot
    std::string second; ///< empty in a group; the other user; the bot

    std::vector<stored_message> messages;   ///< msg_seq is the index + 1
    std::vector<std::size_t> pictures;      ///< indexes into `messages`, ascending
    std::vector<std::uint64_t> last_change; ///< of each block of `changes_block` messages

    [[nodiscard]] chat seen_by(const std::string& user_id) const {
        if (type == chat_type::group) {
            return {type, first};
        }
        if (type == chat_type::user) {
            return {type, user_id == first ? second : first};
        }
        return user_id == second ? chat{chat_type::user, first} : chat{type, second};
    }
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
