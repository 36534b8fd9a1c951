// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/error.hpp>
#include <yunhu/profiles.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// The look-ups: each request, beside it the row of its endpoint. They are called by the row:
//
//     auto found = co_await client.call(yunhu::endpoints::get_user, {"7654321"});   // throws yunhu::error
//     use(found.value.name);
//
// All are safe: repeated after every transient failure. A refusal is `errc::refused` with the service's code and text:
// 4402 means that there is no such user, 7100 that it is banned. No limits of the service are known: stay below 5 calls
// per second and account [C]. Rows and fields marked [B] are known from one source only.
YUNHU_NAMESPACE_BEGIN

/// The result of a look-up. Of a list, records that can't be read are left out and counted.
struct YUNHU_EXPORT lookup_info : call_info {
    lookup_info() = default;

    std::size_t unreadable = 0; ///< records in the response that can't be read; see `detail`
};

/// The result of a look-up of one thing. A thing that the reply lacks is as if all its fields were absent.
template <class T> struct lookup_result : lookup_info {
    lookup_result() = default;

    T value;
};

/// A page of a list: `page` counts from 1. The service's clients use pages of 50.
struct YUNHU_EXPORT paging {
    paging() = default;
    paging(std::uint32_t page_number, std::uint32_t page_size = 50) // NOLINT(google-explicit-constructor)
        : size(page_size), page(page_number) {}
    bool operator==(const paging&) const = default;

    std::uint32_t size = 50; ///< must be > 0
    std::uint32_t page = 1;  ///< must be > 0
};

/// Request of user/info: who the own account is. It also checks the token.
struct YUNHU_EXPORT user_info_request {
    user_info_request() = default;
};

namespace endpoints {
inline constexpr auto user_info = api_endpoint<user_info_request, lookup_result<own_account>>(
                                      http_method::get, "/v1/user/info", wire_format::protobuf, retry_class::safe)
                                      .with_long_name();
} // namespace endpoints

/// Request of user/get-user. Bots are not users: for them the answer is 4402, as for an unknown id.
struct YUNHU_EXPORT get_user_request {
    get_user_request() = default;
    get_user_request(std::string user_id) : id(std::move(user_id)) {} // NOLINT(google-explicit-constructor)

    std::string id;
};

namespace endpoints {
inline constexpr api_endpoint<get_user_request, lookup_result<user_details>> get_user{
    "/v1/user/get-user", wire_format::protobuf, retry_class::safe};
} // namespace endpoints

/// Request of bot/bot-info.
struct YUNHU_EXPORT bot_info_request {
    bot_info_request() = default;
    bot_info_request(std::string bot_id) : id(std::move(bot_id)) {} // NOLINT(google-explicit-constructor)

    std::string id;
};

namespace endpoints {
inline constexpr api_endpoint<bot_info_request, lookup_result<bot_details>> bot_info{
    "/v1/bot/bot-info", wire_format::protobuf, retry_class::safe};
} // namespace endpoints

/// Request of conversation/list. With the `md5` of an earlier reply the list is empty when nothing changed; whether
/// unread counters count as a change is unknown.
struct YUNHU_EXPORT conversation_list_request {
    conversation_list_request() = default;
    conversation_list_request(std::string md5_of_the_last) // NOLINT(google-explicit-constructor)
        : md5(std::move(md5_of_the_last)) {}

    std::string md5;
};

/// Result of conversation/list.
struct YUNHU_EXPORT conversation_page : lookup_info {
    conversation_page() = default;

    std::vector<conversation> conversations; ///< none, and the `md5` of the request: unchanged
    std::uint64_t total = 0;
    std::string md5;
};

namespace endpoints {
inline constexpr auto conversation_list = api_endpoint<conversation_list_request, conversation_page>(
                                              "/v1/conversation/list", wire_format::protobuf, retry_class::safe)
                                              .with_long_name();
} // namespace endpoints

/// Request of group/info.
struct YUNHU_EXPORT group_info_request {
    group_info_request() = default;
    group_info_request(std::string group) : group_id(std::move(group)) {} // NOLINT(google-explicit-constructor)

    std::string group_id;
};

/// Result of group/info.
struct YUNHU_EXPORT group_reply : lookup_info {
    group_reply() = default;

    group_details group;
    std::vector<bot_details> recent_bots;
};

namespace endpoints {
inline constexpr auto group_info =
    api_endpoint<group_info_request, group_reply>("/v1/group/info", wire_format::protobuf, retry_class::safe)
        .with_long_name();
} // namespace endpoints

/// Request of group/list-member. `members` iterates over all pages.
struct YUNHU_EXPORT list_member_request {
    list_member_request() = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    list_member_request(std::string group, yunhu::paging which = {}, std::string name_has = {})
        : paging(which), group_id(std::move(group)), keywords(std::move(name_has)) {}

