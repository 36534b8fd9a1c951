// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/support.hpp"
#include "support/list_response.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Iterations that can't deliver everything say so at their end.
namespace yunhu::test {
namespace {

struct incomplete : public ::testing::Test {
    testing::emulator server;
    asio::io_context context;
    client bot{context, config_for(server)};

    /// The answer to the `nth` request; 0: to each.
    void answer(const std::string& endpoint, std::uint64_t nth, std::string body,
                const std::string& type = "application/x-protobuf") {
        testing::fault f = strike(testing::fault::action::response, endpoint);
        f.nth = nth;
        f.status = 200;
        f.headers = {{"content-type", type}};
        f.body = std::move(body);
        server.inject(f);
    }

    /// A chat of three messages, the second one without `msg_seq`, and the two requests that prove its end.
    void list_an_odd_message() {
        answer("list-message", 1, list_response({{"c", 3}, {"odd", 0}, {"b", 2}}));
        answer("list-message", 2, list_response({}));
        answer("list-message", 3, list_response({{"odd", 0}, {"b", 2}}));
    }
};

template <class Iteration>
asio::awaitable<std::pair<std::vector<std::string>, failure>> take_until_error(Iteration& iteration) {
    std::vector<std::string> ids;
    for (;;) {
        auto next = co_await iteration.next(as_result);
        if (!next) {
            co_return std::pair(ids, next.error());
        }
        if (!*next) {
            co_return std::pair(ids, failure());
        }
        ids.push_back((*next)->msg_id);
    }
}

using strings = std::vector<std::string>;

TEST_F(incomplete, a_message_without_seq_is_left_out_and_the_end_is_an_error) {
    for (const bool prefetch : {false, true}) {
        server.clear_faults();
        list_an_odd_message();
        run(context, [&]() -> asio::awaitable<void> {
            history_options options = paged(50);
            options.prefetch = prefetch;
            history iteration(bot, big, options);
            auto taken = co_await take_until_error(iteration);
            EXPECT_EQ(taken.first, (strings{"c", "b"}));
            EXPECT_EQ(taken.second.code, errc::incomplete_list);
            EXPECT_EQ(taken.second.code, condition::invalid_response);
            EXPECT_FALSE(is_transient(taken.second));
            EXPECT_EQ(taken.second.detail, "records were left out; without msg_seq: 1");
            EXPECT_EQ(taken.second.delivery, delivery::answered);
            EXPECT_EQ(iteration.skipped().without_seq, 1U);
            EXPECT_EQ(iteration.skipped().msg_ids, strings{"odd"});
            EXPECT_EQ(iteration.cursor(), history_cursor(2, "b"));
            const auto end = co_await iteration.next();
            EXPECT_FALSE(end) << "said once";
        });
    }
}

TEST_F(incomplete, a_server_that_repeats_a_page_has_no_end) {
    const std::string page = list_response({{"c", 30}, {"b", 20}, {"a", 10}});
    answer("list-message", 0, page);
    answer("list-message-by-mid-seq", 0, page);
    run(context, [&]() -> asio::awaitable<void> {
        history iteration(bot, big, paged(50));
        auto taken = co_await take_until_error(iteration);
        EXPECT_EQ(taken.first, (strings{"c", "b", "a"}));
        EXPECT_EQ(taken.second.code, errc::incomplete_list);
        EXPECT_EQ(taken.second.detail, "the pages don't lead to the beginning of the chat");
        auto again = co_await iteration.next(as_result);
        EXPECT_TRUE(again.has_error()) << "nothing has changed";
    });
    EXPECT_LT(server.requests(), 200U);
}

TEST_F(incomplete, pictures_without_seq) {
    message picture = own("m");
    picture.content_type = content_type::image;
    const message stored = server.deliver(big, picture);
    answer("pic-list-message-by-mid-seq", 0, list_response({{stored.msg_id, stored.msg_seq}, {"odd", 0}}));
    run(context, [&]() -> asio::awaitable<void> {
        pictures iteration(bot, big);
        auto taken = co_await take_until_error(iteration);
        EXPECT_EQ(taken.first, strings{stored.msg_id});
        EXPECT_EQ(taken.second.code, errc::incomplete_list);
        const auto end = co_await iteration.next();
        EXPECT_FALSE(end);
    });
}

TEST_F(incomplete, pictures_of_a_repeated_page_are_delivered_once) {
    answer("pic-list-message-by-mid-seq", 0, list_response({{"d", 40}, {"c", 30}, {"b", 20}, {"a", 10}, {"a", 10}}));
    for (const std::uint64_t page_size : {2U, 3U, 20U}) {
        const std::uint64_t before = server.requests();
        run(context, [&]() -> asio::awaitable<void> {
            picture_options options;
            options.page_size = page_size;
            options.cursor = history_cursor(40, "d");
            pictures iteration(bot, big, options);
            auto taken = co_await take_until_error(iteration);
            EXPECT_EQ(taken.first, (strings{"c", "b", "a"}));
            EXPECT_EQ(iteration.cursor(), history_cursor(10, "a"));
            // Three later ones are what a request of three gets at the end; two are not.
            EXPECT_EQ(taken.second.code, page_size == 2 ? error_code(errc::incomplete_list) : error_code());
            const auto again = co_await iteration.next();
            EXPECT_FALSE(again);
        });
        EXPECT_EQ(server.requests(), before + 2);
    }
}

TEST_F(incomplete, fewer_edit_records_than_the_server_counts) {
    const message sent = server.deliver(big, own("0"));
    run(context, [&]() -> asio::awaitable<void> {
        for (int i = 1; i <= 3; ++i) {
            co_await bot.edit_message({big, sent.msg_id, text(std::to_string(i))});
        }
        answer("list-message-edit-record", 2, R"({"code":1,"msg":"success","data":{"list":[],"total":3}})",
               "application/json");
        edit_records iteration(bot, sent.msg_id, 2);
        std::size_t records = 0;
        std::optional<failure> failed;
        while (!failed) {
            auto next = co_await iteration.next(as_result);
            if (!next) {
                failed = next.error();
            } else if (!*next) {
                break;
            } else {
                ++records;
            }
        }
        EXPECT_EQ(records, 2U);
        EXPECT_TRUE(failed && failed->code == errc::incomplete_list);
        EXPECT_TRUE(failed && failed->detail == "fewer records were listed than the server counts");
    });
}

TEST_F(incomplete, edit_records_that_do_not_end) {
    answer("list-message-edit-record", 0,
           R"({"code":1,"msg":"success","data":{"list":[{"id":1,"msg_id":"m"}],"total":9}})", "application/json");
    run(context, [&]() -> asio::awaitable<void> {
        edit_records iteration(bot, "m", 1);
        const auto first = co_await iteration.next();
        EXPECT_TRUE(first.has_value());
        auto end = co_await iteration.next(as_result);
        EXPECT_TRUE(end.has_error() && end.error().code == errc::incomplete_list);
    });
    EXPECT_LT(server.requests(), 30U);
}

} // namespace
} // namespace yunhu::test
