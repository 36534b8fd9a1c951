// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "catch_up_script.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

// After a connect: what moved is caught up, without a gap and within the limits.
namespace yunhu::test {
namespace {

TEST(catch_up, a_quiet_reconnect_costs_one_request) {
    catch_up_script s({}, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    EXPECT_EQ(s.requests(), texts{"conversations "});
    s.conversations({conversation(small, 0)}, "a");
    for (int i = 0; i < 3; ++i) {
        s.machine.disconnected();
        s.machine.connected(s.now);
        EXPECT_EQ(s.requests(), texts{"conversations a"});
        s.conversations({}, "a");
        EXPECT_EQ(s.requests(), texts());
        EXPECT_TRUE(s.machine.settled());
    }
    s.push(pushed(big, 7));
    EXPECT_EQ(s.events(), texts{"big 7"});
}

TEST(catch_up, chats_that_have_not_moved_cost_none) {
    catch_up_script s({}, cursors({cursor(big, 6), cursor(small, 60)}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.conversations({conversation(big, 6), conversation(group("silent"), 0)}, "a");
    EXPECT_EQ(s.requests(), texts());
    EXPECT_TRUE(s.machine.settled());
}

TEST(catch_up, what_was_missed_follows_the_cursor) {
    catch_up_script s({}, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.push(pushed(big, 10)); // meanwhile
    s.conversations({conversation(big, 10)}, "a");
    EXPECT_EQ(s.requests(), texts{"by_seq big 6"});
    s.push(pushed(big, 11));
    EXPECT_EQ(s.events(), texts());
    s.page(messages(big, 7, 10));
    EXPECT_EQ(s.requests(), texts{"changes big 5999"});
    s.page({listed(big, 3, 7'500), listed(big, 2, 0, 9'500), listed(big, 5), listed(big, 8)});
    EXPECT_EQ(s.requests(), texts());
    texts all = expected(big, 7, 10);
    all.insert(all.end(), {"edit big-3@7500", "recall big-2", "big 11"});
    EXPECT_EQ(s.events(), all);
    EXPECT_TRUE(s.machine.settled());
}

TEST(catch_up, further_back_than_a_page) {
    catch_up_script s({}, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.conversations({conversation(big, 200)}, "a");
    EXPECT_EQ(s.requests(), texts{"by_seq big 6"});
    s.page(messages(big, 170, 200));
    EXPECT_EQ(s.requests(), texts{"before big-170"});
    s.page(messages(big, 120, 169));
    EXPECT_EQ(s.requests(), texts{"before big-120"});
    s.page(messages(big, 70, 119));
    EXPECT_EQ(s.requests(), texts{"before big-70"});
    s.page(messages(big, 20, 69));
    EXPECT_EQ(s.requests(), texts{"before big-20"});
    EXPECT_EQ(s.events(), texts());
    s.page(messages(big, 1, 19));
    EXPECT_EQ(s.requests(), texts{"changes big 5999"});
    s.page({});
    EXPECT_EQ(s.events(), expected(big, 7, 200));
}

TEST(catch_up, a_recalled_message_is_a_recall) {
    catch_up_script s({}, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.push(recall(big, 7, 20'000));
    s.conversations({conversation(big, 9)}, "a");
    (void)s.requests();
    s.page({listed(big, 7, 0, 20'000), listed(big, 8, 30'000), listed(big, 9)});
    (void)s.requests();
    s.page({listed(big, 7, 0, 20'000), listed(big, 8, 30'000)});
    EXPECT_EQ(s.events(), (texts{"recall big-7", "big 8", "big 9"})) << "8 is new, although it was edited";
}

TEST(catch_up, a_change_that_is_pushed_meanwhile_follows_its_message) {
    catch_up_script s({}, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    gateway::pushed_message without_number = edit(big, 7, 20'000);
    without_number.message.msg_seq = 0;
    s.push(without_number);
    s.push(edit(big, 8, 30'000));
    s.conversations({conversation(big, 8)}, "a");
    (void)s.requests();
    s.page(messages(big, 7, 8)); // read before the edits
    (void)s.requests();
    s.page({});
    EXPECT_EQ(s.events(), (texts{"big 7", "edit big-7@20000", "big 8", "edit big-8@30000"}));
}

TEST(catch_up, a_change_whose_chat_is_not_known_waits_for_its_message) {
    const chat peer = user("7654321");
    catch_up_script s({}, cursors({cursor(peer, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    gateway::pushed_message e = edit(peer, 7, 20'000);
    e.chat.id = own_id;
    s.push(e);
    s.conversations({conversation(peer, 7)}, "a");
    (void)s.requests();
    s.page({listed(peer, 7)});
    (void)s.requests();
    EXPECT_EQ(s.events(), texts());
    s.page({});
    EXPECT_EQ(s.events(), (texts{"7654321 7", "edit 7654321-7@20000"}));
}

TEST(catch_up, deltas_that_a_page_may_contain_are_dropped) {
    catch_up_script s({}, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    gateway::pushed_delta d;
    d.msg_id = "big-7";
    d.chat_id = "big";
    d.text = "a";
    s.push(d);
    s.conversations({conversation(big, 7)}, "a");
    (void)s.requests();
    s.page({listed(big, 7)});
    d.text = "b";
    s.push(d);
    (void)s.requests();
    s.page({});
    EXPECT_EQ(s.events(), texts{"big 7"});
    d.text = "c";
    s.push(d);
    EXPECT_EQ(s.events(), texts{"stream big-7 c"});
}

TEST(catch_up, the_first_start_begins_now) {
    catch_up_script s;
    s.machine.connected(s.now);
    (void)s.requests();
    s.push(pushed(big, 10));
    s.conversations({conversation(big, 10), conversation(small, 5)}, "a");
    EXPECT_EQ(s.machine.since(), base_time + 10'000);
    EXPECT_EQ(s.requests(), texts{"by_seq big 0"}) << "its position is not known";
    s.page(messages(big, 1, 10));
    EXPECT_EQ(s.requests(), texts());
    EXPECT_EQ(s.events(), texts{"big 10"}) << "history is not delivered";
    s.push(pushed(big, 11));
    EXPECT_EQ(s.events(), texts{"big 11"});
}

TEST(catch_up, a_chat_that_appeared_meanwhile) {
    catch_up_script s({}, cursors({}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.conversations({conversation(small, 3), conversation(group("silent"), 0)}, "a");
    EXPECT_EQ(s.requests(), texts{"by_seq small 0"});
    message before = listed(small, 1);
    before.send_time = base_time;
    s.page({before, listed(small, 2), listed(small, 3)});
    EXPECT_EQ(s.requests(), texts()) << "older messages were never delivered: their changes are of no interest";
    EXPECT_EQ(s.events(), (texts{"small 2", "small 3"}));
}

TEST(catch_up, messages_of_one_burst_may_share_a_time) {
    catch_up_script s({}, cursors({cursor(big, 6), cursor(small, 3)}));
    s.connect();
    s.push(pushed(big, 7));
    s.machine.disconnected();
    s.machine.connected(s.now);
    (void)s.requests();
    s.conversations({conversation(big, 7), conversation(small, 3)}, "b");
    EXPECT_EQ(s.requests(), texts{"by_seq big 7"}) << "only the chat of the last burst";
}

TEST(catch_up, the_limit_of_a_chat) {
    engine::catch_up_options with;
    with.max_per_chat = 60;
    with.list_changes = false;
    catch_up_script s(with, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.conversations({conversation(big, 200)}, "a");
    (void)s.requests();
    s.page(messages(big, 170, 200));
    EXPECT_EQ(s.requests(), texts{"before big-170"});
    s.page(messages(big, 120, 169));
    EXPECT_EQ(s.requests(), texts());
    texts all{"gap big 7-119 limit"};
    for (const std::string& m : expected(big, 120, 200)) {
        all.push_back(m);
    }
    EXPECT_EQ(s.events(), all);
}

TEST(catch_up, the_limit_in_total) {
    engine::catch_up_options with;
    with.max_total = 100;
    with.list_changes = false;
    catch_up_script s(with, cursors({cursor(big, 6), cursor(small, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.conversations({conversation(big, 200), conversation(small, 200)}, "a");
    EXPECT_EQ(s.requests().size(), 2U);
    s.page(messages(s.sent.front().chat, 140, 200));
    const std::string second = s.sent.front().chat.id;
    s.page(messages(s.sent.front().chat, 140, 200));
    EXPECT_EQ(s.events().front(), "gap " + second + " 7-139 limit");
    EXPECT_LE(s.machine.buffered(), 100U);
}

TEST(catch_up, pushes_beyond_the_limit_are_left_to_a_round) {
    engine::catch_up_options with;
    with.max_per_chat = 4;
    with.list_changes = false;
    catch_up_script s(with, cursors({cursor(big, 6), cursor(small, 60)}));
    s.machine.connected(s.now);
    (void)s.requests();
    for (std::uint64_t seq = 7; seq <= 20; ++seq) {
        s.push(pushed(big, seq));
        EXPECT_LE(s.machine.buffered(), 4U);
    }
    s.push(edit(big, 20, 30'000));
    EXPECT_EQ(s.events(), texts{"gap big 20-20 changes"}) << "only the message is listed for certain";
    s.conversations({conversation(big, 6)}, "a");
    EXPECT_EQ(s.events(), expected(big, 7, 10));
    EXPECT_EQ(s.requests(), texts{"by_seq big 10"});
    s.page(messages(big, 11, 20));
    EXPECT_EQ(s.requests(), texts());
    EXPECT_EQ(s.events(), expected(big, 11, 20));
}

TEST(catch_up, requests_at_a_time_are_bounded) {
    std::vector<chat_cursor> all;
    std::vector<engine::listed_conversation> moved;
    for (int i = 0; i < 20; ++i) {
        const chat in = group("g" + std::to_string(i));
        all.push_back(cursor(in, 6));
        moved.push_back(conversation(in, 7));
    }
    catch_up_script s({}, cursors(all));
    s.machine.connected(s.now);
    (void)s.requests();
    s.conversations(moved, "a");
    std::size_t requests = s.requests().size();
    EXPECT_EQ(requests, 4U);
    while (!s.sent.empty()) {
        const auto r = s.sent.front();
        s.page(r.query.what == engine::page_query::kind::by_seq ? messages(r.chat, 7, 7) : std::vector<message>());
        requests += s.requests().size();
        EXPECT_LE(s.sent.size(), 4U);
    }
    EXPECT_EQ(requests, 40U) << "two per chat: its messages and its changes";
    EXPECT_EQ(s.events().size(), 20U);
    EXPECT_TRUE(s.machine.settled());
}

TEST(catch_up, an_anchor_that_was_removed) {
    for (const bool refused : {false, true}) {
        engine::catch_up_options with;
        with.list_changes = false;
        catch_up_script s(with, cursors({cursor(big, 6)}));
        s.machine.connected(s.now);
        (void)s.requests();
        s.conversations({conversation(big, 100)}, "a");
        (void)s.requests();
        s.page(messages(big, 70, 100));
        EXPECT_EQ(s.requests(), texts{"before big-70"});
        if (refused) {
            s.fail(false);
        } else {
            s.page({});
        }
        EXPECT_EQ(s.requests(), texts{"before big-71"});
        s.page(messages(big, 6, 69));
        EXPECT_EQ(s.events(), expected(big, 7, 100));
    }
}

TEST(catch_up, pages_that_do_not_lead_on) {
    engine::catch_up_options with;
    with.list_changes = false;
    catch_up_script s(with, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.conversations({conversation(big, 100)}, "a");
    (void)s.requests();
    s.page(messages(big, 99, 100));
    EXPECT_EQ(s.requests(), texts{"before big-99"});
    s.page(messages(big, 99, 100));
    EXPECT_EQ(s.requests(), texts{"before big-100"});
    s.page(messages(big, 99, 100));
    EXPECT_EQ(s.requests(), texts());
    EXPECT_EQ(s.events(), (texts{"gap big 7-98 unavailable", "big 99", "big 100"}));
}

TEST(catch_up, the_service_may_not_know_changes) {
    catch_up_script s({}, cursors({cursor(big, 6), cursor(small, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.conversations({conversation(big, 7)}, "a");
    (void)s.requests();
    s.page({listed(big, 7)});
    EXPECT_EQ(s.requests(), texts{"changes big 5999"});
    s.fail(false);
    EXPECT_EQ(s.events(), texts{"big 7"});
    s.machine.disconnected();
    s.machine.connected(s.now);
    (void)s.requests();
    s.conversations({conversation(small, 7)}, "b");
    (void)s.requests();
    s.page({listed(small, 7)});
    EXPECT_EQ(s.requests(), texts()) << "it is not asked again";
    EXPECT_EQ(s.events(), texts{"small 7"});
}

TEST(catch_up, more_changes_than_a_page_are_a_gap) {
    catch_up_script s({}, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.conversations({conversation(big, 7)}, "a");
    (void)s.requests();
    s.page({listed(big, 7)});
    (void)s.requests();
    s.page(std::vector<message>(100, listed(big, 3, 7'500)));
    EXPECT_EQ(s.events(), (texts{"gap big 0-0 changes", "big 7", "edit big-3@7500"}));
}

TEST(catch_up, a_list_that_fails_is_asked_for_again) {
    catch_up_script s({}, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    for (const auto pause : {1s, 2s, 4s, 8s, 16s}) {
        EXPECT_EQ(s.requests(), texts{"conversations "});
        s.push(pushed(big, 8));
        s.fail(true);
        EXPECT_EQ(s.requests(), texts());
        EXPECT_EQ(s.machine.due(), s.now + pause);
        s.wait();
    }
    EXPECT_EQ(s.requests(), texts{"conversations "});
    s.fail(true);
    EXPECT_EQ(s.requests(), texts{"by_seq big 6"}) << "any chat may have moved";
    s.page(messages(big, 7, 8));
    (void)s.requests();
    s.page({});
    EXPECT_EQ(s.events(), expected(big, 7, 8));
    EXPECT_TRUE(s.machine.settled());
}

TEST(catch_up, a_list_that_is_refused) {
    catch_up_script s({}, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.fail(false);
    EXPECT_EQ(s.requests(), texts{"by_seq big 6"});
}

TEST(catch_up, a_chat_that_the_service_does_not_list) {
    catch_up_script s({}, cursors({cursor(big, 6), cursor(small, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.push(pushed(big, 9));
    s.conversations({conversation(big, 9), conversation(small, 7)}, "a");
    EXPECT_EQ(s.requests().size(), 2U);
    while (!s.sent.empty()) {
        if (s.sent.front().chat == big) {
            s.fail(false);
        } else {
            s.page(s.sent.front().query.what == engine::page_query::kind::by_seq ? messages(small, 7, 7)
                                                                                 : std::vector<message>());
        }
        (void)s.requests();
    }
    const texts all = s.events();
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()),
              (std::set<std::string>{"gap big 7-8 refused", "big 9", "small 7"}));
    EXPECT_TRUE(s.machine.settled());
}

TEST(catch_up, a_chat_whose_requests_keep_failing) {
    catch_up_script s({}, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    s.push(pushed(big, 9));
    s.conversations({conversation(big, 9)}, "a");
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(s.requests(), texts{"by_seq big 6"});
        s.fail(true);
        EXPECT_EQ(s.events(), texts());
        s.wait();
    }
    EXPECT_EQ(s.requests(), texts{"by_seq big 6"});
    s.fail(true);
    EXPECT_EQ(s.events(), (texts{"gap big 7-8 unavailable", "big 9"}));
    EXPECT_TRUE(s.machine.settled());
}

TEST(catch_up, answers_that_are_not_awaited_do_nothing) {
    catch_up_script s({}, cursors({cursor(big, 6)}));
    s.machine.connected(s.now);
    (void)s.requests();
    const auto old = s.sent.front().id;
    s.machine.disconnected();
    s.machine.connected(s.now);
    EXPECT_EQ(s.requests(), texts{"conversations "});
    s.machine.on_conversations(old, {conversation(big, 9)}, "x", s.now);
    s.machine.on_failure(old, true, s.now);
    s.machine.on_page(old, messages(big, 7, 9), s.now);
    s.machine.on_page(12'345, messages(big, 7, 9), s.now);
    s.machine.on_failure(12'345, false, s.now);
    EXPECT_EQ(s.events(), texts());
    EXPECT_EQ(s.requests(), texts());
    s.sent.erase(s.sent.begin());
    s.conversations({conversation(big, 7)}, "a");
    EXPECT_EQ(s.requests(), texts{"by_seq big 6"});
}

TEST(catch_up, chats_are_bounded) {
    engine::catch_up_options with;
    with.max_chats = 10;
    catch_up_script s(with, cursors({}));
    s.connect();
    for (std::uint64_t i = 0; i < 100; ++i) {
        gateway::pushed_message m = pushed(group("g" + std::to_string(i)), 1);
        m.message.send_time = base_time + i * 1000;
        s.push(m);
        EXPECT_LE(s.machine.chats(), 12U);
    }
    EXPECT_EQ(s.events().size(), 100U);
    EXPECT_GE(s.machine.since(), base_time + 88'000) << "the forgotten chats have no newer message";
}

} // namespace
} // namespace yunhu::test