    yunhu::paging paging;
    std::string group_id;
    std::string keywords; ///< searches names; which fields match is unknown
};

/// Result of group/list-member and of group-tag/members.
struct YUNHU_EXPORT member_page : lookup_info {
    member_page() = default;

    std::vector<group_member> members;
    std::uint64_t total = 0; ///< may be absent
};

namespace endpoints {
inline constexpr api_endpoint<list_member_request, member_page> list_member{"/v1/group/list-member",
                                                                            wire_format::protobuf, retry_class::safe};
} // namespace endpoints

/// Request of group/bot-list.
struct YUNHU_EXPORT bot_list_request {
    bot_list_request() = default;
    bot_list_request(std::string group) : group_id(std::move(group)) {} // NOLINT(google-explicit-constructor)

    std::string group_id;
};

/// Result of group/bot-list: the bots of a group with their commands and menus.
struct YUNHU_EXPORT group_bots : lookup_info {
    group_bots() = default;

    std::vector<bot_details> bots;
    std::vector<instruction> instructions;
    std::vector<menu_item> menus;
};

namespace endpoints {
inline constexpr api_endpoint<bot_list_request, group_bots> bot_list{"/v1/group/bot-list", wire_format::protobuf,
                                                                     retry_class::safe};
} // namespace endpoints

/// Request of instruction/list: the commands of a bot, for the chat with it.
struct YUNHU_EXPORT bot_instructions_request {
    bot_instructions_request() = default;
    bot_instructions_request(std::string bot) : bot_id(std::move(bot)) {} // NOLINT(google-explicit-constructor)

    std::string bot_id;
};

/// Result of instruction/list. Sources differ on whether the service lists one or several [B]: any number is read.
struct YUNHU_EXPORT bot_instructions_page : lookup_info {
    bot_instructions_page() = default;

    std::vector<instruction> instructions;
};

namespace endpoints {
inline constexpr auto bot_instructions = api_endpoint<bot_instructions_request, bot_instructions_page>(
                                             "/v1/instruction/list", wire_format::protobuf, retry_class::safe)
                                             .with_long_name();
} // namespace endpoints

/// Request of bot/board: the boards of a group, or of the chat with a bot.
struct YUNHU_EXPORT board_request {
    board_request() = default;
    board_request(yunhu::chat in) : chat(std::move(in)) {} // NOLINT(google-explicit-constructor)

    yunhu::chat chat;
};

/// Result of bot/board. Sources differ on whether the service lists one or several [B]: any number is read.
struct YUNHU_EXPORT board_page : lookup_info {
    board_page() = default;

    std::vector<chat_board> boards;
};

namespace endpoints {
inline constexpr api_endpoint<board_request, board_page> board{"/v1/bot/board", wire_format::protobuf,
                                                               retry_class::safe};
} // namespace endpoints

/// Request of friend/address-book-list. With the `md5` of an earlier reply the list is empty when nothing changed.
struct YUNHU_EXPORT address_book_list_request {
    address_book_list_request() = default;
    address_book_list_request(std::string md5_of_the_last) // NOLINT(google-explicit-constructor)
        : md5(std::move(md5_of_the_last)) {}

    std::string md5;
};

/// Result of friend/address-book-list.
struct YUNHU_EXPORT address_book : lookup_info {
    address_book() = default;

    std::vector<contact_list> lists; ///< none, and the `md5` of the request: unchanged
    std::string md5;
};

namespace endpoints {
inline constexpr api_endpoint<address_book_list_request, address_book> address_book_list{
    "/v1/friend/address-book-list", wire_format::protobuf, retry_class::safe};
} // namespace endpoints

/// Request of friend/request-list: friend requests, applications to own groups, and invitations.
struct YUNHU_EXPORT request_list_request {
    request_list_request() = default;
};

/// Result of friend/request-list.
struct YUNHU_EXPORT friend_request_page : lookup_info {
    friend_request_page() = default;

    std::vector<friend_request> requests;
    std::uint64_t total = 0;
    std::uint64_t pending = 0; ///< open ones
};

namespace endpoints {
inline constexpr api_endpoint<request_list_request, friend_request_page> request_list{
    "/v1/friend/request-list", wire_format::protobuf, retry_class::safe};
} // namespace endpoints

/// Request of group-tag/members. `tag_members` iterates over all pages.
struct YUNHU_EXPORT group_tag_members_request {
    group_tag_members_request() = default;
    group_tag_members_request(std::string group, std::int64_t tag, yunhu::paging which = {})
        : paging(which), group_id(std::move(group)), tag_id(tag) {}

    yunhu::paging paging;
    std::string group_id;
    std::int64_t tag_id = 0; ///< must be > 0
};

