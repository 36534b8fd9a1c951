// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/chat_queues.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace yunhu::engine {
namespace {

using namespace std::chrono_literals;
using lines = std::vector<std::string>;

// A script of events and handlers. Turns and events are numbered from 1.
class chat_queues_test : public ::testing::Test {
protected:
    void SetUp() override {
        limits.max_handlers = 2;
        limits.max_per_chat = 3;
        limits.max_total = 5;
        limits.max_waiting = 2;
        limits.handler_timeout = 10s;
    }
    chat_queues& queues() {
        if (!queues_) {
            queues_.emplace(limits);
        }
        return *queues_;
    }
    void add(const std::string& chat, const std::string& user = "u", bool handled = true) {
        chat_queues::arrival next;
        next.event = ++last_;
        next.chat = {chat_type::group, chat};
        next.user = user;
        next.handled = handled;
        queues().add(next, now);
    }
    void end(std::uint64_t turn) { queues().ended(turn, true, now); }
    void pass(std::chrono::nanoseconds by) {
        now += by;
        queues().expire(now);
    }
    lines actions() {
        using kind = chat_queues::action::kind;
        static const std::map<kind, std::string> names{{kind::start, "start"},        {kind::resume, "resume"},
                                                       {kind::abort, "abort"},        {kind::cancel, "cancel"},
                                                       {kind::give_up, "give_up"},    {kind::done, "done"},
                                                       {kind::unmatched, "unmatched"}};
        lines made;
        for (auto a = queues().next_action(); a.what != kind::none; a = queues().next_action()) {
            std::string line = names.at(a.what);
            line += a.turn != 0 ? " t" + std::to_string(a.turn) : "";
            line += a.event != 0 ? " e" + std::to_string(a.event) : "";
            made.push_back(line);
        }
        return made;
    }

    chat_queue_limits limits;
    time_point now{};

private:
    std::optional<chat_queues> queues_;
    std::uint64_t last_ = 0;
};

TEST_F(chat_queues_test, one_handler_of_a_chat_at_a_time_in_order) {
    add("a");
    add("a");
    EXPECT_EQ(actions(), lines{"start t1 e1"});
    end(1);
    EXPECT_EQ(actions(), (lines{"done e1", "start t2 e2"}));
    end(2);
    EXPECT_EQ(actions(), lines{"done e2"});
    EXPECT_TRUE(queues().idle());
    EXPECT_EQ(queues().chats(), 0U);
}

TEST_F(chat_queues_test, chats_run_at_the_same_time_up_to_the_bound_and_take_turns) {
    add("a");
    add("a");
    add("b");
    add("c");
    EXPECT_EQ(actions(), (lines{"start t1 e1", "start t2 e3"}));
    EXPECT_EQ(queues().running(), 2U);
    end(1);
    EXPECT_EQ(actions(), (lines{"done e1", "start t3 e4"})) << "chat c waits longer than the rest of chat a";
    end(2);
    EXPECT_EQ(actions(), (lines{"done e3", "start t4 e2"}));
    end(3);
    end(4);
    EXPECT_EQ(actions(), (lines{"done e4", "done e2"}));
}

TEST_F(chat_queues_test, full_queues_want_no_events) {
    add("a");
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(queues().wants_events());
        add("a");
    }
    EXPECT_FALSE(queues().wants_events()) << "a chat is full";
    end(1);
    EXPECT_TRUE(queues().wants_events());
    add("b");
    for (const char* const chat : {"c", "d", "e"}) {
        EXPECT_TRUE(queues().wants_events());
        add(chat);
    }
    EXPECT_FALSE(queues().wants_events()) << "all of them";
    EXPECT_EQ(queues().queued(), 5U);
}

TEST_F(chat_queues_test, an_event_without_a_handler_is_done_in_its_turn) {
    add("a");
    add("a", "u", false);
    EXPECT_EQ(actions(), lines{"start t1 e1"});
    end(1);
    EXPECT_EQ(actions(), (lines{"done e1", "unmatched e2", "done e2"}));
    add("a", "u", false);
    EXPECT_EQ(actions(), (lines{"unmatched e3", "done e3"}));
    EXPECT_EQ(queues().chats(), 0U);
}

