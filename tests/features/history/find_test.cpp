// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/support.hpp"

#include "support/strict_emulator.hpp"

#include <gtest/gtest.h>

#include <optional>

// Messages by their id, pictures, edit records.
namespace yunhu::test {
namespace {

struct finds : public ::testing::Test {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot{context, config_for(server)};

    message deliver(content_type type) {
        message m = own("m");
        m.content_type = type;
        return server.deliver(big, m);
    }
    static asio::awaitable<std::vector<std::uint64_t>> all(pictures& iteration) {
        std::vector<std::uint64_t> seqs;
        while (const auto m = co_await iteration.next()) {
            seqs.push_back(m->msg_seq);
        }
        co_return seqs;
    }
};

using numbers = std::vector<std::uint64_t>;

TEST_F(finds, a_message_by_its_id_at_any_place_of_the_page) {
    fill(server, 9);
    run(context, [&]() -> asio::awaitable<void> {
        for (const message& each : server.messages(big)) {
            const std::optional<message> found = co_await find_message(bot, big, each.msg_id);
            EXPECT_TRUE(found && found->msg_id == each.msg_id && found->msg_seq == each.msg_seq);
        }
        const std::optional<message> none = co_await find_message(bot, big, "unknown");
        EXPECT_FALSE(none);
        const std::optional<message> elsewhere =
            co_await find_message(bot, group("other"), server.messages(big).front().msg_id);
        EXPECT_FALSE(elsewhere);
        const result<optional_result<message>> refused = co_await find_message(bot, big, "", as_result);
        EXPECT_TRUE(refused.has_error());
    });
}

TEST_F(finds, nothing_in_a_page_with_messages_that_can_not_be_read) {
    testing::fault odd;
    odd.endpoint = "list-message-by-mid-seq";
    odd.status = 200;
    odd.body = std::string("\x0a\x02\x10\x01\x12\x01\xff", 7); // a success and a message that is none
    server.inject(odd);
    run(context, [&]() -> asio::awaitable<void> {
        const result<optional_result<message>> found = co_await find_message(bot, big, "the-id", as_result);
        EXPECT_EQ(found.error().code, errc::incomplete_list) << "it may be that message";
        EXPECT_EQ(found.error().detail, "the message may be among records that were left out; unreadable: 1");
        EXPECT_EQ(found.error().delivery, delivery::answered);
    });
}

TEST_F(finds, pictures_newest_first_each_once) {
    run(context, [&]() -> asio::awaitable<void> {
        numbers expected;
        for (int size = 0; size < 9; ++size) {
            for (const std::uint64_t page : {1U, 3U, 20U}) {
                picture_options options;
                options.page_size = page;
                pictures iteration(bot, big, options);
                const numbers got = co_await all(iteration);
                EXPECT_EQ(got, expected) << page;
            }
            (void)deliver(content_type::text);
            expected.insert(expected.begin(), deliver(content_type::image).msg_seq);
            (void)deliver(content_type::text);
        }
    });
}

TEST_F(finds, pictures_resume_at_a_deleted_message) {
    for (int i = 0; i < 8; ++i) {
        (void)deliver(content_type::image);
        (void)deliver(content_type::text);
    }
    run(context, [&]() -> asio::awaitable<void> {
        picture_options options;
        options.page_size = 2;
        numbers got;
        for (;;) { // an iteration for each picture
            pictures iteration(bot, big, options);
            const auto m = co_await iteration.next();
            if (!m) {
                break;
            }
            got.push_back(m->msg_seq);
            options.cursor = history_cursor::from_string(to_string(iteration.cursor())).value();
            if (got.size() % 2 == 0) {
                server.erase(big, m->msg_id);
            } else {
                co_await bot.recall_msg({big, m->msg_id});
            }
            (void)deliver(content_type::image); // newer than the iteration
        }
        EXPECT_EQ(got, (numbers{15, 13, 11, 9, 7, 5, 3, 1}));
    });
}

TEST_F(finds, edit_records_each_once_while_new_ones_arrive) {
    const message sent = server.deliver(big, own("0"));
    run(context, [&]() -> asio::awaitable<void> {
        edit_records none(bot, sent.msg_id);
        const auto nothing = co_await none.next();
        EXPECT_FALSE(nothing);
        int edits = 0;
        const auto edit = [&]() -> asio::awaitable<void> {
            co_await bot.edit_message({big, sent.msg_id, text(std::to_string(++edits))});
        };
        while (edits < 10) {
            co_await edit();
        }
        edit_records iteration(bot, sent.msg_id, 3);
        std::vector<std::string> texts;
        while (const auto record = co_await iteration.next()) {
            texts.push_back(record->content_old ? record->content_old->text : "?");
            if (texts.size() % 2 == 0) {
                co_await edit();
            }
        }
        EXPECT_EQ(texts, (std::vector<std::string>{"9", "8", "7", "6", "5", "4", "3", "2", "1", "0"}));
    });
}

TEST_F(finds, edit_records_continue_after_a_failure) {
    const message sent = server.deliver(big, own("0"));
    run(context, [&]() -> asio::awaitable<void> {
        for (int i = 1; i <= 5; ++i) {
            co_await bot.edit_message({big, sent.msg_id, text(std::to_string(i))});
        }
        call_options once;
        once.max_attempts = 1;
        edit_records iteration(bot, sent.msg_id, 2, once);
        testing::fault f = strike(testing::fault::action::response, "list-message-edit-record");
        f.nth = 2;
        server.inject(f);
        int failures = 0;
        std::vector<std::uint64_t> ids;
        for (;;) {
            const result<optional_result<edit_record>> next = co_await iteration.next(as_result);
            if (next.has_error()) {
                ++failures;
            } else if (*next) {
                ids.push_back((*next)->id);
            } else {
                break;
            }
        }
        EXPECT_EQ(failures, 1);
        EXPECT_EQ(ids, range(5, 1));
    });
}

} // namespace
} // namespace yunhu::test
