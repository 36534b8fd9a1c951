// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Exchanges and counters.

#include "fixture.hpp"

#include "testing/journal.hpp"

#include <atomic>
#include <thread>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

using exchanges_test = emulator_test;

TEST_F(exchanges_test, an_exchange_is_recorded_completely) {
    const std::string body = text_request(big, "a", "hi").SerializeAsString();
    headers with = valid_headers(protobuf_type, body.size());
    with.emplace_back("X-Some", "thing");
    client.send(request_text("POST", "/v1/msg/send-message", with, body));
    ASSERT_EQ(client.read().status, 200);
    const auto journal = server.journal();
    ASSERT_EQ(journal.size(), 1U);
    const exchange& e = journal[0];
    EXPECT_EQ(e.connection, 1U);
    EXPECT_EQ(e.on_connection, 1U);
    EXPECT_EQ(e.endpoint, "send-message");
    EXPECT_EQ(e.method, "POST");
    EXPECT_EQ(e.target, "/v1/msg/send-message");
    with[1].second = "***"; // the token
    EXPECT_EQ(e.headers, with);
    EXPECT_EQ(e.body, body);
    EXPECT_EQ(e.msg_id, "a");
    EXPECT_TRUE(e.executed);
    EXPECT_EQ(e.status, 200);
    EXPECT_EQ(e.code, 1);
    EXPECT_FALSE(e.duplicate);
    EXPECT_EQ(e.problem, "");
    EXPECT_FALSE(e.applied_fault.has_value());
}

TEST_F(exchanges_test, connections_and_exchanges_are_numbered) {
    send_many(big, 2);
    http_client other = connect();
    other.send(request_text("POST", "/nothing", valid_headers(json_type, 0), ""));
    ASSERT_EQ(other.read().status, 404);
    ASSERT_EQ(send(big, "m3"), 1);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> numbers;
    for (const exchange& each : server.journal()) {
        numbers.emplace_back(each.connection, each.on_connection);
    }
    EXPECT_EQ(numbers, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, 1}, {1, 2}, {2, 1}, {1, 3}}));
    EXPECT_EQ(server.requests(), 4U);
    EXPECT_EQ(server.connections_accepted(), 2U);
    EXPECT_EQ(server.connections_open(), 2U);
}

TEST_F(exchanges_test, clearing_removes_exchanges_and_keeps_counters) {
    send_many(big, 2);
    server.clear_journal();
    EXPECT_TRUE(server.journal().empty());
    EXPECT_EQ(server.requests(), 2U);
    ASSERT_EQ(send(big, "m1"), 1);
    EXPECT_EQ(server.journal().size(), 1U);
    EXPECT_TRUE(server.journal()[0].duplicate);
}

TEST(journal, keeps_the_newest_up_to_its_limit) {
    detail::journal<exchange> log(2);
    for (std::uint64_t i = 1; i <= 3; ++i) {
        exchange e;
        e.connection = i;
        log.add(e);
    }
    ASSERT_EQ(log.all().size(), 2U);
    EXPECT_EQ(log.all()[0].connection, 2U);
    EXPECT_EQ(log.all()[1].connection, 3U);
    detail::journal<exchange> none(0);
    EXPECT_FALSE(none.enabled());
    none.add({});
    EXPECT_TRUE(none.all().empty());
}

TEST_F(exchanges_test, wait_until_ends_with_its_condition_or_its_timeout) {
    EXPECT_TRUE(server.wait_until([] { return true; }, std::chrono::milliseconds(0)));
    EXPECT_FALSE(server.wait_until([] { return false; }, std::chrono::milliseconds(1)));
    std::thread later([this] { EXPECT_EQ(send(big, "a"), 1); });
    EXPECT_TRUE(server.wait_until([this] { return server.requests() == 1; }, wait_limit));
    later.join();
}

TEST_F(exchanges_test, is_thread_safe) {
    constexpr int threads = 4;
    constexpr int sends = 50;
    std::atomic<bool> done = false;
    std::thread reader([&] {
        while (!done) {
            EXPECT_LE(server.messages(big).size(), server.requests() + sends);
            (void)server.journal();
            server.deliver(user("1"), {});
        }
    });
    std::vector<std::thread> senders;
    for (int t = 0; t < threads; ++t) {
        senders.emplace_back([this, t] {
            http_client own = connect();
            for (int i = 0; i < sends; ++i) {
                const std::string msg_id = std::to_string(t) + "-" + std::to_string(i);
                own.send(
                    valid_request("send-message", protobuf_type, text_request(big, msg_id, "hi").SerializeAsString()));
                EXPECT_EQ(own.read().status, 200);
            }
        });
    }
    for (std::thread& each : senders) {
        each.join();
    }
    done = true;
    reader.join();
    EXPECT_EQ(server.messages(big).size(), std::size_t{threads * sends});
    EXPECT_EQ(server.duplicates(), 0U);
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