TEST_F(chat_queues_test, a_handler_that_waits_gets_the_message_of_its_user_in_its_place) {
    add("a", "u");
    EXPECT_EQ(actions(), lines{"start t1 e1"});
    EXPECT_TRUE(queues().wait(1, "u", now + 30s, now));
    EXPECT_EQ(queues().running(), 0U);
    EXPECT_EQ(queues().waiting(), 1U);
    add("a", "v");
    add("a", "u");
    EXPECT_EQ(actions(), lines{"start t2 e2"}) << "another user's message is handled meanwhile";
    end(2);
    EXPECT_EQ(actions(), lines{"resume t1 e3"}) << "e2 is not done before e1";
    end(1);
    EXPECT_EQ(actions(), (lines{"done e1", "done e2", "done e3"}));
    EXPECT_TRUE(queues().idle());
    EXPECT_EQ(queues().waiting(), 0U);
}

TEST_F(chat_queues_test, a_message_that_has_arrived_is_taken_before_its_own_handler) {
    add("a", "u");
    add("a", "v");
    add("a", "u", false);
    EXPECT_EQ(actions(), lines{"start t1 e1"});
    EXPECT_TRUE(queues().wait(1, "u", now + 30s, now));
    EXPECT_EQ(actions(), lines{"start t2 e2"});
    end(2);
    EXPECT_EQ(actions(), lines{"resume t1 e3"});
    end(1);
    EXPECT_EQ(actions(), (lines{"done e1", "done e2", "done e3"}));
}

TEST_F(chat_queues_test, a_wait_expires_and_the_handler_goes_on_next) {
    add("a", "u");
    EXPECT_TRUE(queues().wait(1, "u", now + 30s, now));
    add("a", "v");
    add("a", "w");
    EXPECT_EQ(actions(), (lines{"start t1 e1", "start t2 e2"}));
    now += 25s;
    pass(0s); // t2 exceeds its time
    EXPECT_EQ(actions(), lines{"cancel t2"});
    pass(5s);
    EXPECT_EQ(actions(), lines{}) << "t2 still runs";
    end(2);
    EXPECT_EQ(actions(), lines{"resume t1"});
    end(1);
    EXPECT_EQ(actions(), (lines{"done e1", "done e2", "start t3 e3"}));
}

TEST_F(chat_queues_test, waits_are_bounded_and_only_for_handlers_that_run) {
    limits.max_handlers = 9;
    for (const char* const chat : {"a", "b", "c"}) {
        add(chat);
    }
    EXPECT_TRUE(queues().wait(1, "u", now + 1s, now));
    EXPECT_FALSE(queues().wait(1, "u", now + 1s, now)) << "it waits already";
    EXPECT_TRUE(queues().wait(2, "u", now + 1s, now));
    EXPECT_FALSE(queues().wait(3, "u", now + 1s, now)) << "too many";
    EXPECT_FALSE(queues().wait(7, "u", now + 1s, now)) << "unknown";
}

TEST_F(chat_queues_test, a_handler_that_stops_waiting_is_resumed_in_its_turn) {
    add("a", "u");
    EXPECT_TRUE(queues().wait(1, "u", now + 30s, now));
    add("a", "v");
    queues().stop_waiting(1, now);
    EXPECT_EQ(actions(), (lines{"start t1 e1", "start t2 e2"}));
    end(2);
    EXPECT_EQ(actions(), lines{"resume t1"});
    end(1);
    EXPECT_EQ(actions(), (lines{"done e1", "done e2"}));
}

TEST_F(chat_queues_test, a_handler_that_ends_while_it_waits_blocks_nothing) {
    add("a", "u");
    EXPECT_TRUE(queues().wait(1, "u", now + 30s, now));
    add("a", "v");
    add("a", "u"); // for t1
    end(1);
    EXPECT_EQ(actions(), (lines{"start t1 e1", "start t2 e2", "done e1"}));
    end(2);
    EXPECT_EQ(actions(), (lines{"done e2", "done e3"}));
    EXPECT_TRUE(queues().idle());
    EXPECT_EQ(queues().queued(), 0U);
    EXPECT_EQ(queues().chats(), 0U);
}

