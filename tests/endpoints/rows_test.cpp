// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "endpoints/endpoint_table.hpp"

#include <yunhu/detail/awaitable_parameter.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>

// What holds for every row of the table.
namespace yunhu::test {
namespace {

// Every row has a name of its own, since errors, metrics and the program's subcommands tell endpoints apart by it.
template <const auto&... Rows> std::multiset<std::string> names_of(endpoints::row_list<Rows...> /*rows*/) {
    return {std::string(Rows.name())...};
}

// GCC 12 destroys aggregates twice in a co_await expression: none may be a parameter or a result of an awaited call.
template <const auto&... Rows> consteval bool may_be_awaited(endpoints::row_list<Rows...> /*rows*/) {
    return (... && (detail::awaitable_parameter<typename std::remove_cvref_t<decltype(Rows)>::request_type> &&
                    detail::awaitable_parameter<typename std::remove_cvref_t<decltype(Rows)>::result_type>));
}
static_assert(may_be_awaited(codec::every_row()));

TEST(rows, have_names_of_their_own) {
    for (const std::string& name : names_of(codec::every_row())) {
        std::string word = name;
        std::ranges::replace(word, '/', '-');
        std::size_t same = 0;
        for (std::string other : names_of(codec::every_row())) {
            std::ranges::replace(other, '/', '-');
            same += other == word ? 1 : 0;
        }
        EXPECT_EQ(same, 1U) << name;
    }
    EXPECT_EQ(endpoints::user_info.name(), "user/info");
    EXPECT_EQ(endpoints::get_user.name(), "get-user");
}

TEST(rows, retry_classes) {
    for (const endpoint_info* row : endpoints::lookups::infos) {
        EXPECT_EQ(row->retry, retry_class::safe) << row->path;
    }
    std::set<std::string_view> once;
    for (const endpoint_info* row : endpoints::actions::infos) {
        if (row->retry == retry_class::non_idempotent) {
            once.insert(row->name());
        } else {
            EXPECT_EQ(row->retry, retry_class::idempotent) << row->path;
        }
    }
    EXPECT_EQ(once, (std::set<std::string_view>{"apply", "invite", "create-group", "group-tag/create"}));
}

template <class Rows> std::set<std::string_view> names_with(retry_class wanted) {
    std::set<std::string_view> found;
    for (const endpoint_info* row : Rows::infos) {
        if (row->retry == wanted) {
            found.insert(row->name());
        }
    }
    return found;
}

TEST(rows, retry_classes_of_logins_and_own_bots) {
    using names = std::set<std::string_view>;
    EXPECT_EQ(names_with<endpoints::login_calls>(retry_class::safe), names{"captcha"});
    EXPECT_EQ(names_with<endpoints::login_calls>(retry_class::idempotent), (names{"logout", "device-offline"}));
    EXPECT_EQ(names_with<endpoints::own_bots>(retry_class::non_idempotent), names{"reset-bot-token"});
    EXPECT_EQ(names_with<endpoints::own_bots>(retry_class::idempotent), names{"group-permission-edit"});
}

} // namespace
} // namespace yunhu::test
