// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "catch_up_script.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

// One round of catching up, disturbed at every step.
namespace yunhu::test {
namespace {

// A round through every kind of request, with pushes in between.
struct long_round {
    long_round() : s({}, cursors({cursor(big, 6), cursor(small, 3)})) {}

    using step = std::function<void(long_round&)>;
    static const std::vector<step>& steps() {
        static const std::vector<step> all{
            [](long_round& r) { r.s.machine.connected(r.s.now); },
            [](long_round& r) { r.s.push(pushed(big, 81)); },
            [](long_round& r) {
                (void)r.s.requests();
                r.s.conversations({conversation(big, 81)}, "a");
            },
            [](long_round& r) { (void)r.s.requests(); },
            [](long_round& r) { r.s.page(messages(big, 50, 80)); },
            [](long_round& r) { r.s.push(edit(big, 60, 90'000)); },
            [](long_round& r) { (void)r.s.requests(); },
            [](long_round& r) { r.s.page(messages(big, 6, 49)); },
            [](long_round& r) { (void)r.s.requests(); },
            [](long_round& r) { r.s.page({listed(big, 3, 7'500)}); },
            [](long_round& r) { r.s.push(pushed(big, 83)); },
            [](long_round& r) { r.s.push(pushed(big, 82)); },
        };
        return all;
    }
    void run(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            steps()[i](*this);
            record();
        }
    }
    void record() {
        for (std::string& e : s.events()) {
            seen.push_back(std::move(e));
        }
    }
    /// The service as it is at the end.
    void answer() {
        const auto r = s.sent.front();
        if (r.conversations) {
            s.conversations({conversation(big, 83)}, "z");
            return;
        }
        std::vector<message> page;
        for (std::uint64_t seq = 1; seq <= 83; ++seq) {
            message m = listed(big, seq, seq == 60 ? 90'000U : seq == 3 ? 7'500U : 0U);
            const bool wanted =
                r.query.what == engine::page_query::kind::by_seq ? seq > r.query.seq && seq > 52
                : r.query.what == engine::page_query::kind::before
                    ? seq < std::stoull(r.query.msg_id.substr(4)) && seq + 50 >= std::stoull(r.query.msg_id.substr(4))
                    : m.edit_time > r.query.time;
            if (wanted) {
                page.push_back(std::move(m));
            }
        }
        s.page(std::move(page));
    }
    void finish() {
        for (int i = 0; i < 1000; ++i) {
            (void)s.requests();
            record();
            if (!s.sent.empty()) {
                answer();
            } else if (s.machine.due()) {
                s.wait();
            } else {
                break;
            }
        }
        record();
        ASSERT_TRUE(s.machine.settled());
    }
    /// All messages in order, each once, and the edits after them.
    void expect_complete() {
        texts order;
        std::set<std::string> edits;
        for (const std::string& e : seen) {
            if (e.starts_with("big ")) {
                order.push_back(e);
            } else {
                EXPECT_TRUE(edits.insert(e).second) << e << " twice";
            }
        }
        EXPECT_EQ(order, expected(big, 7, 83));
        EXPECT_TRUE(edits.contains("edit big-3@7500"));
        edits.erase("edit big-3@7500");
        edits.erase("edit big-60@90000"); // or message 60 has it already
        EXPECT_TRUE(edits.empty()) << *edits.begin();
    }

    catch_up_script s;
    texts seen;
};

TEST(catch_up, the_long_round) {
    long_round r;
    r.run(long_round::steps().size());
    r.finish();
    r.expect_complete();
}

TEST(catch_up, reconnected_at_every_step) {
    for (std::size_t at = 1; at <= long_round::steps().size(); ++at) {
        SCOPED_TRACE(at);
        long_round r;
        r.run(at);
        r.s.machine.disconnected();
        r.s.machine.connected(r.s.now); // its pushes are lost from here on
        // The list of the earlier connection is answered late.
        std::erase_if(r.s.sent, [](const auto& request) { return request.conversations; });
        r.finish();
        r.expect_complete();
    }
}

TEST(catch_up, every_request_fails_once_at_every_step) {
    for (std::size_t at = 1; at <= long_round::steps().size(); ++at) {
        SCOPED_TRACE(at);
        long_round r;
        r.run(at);
        (void)r.s.requests();
        while (!r.s.sent.empty()) {
            r.s.fail(true);
        }
        r.s.push(pushed(big, 82));
        r.s.push(pushed(big, 83));
        if (r.s.machine.due()) {
            r.s.wait();
        }
        r.finish();
        r.expect_complete();
    }
}

TEST(catch_up, refused_at_every_step_names_what_is_missing) {
    for (std::size_t at = 1; at <= long_round::steps().size(); ++at) {
        SCOPED_TRACE(at);
        long_round r;
        r.run(at);
        for (int i = 0; i < 100 && (!r.s.requests().empty() || !r.s.sent.empty()); ++i) {
            r.s.fail(false);
        }
        r.s.push(pushed(big, 82));
        r.s.push(pushed(big, 83));
        for (int i = 0; i < 100 && (r.s.machine.due() || !r.s.sent.empty()); ++i) {
            if (r.s.machine.due()) {
                r.s.wait();
            }
            (void)r.s.requests();
            while (!r.s.sent.empty()) {
                r.s.fail(false);
            }
        }
        r.record();
        // Each message is delivered, or lies in a gap.
        std::set<std::uint64_t> known;
        for (const std::string& e : r.seen) {
            if (e.starts_with("big ")) {
                EXPECT_TRUE(known.insert(std::stoull(e.substr(4))).second) << e;
            } else if (e.starts_with("gap big ")) {
                const std::size_t dash = e.find('-');
                const std::uint64_t to = std::stoull(e.substr(dash + 1));
                for (std::uint64_t seq = std::stoull(e.substr(8)); seq <= to && to != 0; ++seq) {
                    known.insert(seq);
                }
            }
        }
        for (std::uint64_t seq = 7; seq <= 83; ++seq) {
            EXPECT_TRUE(known.contains(seq)) << seq;
        }
        EXPECT_EQ(r.s.machine.buffered(), 0U);
    }
}

} // namespace
} // namespace yunhu::test