TEST_F(chat_queues_test, a_handler_that_hangs_is_cancelled_and_then_given_up) {
    add("a");
    add("a");
    EXPECT_EQ(actions(), lines{"start t1 e1"});
    EXPECT_EQ(queues().due(), now + 10s);
    pass(10s);
    EXPECT_EQ(actions(), lines{"cancel t1"});
    pass(9s);
    EXPECT_EQ(actions(), lines{});
    pass(1s);
    EXPECT_EQ(actions(), (lines{"give_up t1", "done e1", "start t2 e2"}));
    end(1); // at last
    EXPECT_EQ(actions(), lines{});
    EXPECT_EQ(queues().running(), 1U);
}

TEST_F(chat_queues_test, the_time_in_a_wait_does_not_count) {
    add("a", "u");
    pass(9s);
    EXPECT_TRUE(queues().wait(1, "u", now + 60s, now));
    pass(50s);
    add("a", "u");
    EXPECT_EQ(actions(), (lines{"start t1 e1", "resume t1 e2"}));
    pass(9s);
    EXPECT_EQ(actions(), lines{});
    pass(1s);
    EXPECT_EQ(actions(), lines{"cancel t1"});
}

TEST_F(chat_queues_test, a_stop_starts_nothing_and_aborts_waits) {
    add("a", "u");
    EXPECT_TRUE(queues().wait(1, "u", now + 30s, now));
    add("b");
    add("b");
    EXPECT_EQ(actions(), (lines{"start t1 e1", "start t2 e2"}));
    queues().stop();
    EXPECT_EQ(actions(), lines{"abort t1"});
    end(1);
    EXPECT_EQ(actions(), lines{}) << "seen again after a restart";
    EXPECT_FALSE(queues().idle());
    end(2);
    EXPECT_EQ(actions(), lines{"done e2"}) << "it has ended by itself; e3 never starts";
    EXPECT_TRUE(queues().idle());
    add("c");
    EXPECT_EQ(actions(), lines{});
    EXPECT_FALSE(queues().wants_events());
}

TEST_F(chat_queues_test, handlers_that_the_stop_cancels_are_not_done) {
    add("a");
    EXPECT_EQ(actions(), lines{"start t1 e1"});
    queues().stop();
    queues().cancel_all();
    EXPECT_EQ(actions(), lines{"cancel t1"});
    end(1);
    EXPECT_EQ(actions(), lines{});
    EXPECT_TRUE(queues().idle());
    EXPECT_EQ(queues().running(), 0U);
}

TEST_F(chat_queues_test, events_that_nobody_gets_are_done_after_those_before_them) {
    add("a");
    chat_queues::arrival own;
    own.event = 100;
    own.chat = {chat_type::group, "a"};
    queues().skip(own);
    EXPECT_EQ(actions(), lines{"start t1 e1"});
    end(1);
    EXPECT_EQ(actions(), (lines{"done e1", "done e100"}));
    queues().skip(own);
    EXPECT_EQ(actions(), lines{"done e100"});
    EXPECT_EQ(queues().chats(), 0U);
}

TEST_F(chat_queues_test, an_event_that_is_held_keeps_its_place) {
    chat_queues::arrival stream;
    stream.event = 100;
    stream.chat = {chat_type::group, "a"};
    queues().hold(stream);
    add("a");
    end(1);
    EXPECT_EQ(actions(), lines{"start t1 e1"}) << "e1 is not done before e100";
    stream.held = true;
    queues().add(stream, now);
    end(2);
    EXPECT_EQ(actions(), (lines{"start t2 e100", "done e100", "done e1"}));
}

