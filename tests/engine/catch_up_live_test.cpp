// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "catch_up_script.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include <string>

// A connection on which nothing was missed: order, duplicates, holes.
namespace yunhu::test {
namespace {

/// Connected, after message 6 of `big`.
struct live : catch_up_script {
    explicit live(engine::catch_up_options with = {}) : catch_up_script(std::move(with), cursors({cursor(big, 6)})) {
        connect();
        EXPECT_EQ(requests(), texts());
    }
};

TEST(catch_up_live, messages_in_order_cost_no_request) {
    live s;
    for (std::uint64_t seq = 7; seq < 100; ++seq) {
        s.push(pushed(big, seq));
        EXPECT_EQ(s.events(), texts{"big " + std::to_string(seq)});
    }
    EXPECT_EQ(s.requests(), texts());
    EXPECT_FALSE(s.machine.due());
    EXPECT_TRUE(s.machine.settled());
}

// Between the login and the answer to the first heartbeat the gateway pushes already.
TEST(catch_up_live, a_change_pushed_before_the_login_is_proven_hides_no_earlier_one) {
    live s;
    s.push(pushed(big, 7));
    EXPECT_EQ(s.events(), texts{"big 7"});
    s.machine.disconnected();
    s.push(recall(big, 5, 9'000)); // and one of message 4, at 8000, was missed
    s.machine.connected(s.now);
    EXPECT_EQ(s.requests(), texts{"conversations a"});
    s.conversations({{big, base_time + 9'000}}, "b");
    EXPECT_EQ(s.requests(), texts{"by_seq big 7"});
    s.page({});
    EXPECT_EQ(s.requests(), texts{"changes big 6999"});
    s.page({listed(big, 4, 0, 8'000), listed(big, 5, 0, 9'000)});
    const texts got = s.events();
    EXPECT_EQ(std::count(got.begin(), got.end(), "recall big-4"), 1);
    EXPECT_EQ(std::count(got.begin(), got.end(), "recall big-5"), 1);
}

TEST(catch_up_live, each_message_once) {
    live s;
    for (int i = 0; i < 3; ++i) {
        s.push(pushed(big, 7));
    }
    s.push(pushed(big, 3));
    EXPECT_EQ(s.events(), texts{"big 7"});
    EXPECT_EQ(s.machine.duplicates(), 3U);
}

TEST(catch_up_live, swapped_frames_are_put_in_order) {
    live s;
    s.push(pushed(big, 8));
    s.push(pushed(big, 8));
    EXPECT_EQ(s.events(), texts());
    EXPECT_EQ(s.requests(), texts()) << "within the grace";
    s.push(pushed(big, 7));
    EXPECT_EQ(s.events(), (texts{"big 7", "big 8"}));
    EXPECT_FALSE(s.machine.due());
    EXPECT_EQ(s.requests(), texts());
}

TEST(catch_up_live, a_hole_is_listed) {
    live s;
    s.push(pushed(big, 9));
    EXPECT_EQ(s.machine.due(), s.now + 200ms);
    s.wait();
    EXPECT_EQ(s.requests(), texts{"by_seq big 6"});
    s.push(pushed(big, 10));
    EXPECT_EQ(s.events(), texts());
    s.page({listed(big, 8), listed(big, 7), listed(big, 9)});
    EXPECT_EQ(s.requests(), texts());
    EXPECT_EQ(s.events(), (texts{"big 7", "big 8", "big 9", "big 10"}));
    EXPECT_TRUE(s.machine.settled());
}

TEST(catch_up_live, a_hole_that_closes_before_the_request_costs_none) {
    engine::catch_up_options one;
    one.max_requests = 1;
    live s(one);
    const chat other = group("other");
    s.push(pushed(other, 5)); // a request, as its position is not known
    EXPECT_EQ(s.requests(), texts{"by_seq other 0"});
    s.push(pushed(big, 8));
    s.wait();
    EXPECT_EQ(s.requests(), texts()) << "one at a time";
    s.push(pushed(big, 7));
    EXPECT_EQ(s.events(), (texts{"big 7", "big 8"}));
    s.page({});
    EXPECT_EQ(s.requests(), texts());
    EXPECT_EQ(s.events(), texts{"other 5"});
    EXPECT_TRUE(s.machine.settled());
}

TEST(catch_up_live, a_number_that_no_message_has) {
    live s;
    s.push(pushed(big, 8));
    s.wait();
    EXPECT_EQ(s.requests(), texts{"by_seq big 6"});
    s.page({listed(big, 8)});
    EXPECT_EQ(s.requests(), texts{"before big-8"}) << "the page may have been cut off";
    s.page({listed(big, 6), listed(big, 5)});
    EXPECT_EQ(s.events(), texts{"big 8"}) << "no gap: the service has nothing there";
    s.push(pushed(big, 7));
    EXPECT_EQ(s.events(), texts{"gap big 7-7 late"}) << "it is named when it shows up after all";
    s.push(pushed(big, 7));
    EXPECT_EQ(s.events(), texts()) << "once";
}

TEST(catch_up_live, sparse_numbers_are_not_looked_into_for_ever) {
    live s;
    std::uint64_t seq = 6;
    unsigned rounds = 0;
    for (int i = 0; i < 30; ++i) {
        const std::uint64_t before = seq;
        seq += 10;
        s.push(pushed(big, seq));
        if (s.machine.due()) {
            ++rounds;
            s.wait();
            EXPECT_EQ(s.requests().size(), 1U);
            s.page({listed(big, seq)});
            EXPECT_EQ(s.requests().size(), 1U);
            s.page({listed(big, before)});
        }
        EXPECT_EQ(s.events(), texts{"big " + std::to_string(seq)});
    }
    EXPECT_EQ(rounds, 8U);
}

TEST(catch_up_live, a_hole_that_the_service_does_not_list_is_named) {
    live s;
    s.push(pushed(big, 9));
    for (const auto grace : {200ms, 400ms, 800ms}) {
        EXPECT_EQ(s.machine.due(), s.now + grace) << "a pushed message may be listed late";
        s.wait();
        EXPECT_EQ(s.requests(), texts{"by_seq big 6"});
        EXPECT_EQ(s.events(), texts());
        s.page({});
    }
    EXPECT_EQ(s.events(), (texts{"gap big 7-8 not_listed", "big 9"}));
    EXPECT_TRUE(s.machine.settled());
}

TEST(catch_up_live, an_edit_once_and_only_the_newest) {
    live s;
    s.push(pushed(big, 7));
    (void)s.events();
    s.push(edit(big, 7, 20));
    s.push(edit(big, 7, 20));
    s.push(edit(big, 7, 10));
    s.push(edit(big, 7, 30));
    EXPECT_EQ(s.events(), (texts{"edit big-7@20", "edit big-7@30"}));
}

TEST(catch_up_live, a_recall_once_and_nothing_after_it) {
    live s;
    s.push(pushed(big, 7));
    s.push(recall(big, 7, 20));
    s.push(recall(big, 7, 20));
    s.push(edit(big, 7, 30));
    EXPECT_EQ(s.events(), (texts{"big 7", "recall big-7"}));
}

TEST(catch_up_live, a_recall_says_by_whom) {
    live s;
    s.push(pushed(big, 7));
    (void)s.events();
    gateway::pushed_message r = recall(big, 7, 20);
    r.message.sender.name = "B";
    s.push(r);
    const event e = s.machine.take().value;
    ASSERT_TRUE(std::holds_alternative<recall_event>(e));
    EXPECT_EQ(std::get<recall_event>(e).recalled_by->name, "B");
    EXPECT_EQ(std::get<recall_event>(e).chat, big);
    EXPECT_TRUE(std::get<recall_event>(e).message.sender.name.empty()) << "the author is not known";
}

TEST(catch_up_live, changes_follow_their_message) {
    live s;
    s.push(edit(big, 8, 20));
    s.push(recall(big, 9, 30));
    s.push(pushed(big, 9));
    s.push(pushed(big, 8));
    EXPECT_EQ(s.events(), texts());
    s.push(pushed(big, 7));
    EXPECT_EQ(s.events(), (texts{"big 7", "big 8", "edit big-8@20", "big 9", "recall big-9"}));
}

TEST(catch_up_live, changes_without_a_number_follow_their_message) {
    live s;
    gateway::pushed_message e = edit(big, 8, 20);
    e.message.msg_seq = 0;
    s.push(pushed(big, 8));
    s.push(e);
    s.push(blocked(big, 8));
    EXPECT_EQ(s.events(), texts());
    s.push(pushed(big, 7));
    EXPECT_EQ(s.events(), (texts{"big 7", "big 8", "edit big-8@20", "blocked big-8"}));
}

TEST(catch_up_live, a_change_of_an_old_message_is_delivered_at_once) {
    live s;
    s.push(pushed(big, 9)); // a hole
    s.push(edit(big, 3, 20'000));
    s.push(blocked(big, 2));
    EXPECT_EQ(s.events(), (texts{"edit big-3@20000", "blocked big-2"}));
}

TEST(catch_up_live, an_edit_shows_a_hole) {
    live s;
    s.push(edit(big, 7, 20));
    s.wait();
    EXPECT_EQ(s.requests(), texts{"by_seq big 6"});
    s.page({listed(big, 7, 20)});
    EXPECT_EQ(s.events(), texts{"big 7"}) << "it has the edit already";
    EXPECT_TRUE(s.machine.settled());
}

TEST(catch_up_live, the_edit_of_a_message_that_is_not_listed) {
    live s;
    s.push(edit(big, 8, 20));
    for (int i = 0; i < 3; ++i) {
        s.wait();
        (void)s.requests();
        s.page({});
    }
    EXPECT_EQ(s.events(), (texts{"gap big 7-8 not_listed", "edit big-8@20"}));
    EXPECT_TRUE(s.machine.settled());
}

TEST(catch_up_live, deltas_follow_their_message) {
    live s;
    gateway::pushed_delta d;
    d.msg_id = "big-8";
    d.recv_id = d.chat_id = "big";
    d.text = "a";
    s.push(pushed(big, 8));
    s.push(d);
    EXPECT_EQ(s.events(), texts());
    s.push(pushed(big, 7));
    d.text = "b";
    s.push(d);
    EXPECT_EQ(s.events(), (texts{"big 7", "big 8", "stream big-8 a", "stream big-8 b"}));
    d.msg_id = "other";
    s.push(d);
    EXPECT_EQ(s.events(), texts{"stream other b"}) << "of a message that was never seen";
}

TEST(catch_up_live, a_message_without_a_number) {
    live s;
    gateway::pushed_message tip = pushed(big, 0);
    tip.message.msg_id = "tip";
    s.push(tip);
    s.push(tip);
    s.push(pushed(big, 7));
    EXPECT_EQ(s.events(), (texts{"big 0", "big 7"}));
}

TEST(catch_up_live, the_own_echo) {
    live s;
    gateway::pushed_message mine = pushed(big, 7);
    mine.message.sender.chat_id = own_id;
    s.push(mine);
    s.machine.sending("big-8");
    mine = pushed(big, 8);
    mine.message.sender = sender(); // without a sender the id tells
    s.push(mine);
    s.push(pushed(big, 9));
    s.push(edit(big, 8, 20));
    s.push(edit(big, 9, 20));
    EXPECT_EQ(text_of(s.machine.take().value), "big 7 own");
    event e = s.machine.take().value;
    EXPECT_EQ(text_of(e), "big 8 own");
    EXPECT_EQ(std::get<message_event>(e).message.direction, "right");
    e = s.machine.take().value;
    EXPECT_EQ(text_of(e), "big 9");
    EXPECT_EQ(std::get<message_event>(e).message.direction, "left");
    EXPECT_TRUE(std::get<edit_event>(s.machine.take().value).own);
    EXPECT_FALSE(std::get<edit_event>(s.machine.take().value).own);
}

TEST(catch_up_live, a_private_chat_is_named_after_the_peer) {
    live s;
    const chat peer = user("7654321");
    gateway::pushed_message m = pushed(peer, 1);
    m.chat = user(std::string(own_id));
    s.push(m);
    EXPECT_EQ(s.events(), texts{"7654321 1"});
    gateway::pushed_message e = edit(peer, 1, 20);
    e.chat.id = own_id; // neither type nor peer: the id of the message tells
    s.push(e);
    const event got = s.machine.take().value;
    ASSERT_NE(chat_of(got), nullptr);
    EXPECT_EQ(*chat_of(got), peer);
}

TEST(catch_up_live, the_first_message_of_a_chat_asks_for_earlier_ones) {
    live s;
    const chat other = group("other");
    s.push(pushed(other, 1));
    EXPECT_EQ(s.events(), texts{"other 1"}) << "number 1 has none before it";
    const chat third = group("third");
    s.push(pushed(third, 8));
    EXPECT_EQ(s.requests(), texts{"by_seq third 0"});
    std::vector<message> newest{listed(third, 7), listed(third, 8)};
    message old = listed(third, 6);
    old.send_time = base_time; // before the first start
    newest.push_back(old);
    s.page(newest);
    EXPECT_EQ(s.events(), (texts{"third 7", "third 8"}));
}

TEST(catch_up_live, frames_of_other_kinds) {
    live s;
    s.push(request_event());
    s.push(hang_up_event());
    s.push(file_event());
    s.push(unknown_event());
    board_event b;
    b.chat = big;
    s.push(b);
    gateway::pushed_draft d;
    d.chat_id = "big";
    s.push(d);
    s.push(gateway::heartbeat_ack());
    s.push(gateway::rejection());
    EXPECT_EQ(s.events(), (texts{"request", "call", "file", "unknown", "board", "draft big"}));
}

TEST(catch_up_live, only_followed_chats_are_heard) {
    engine::catch_up_options with;
    with.follow = {big};
    live s(with);
    s.push(pushed(group("other"), 1));
    s.push(edit(group("other"), 1, 20));
    s.push(pushed(big, 7));
    EXPECT_EQ(s.events(), texts{"big 7"});
    EXPECT_EQ(s.machine.chats(), 1U);
}

TEST(catch_up_live, a_full_queue_stops_reading_and_drops_deltas_first) {
    engine::catch_up_options with;
    with.max_events = 10;
    live s(with);
    gateway::pushed_delta d;
    d.msg_id = "m";
    d.chat_id = "big";
    for (std::uint64_t seq = 7; seq < 17; ++seq) {
        EXPECT_TRUE(s.machine.wants_frames());
        s.push(pushed(big, seq));
        if (seq >= 11) {
            s.push(d);
        }
    }
    EXPECT_FALSE(s.machine.wants_frames());
    EXPECT_EQ(s.machine.dropped(), 6U);
    s.push(pushed(big, 17));
    EXPECT_EQ(s.events().size(), 11U) << "messages are never dropped";
    EXPECT_TRUE(s.machine.wants_frames());
}

TEST(catch_up_live, no_page_is_requested_while_the_queue_is_full) {
    engine::catch_up_options with;
    with.max_events = 1;
    live s(with);
    s.push(pushed(big, 7));
    s.push(pushed(big, 9));
    s.wait();
    EXPECT_EQ(s.requests(), texts());
    EXPECT_EQ(s.events(), texts{"big 7"});
    EXPECT_EQ(s.requests(), texts{"by_seq big 7"});
}

} // namespace
} // namespace yunhu::test