namespace endpoints {
inline constexpr auto group_tag_members = api_endpoint<group_tag_members_request, member_page>(
                                              "/v1/group-tag/members", wire_format::protobuf, retry_class::safe)
                                              .with_long_name();
} // namespace endpoints

/// Request of group/instruction-list: the commands that a group can use [B].
struct YUNHU_EXPORT instruction_list_request {
    instruction_list_request() = default;
    instruction_list_request(std::string group) : group_id(std::move(group)) {} // NOLINT(google-explicit-constructor)

    std::string group_id;
};

/// Result of group/instruction-list.
struct YUNHU_EXPORT group_instruction_page : lookup_info {
    group_instruction_page() = default;

    std::vector<group_instruction> instructions;
};

namespace endpoints {
inline constexpr auto instruction_list = api_endpoint<instruction_list_request, group_instruction_page>(
                                             "/v1/group/instruction-list", wire_format::json, retry_class::safe)
                                             .with_long_name();
} // namespace endpoints

/// Request of instruction/web-list: the commands of an own bot [B].
struct YUNHU_EXPORT web_list_request {
    web_list_request() = default;
    web_list_request(std::string bot) : bot_id(std::move(bot)) {} // NOLINT(google-explicit-constructor)

    std::string bot_id;
};

/// Result of instruction/web-list.
struct YUNHU_EXPORT own_instruction_page : lookup_info {
    own_instruction_page() = default;

    std::vector<own_instruction> instructions;
};

namespace endpoints {
inline constexpr api_endpoint<web_list_request, own_instruction_page> web_list{"/v1/instruction/web-list",
                                                                               wire_format::json, retry_class::safe};
} // namespace endpoints

/// Request of group-tag/list: the tags of a group. Large groups have more than one page.
struct YUNHU_EXPORT group_tag_list_request {
    group_tag_list_request() = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    group_tag_list_request(std::string group, yunhu::paging which = {}, std::string name_has = {})
        : group_id(std::move(group)), size(which.size), page(which.page), tag(std::move(name_has)) {}

    std::string group_id;
    std::uint32_t size = 50; ///< must be > 0
    std::uint32_t page = 1;  ///< must be > 0
    std::string tag;
};

/// Result of group-tag/list.
struct YUNHU_EXPORT group_tag_page : lookup_info {
    group_tag_page() = default;

    std::vector<group_tag> tags;
};

namespace endpoints {
inline constexpr auto group_tag_list =
    api_endpoint<group_tag_list_request, group_tag_page>("/v1/group-tag/list", wire_format::json, retry_class::safe)
        .with_long_name();
} // namespace endpoints

/// Request of group/member-is-removed: whether a user was removed from the group once [B].
struct YUNHU_EXPORT member_is_removed_request {
    member_is_removed_request() = default;
    member_is_removed_request(std::string group, std::string user)
        : user_id(std::move(user)), group_id(std::move(group)) {}

    std::string user_id;
    std::string group_id;
};

/// Result of group/member-is-removed. The service says so by its code: 1 yes, 2 no.
struct YUNHU_EXPORT removal_record : lookup_info {
    removal_record() = default;

    /// Whether the user was removed once.
    [[nodiscard]] bool was_removed() const noexcept { return api_code == 1; }
};

namespace endpoints {
inline constexpr api_endpoint<member_is_removed_request, removal_record> member_is_removed{
    "/v1/group/member-is-removed", wire_format::json, retry_class::safe};
} // namespace endpoints

/// Request of search/chat-search: the messages of a chat that have a word, from the newest on [B].
struct YUNHU_EXPORT chat_search_request {
    chat_search_request() = default;
    chat_search_request(yunhu::chat in, std::string searched, std::uint64_t before_time, std::uint32_t count = 20)
        : chat(std::move(in)), word(std::move(searched)), size(count), time(before_time) {}

    yunhu::chat chat;
    std::string word;
    std::uint32_t size = 20;  ///< must be > 0
    std::uint64_t time = 0;   ///< ms since the epoch: where the search begins
    std::string type = "all"; ///< the only value that was seen
    std::int64_t direction = 1;
};

/// Result of search/chat-search. What an item has is not known: each is given as JSON text [B].
struct YUNHU_EXPORT search_page : lookup_info {
    search_page() = default;

    std::vector<std::string> items;
};

namespace endpoints {
inline constexpr api_endpoint<chat_search_request, search_page> chat_search{"/v1/search/chat-search", wire_format::json,
                                                                            retry_class::safe};
} // namespace endpoints

namespace endpoints {
/// The look-ups, besides the endpoints of messages (`all`).
using lookups = row_list<user_info, get_user, bot_info, conversation_list, group_info, list_member, bot_list,
                         bot_instructions, board, address_book_list, request_list, group_tag_members, instruction_list,
                         web_list, group_tag_list, member_is_removed, chat_search>;
} // namespace endpoints

YUNHU_NAMESPACE_END
