// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "runtime/support.hpp"
#include "support/strict_emulator.hpp"

#include <yunhu/actions.hpp>
#include <yunhu/client.hpp>
#include <yunhu/lookups.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace yunhu::test {

/// A strict emulator with two accounts, a group that the first one owns, and a bot; and clients of both accounts.
class LookupsTest : public ::testing::Test {
protected:
    LookupsTest() : server_(options()), ada_(context_, config_for(server_)), ben_(ada_.with_token("token-of-ben")) {
        testing::group_profile group;
        group.id = "big";
        group.name = "Big";
        group.owner = "1";
        group.members = {"1", "2", "3"};
        server_.add_group(group);
        testing::bot_profile bot;
        bot.id = "99";
        bot.name = "Bo";
        server_.add_bot(bot);
        server_.add_account({"3", "Cy"});
    }

    /// The result of a call by its row.
    template <class Request, class Result>
    result<Result> ask(const client& by, const api_endpoint<Request, Result>& row, Request request) {
        std::optional<result<Result>> got;
        by.call(row, std::move(request), [&got](error_code ec, Result value) {
            if (ec) {
                got.emplace(failure(ec, std::move(value)));
            } else {
                got.emplace(std::move(value));
            }
        });
        EXPECT_TRUE(drive(context_, [&got] { return got.has_value(); }));
        return got.value_or(failure());
    }

    /// Whether the service refused the call with that code and text.
    template <class Result>
    static void expect_refused(const result<Result>& got, std::int64_t code, std::string_view text) {
        ASSERT_TRUE(got.has_error()) << text;
        EXPECT_EQ(got.error().code, errc::refused);
        EXPECT_EQ(got.error().delivery, delivery::answered);
        EXPECT_EQ(got.error().api_code, code);
        EXPECT_EQ(got.error().api_msg, text);
    }

    boost::asio::io_context context_;
    strict_emulator server_;
    client ada_; ///< account 1
    client ben_; ///< account 2

private:
    static testing::emulator_options options() {
        testing::emulator_options made;
        made.user_id = "1";
        made.user_name = "Ada";
        made.accounts.emplace_back("2", "Ben", "token-of-ben");
        return made;
    }
};

} // namespace yunhu::test