// Random scripts: each event is done once, in the order of its chat, and handlers of a chat never overlap.
TEST_F(chat_queues_test, whatever_happens_each_event_is_done_once_and_in_order) {
    for (unsigned seed = 1; seed <= 200; ++seed) {
        std::minstd_rand random(seed);
        const auto pick = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
        chat_queue_limits bounds;
        bounds.max_handlers = 1 + pick(3);
        bounds.max_per_chat = 1 + pick(4);
        bounds.max_total = 1 + pick(8);
        bounds.max_waiting = pick(4);
        bounds.handler_timeout = 10s;
        chat_queues machine(bounds);
        time_point at{};
        std::uint64_t added = 0;
        std::map<std::uint64_t, std::string> chat_of_event;
        std::map<std::string, std::uint64_t> last_done;
        std::map<std::uint64_t, std::string> running; // turn: its chat
        std::map<std::uint64_t, std::string> parked;
        std::size_t done = 0;
        const auto apply = [&] {
            using kind = chat_queues::action::kind;
            for (auto a = machine.next_action(); a.what != kind::none; a = machine.next_action()) {
                if (a.what == kind::start) {
                    running[a.turn] = chat_of_event.at(a.event);
                } else if (a.what == kind::resume) {
                    ASSERT_EQ(parked.count(a.turn), 1U);
                    running[a.turn] = parked.at(a.turn);
                    parked.erase(a.turn);
                } else if (a.what == kind::give_up) {
                    running.erase(a.turn);
                } else if (a.what == kind::done) {
                    ++done;
                    std::uint64_t& last = last_done[chat_of_event.at(a.event)];
                    ASSERT_LT(last, a.event);
                    last = a.event;
                }
            }
            std::map<std::string, int> per_chat;
            for (const auto& [turn, chat] : running) {
                ASSERT_EQ(++per_chat[chat], 1) << "seed " << seed;
            }
            ASSERT_LE(running.size(), bounds.max_handlers);
            ASSERT_EQ(running.size(), machine.running());
            ASSERT_EQ(parked.size(), machine.waiting());
        };
        for (int step = 0; step < 300; ++step) {
            switch (pick(6)) {
            case 0:
            case 1:
                if (machine.wants_events()) {
                    chat_queues::arrival next;
                    next.event = ++added;
                    next.chat = {chat_type::group, std::string(1, static_cast<char>('a' + pick(3)))};
                    next.user = pick(5) == 0 ? "" : std::string(1, static_cast<char>('u' + pick(2)));
                    next.handled = pick(4) != 0;
                    chat_of_event[next.event] = next.chat.second;
                    machine.add(next, at);
                }
                break;
            case 2:
                at += std::chrono::seconds(pick(8));
                machine.expire(at);
                break;
            case 3:
                if (!running.empty()) {
                    const auto turn = running.begin()->first;
                    const auto chat = running.begin()->second;
                    if (machine.wait(turn, std::string(1, static_cast<char>('u' + pick(2))), at + 5s, at)) {
                        running.erase(turn);
                        parked[turn] = chat;
                    }
                }
                break;
            case 4:
                if (!running.empty()) {
                    const auto turn = running.begin()->first;
                    running.erase(turn);
                    machine.ended(turn, true, at);
                }
                break;
            default:
                if (!parked.empty() && pick(2) == 0) {
                    machine.stop_waiting(parked.begin()->first, at);
                } else if (!parked.empty()) {
                    const auto turn = parked.begin()->first;
                    parked.erase(turn);
                    machine.ended(turn, true, at);
                }
            }
            ASSERT_NO_FATAL_FAILURE(apply()) << "seed " << seed;
        }
        for (int i = 0; i < 10'000 && !machine.idle(); ++i) {
            at += 5s;
            machine.expire(at);
            ASSERT_NO_FATAL_FAILURE(apply()) << "seed " << seed;
        }
        EXPECT_TRUE(machine.idle());
        EXPECT_EQ(done, added) << "seed " << seed;
        EXPECT_EQ(machine.queued(), 0U);
        EXPECT_EQ(machine.chats(), 0U);
        EXPECT_TRUE(machine.wants_events());
        EXPECT_FALSE(machine.due());
    }
}

} // namespace
} // namespace yunhu::engine
