// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/profiles.hpp>
#include <yunhu/secret.hpp>
#include <yunhu/testing/emulator.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// What accounts, groups and bots are to each other, besides the memberships in the directory. No I/O, no lock. Not
/// kept in a stored state.
struct community {
    /// A user in a group.
    using membership = std::pair<std::string, std::string>;

    struct request {
        friend_request shown;
        std::string account; ///< the user id whose list has it
        std::string only_by; ///< the endpoint that takes an answer; empty: by its rule
        bool ignored = false;
    };

    struct tag {
        group_tag shown;
        std::set<std::string> members; ///< user ids
    };

    [[nodiscard]] request* find_request(std::int64_t id, const std::string& account) {
        for (request& each : requests) {
            if (each.shown.request_id == id && each.account == account) {
                return &each;
            }
        }
        return nullptr;
    }
    [[nodiscard]] std::int64_t gag_of(const std::string& group_id, const std::string& user_id) const {
        const auto found = gags.find({group_id, user_id});
        return found == gags.end() ? 0 : found->second;
    }

    /// What a bot may do in a group.
    struct permissions {
        bool edit_group_info = false;
        bool gag_member = false;
        bool remove_member = false;
        bool group_tag_manage = false;
    };

    std::vector<request> requests;
    std::map<membership, std::int64_t> gags; ///< seconds; -1: for ever
    std::set<membership> removed;            ///< once
    std::map<membership, std::string> nicknames;
    std::map<std::string, std::string> limits;        ///< kinds of messages, by group
    std::map<std::string, std::string> introductions; ///< by group
    std::map<std::int64_t, tag> tags;
    std::vector<board> boards;
    std::vector<instruction> instructions;
    std::map<std::string, std::set<std::string>> group_bots;           ///< by group; absent: every declared bot
    std::set<std::pair<std::string, std::string>> friends;             ///< account, and the id of what it added
    std::set<std::pair<std::string, std::string>> silent;              ///< account, and chat
    std::map<std::pair<std::string, std::string>, std::uint64_t> read; ///< account, chat -> last `msg_seq`
    std::map<std::string, secret> bot_tokens;                          ///< by bot; absent: none was given yet
    std::map<membership, permissions> bot_permissions;                 ///< group, and bot
    std::set<std::string> captchas;                                    ///< ids that were not used yet
    std::int64_t last_id = 0;                                          ///< of requests, tags and groups
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
