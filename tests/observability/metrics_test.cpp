// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <yunhu/metrics.hpp>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

// The metrics' totals equal the server's journal and the results of the calls.
namespace yunhu::test {
namespace {

using namespace std::chrono_literals;

const endpoint<std::string, std::string>& own_endpoint() {
    static const endpoint<std::string, std::string> row(
        {"/v1/msg/a2ui-form-report", wire_format::json, retry_class::safe},
        [](const std::string& request) { return request; }, [](std::string_view body) { return std::string(body); });
    return row;
}

// The results of the calls by endpoint, and by "code delivery".
struct results {
    std::map<std::string, std::map<std::string, std::uint64_t>, std::less<>> ends;
    std::map<std::string, std::uint64_t, std::less<>> attempts;
    std::map<std::string, std::uint64_t, std::less<>> calls;
    std::size_t ended = 0;

    auto handler() {
        return [this](error_code ec, const call_info& info) {
            const std::string name(info.endpoint);
            ++ends[name][std::string(yunhu::name(ec)) + " " + std::string(to_string(info.delivery))];
            attempts[name] += info.attempts;
            ++calls[name];
            ++ended;
        };
    }
};

void inject_faults(testing::emulator& server) {
    using action = testing::fault::action;
    const auto add = [&server](action kind, double probability, int status = 500) {
        testing::fault f;
        f.what = kind;
        f.status = status;
        f.probability = probability;
        server.inject(f);
    };
    add(action::response, 0.05, 503);
    add(action::response, 0.05, 429);
    add(action::response, 0.02, 404);
    add(action::close_before, 0.02);
    add(action::close_after, 0.02);
    add(action::close_in_response, 0.02);
    add(action::reset, 0.02);
}

void start_calls(client& bot, int rounds, results& callers) {
    for (int i = 0; i < rounds; ++i) {
        bot.send_message({group("big"), text("hello")}, callers.handler());
        bot.list_message({group("big"), 3}, callers.handler());
        bot.recall_msg({group("big"), "no-such-message"}, callers.handler()); // refused by the API
        bot.list_message_edit_record({"a", 1, 1}, callers.handler());
        bot.recall_msg({group("big"), ""}, callers.handler()); // refused before any I/O
        bot.call(own_endpoint(), std::string("{}"), callers.handler());
    }
}

TEST(metrics, totals_equal_the_servers_journal) {
    constexpr int rounds = 50;
    yunhu::test::strict_emulator server;
    server.serve("/v1/msg/a2ui-form-report", [](std::string_view) { return std::string(R"({"code":1})"); });
    inject_faults(server);
    const auto numbers = std::make_shared<metrics>();
    asio::io_context context;
    results callers;
    client_config config = config_for(server);
    config.observer = numbers;
    config.pool.max_connections = 4;
    config.retry.base = 1ms;
    config.retry.throttled_base = 1ms;
    config.retry.budget_per_second = 10'000;
    client_stats stats;
    {
        client bot(context, config);
        start_calls(bot, rounds, callers);
        ASSERT_TRUE(drive(context, [&] { return callers.ended == std::size_t{6} * rounds; }));
        bool down = false;
        bot.async_shutdown(wait_limit, [&down](std::size_t) { down = true; });
        ASSERT_TRUE(drive(context, [&down] { return down; }));
        stats = bot.stats();
    }
    context.restart();
    context.run();

    std::map<std::string, std::uint64_t, std::less<>> seen;
    for (const testing::exchange& e : server.journal()) {
        ++seen[e.endpoint.empty() ? e.target.substr(e.target.rfind('/') + 1) : e.endpoint];
    }
    const metrics_snapshot s = numbers->snapshot();
    ASSERT_EQ(s.endpoints.size(), 5U);
    for (const endpoint_metrics& m : s.endpoints) {
        EXPECT_EQ(m.attempts, seen[m.endpoint]) << m.endpoint << ", according to the server's journal";
        EXPECT_EQ(m.attempts, callers.attempts[m.endpoint]) << m.endpoint;
        EXPECT_EQ(m.calls_started, callers.calls[m.endpoint]) << m.endpoint;
        EXPECT_EQ(m.calls_ended(), m.calls_started) << m.endpoint;
        EXPECT_EQ(m.duration.count(), m.calls_started) << m.endpoint;
        std::map<std::string, std::uint64_t> ends;
        for (const outcome_count& c : m.calls) {
            if (c.count > 0) {
                ends[std::string(c.code) + " " + std::string(to_string(c.delivery))] = c.count;
            }
        }
        EXPECT_EQ(ends, callers.ends[m.endpoint]) << m.endpoint;
    }
    EXPECT_GT(callers.ends["recall-msg"]["refused answered"], 0U);
    EXPECT_EQ(callers.ends["recall-msg"]["invalid_request not_sent"], std::uint64_t{rounds});
    EXPECT_GT(callers.ends["send-message"]["outcome_unknown maybe_sent"], 0U);
    std::uint64_t retries = 0;
    for (const endpoint_metrics& m : s.endpoints) {
        for (const reason_count& r : m.retries) {
            retries += r.count;
        }
    }
    EXPECT_GT(retries, 0U);
    EXPECT_EQ(retries, stats.retries) << "each retry got its connection";
    EXPECT_EQ(s.opened, stats.handshakes);
    EXPECT_GE(s.opened, server.connections_accepted())
        << "the client may close a new connection before the server accepts it";
    EXPECT_EQ(s.closed, s.opened);
    EXPECT_EQ(s.resumed, stats.resumed);
    EXPECT_EQ(s.tls.count(), s.opened);
    EXPECT_EQ(s.connect.count(), s.connects.at(0).count);
}

// Endpoints above the bound are counted as one.
TEST(metrics, endpoints_are_bounded) {
    metrics numbers;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < metrics::max_endpoints + 10; ++i) {
        names.push_back("endpoint-" + std::to_string(i));
    }
    for (const std::string& name : names) {
        call_event e;
        e.endpoint = name;
        numbers.on_call_start(e);
        call_end_event end;
        end.endpoint = name;
        end.code = asio::error::connection_reset; // not a code of the library
        numbers.on_call_end(end);
    }
    const metrics_snapshot s = numbers.snapshot();
    EXPECT_EQ(s.endpoints.size(), metrics::max_endpoints + 1);
    ASSERT_NE(s.find("other"), nullptr);
    EXPECT_EQ(s.find("other")->calls_started, 10U);
    EXPECT_EQ(s.find("endpoint-0")->calls.back().code, "other");
    EXPECT_EQ(s.find("endpoint-9999"), nullptr);
}

TEST(metrics, durations_are_counted_by_their_bounds) {
    metrics numbers;
    call_end_event end;
    end.endpoint = "send-message";
    for (const std::chrono::nanoseconds elapsed : {0ns, 1'000'000ns, 1'000'001ns, 30'000'000'000ns, 30'000'000'001ns}) {
        end.elapsed = elapsed;
        numbers.on_call_end(end);
    }
    const metrics_snapshot s = numbers.snapshot();
    const histogram& h = s.find("send-message")->duration;
    EXPECT_EQ(h.counts.front(), 2U);
    EXPECT_EQ(h.counts[1], 1U);
    EXPECT_EQ(h.counts[h.counts.size() - 2], 1U);
    EXPECT_EQ(h.counts.back(), 1U);
    EXPECT_EQ(h.count(), 5U);
    EXPECT_EQ(h.sum, 60'002'000'002ns);
}

// One `metrics` for several shards, clients and threads, read concurrently.
TEST(metrics, of_many_threads) {
    constexpr std::size_t calls = 200;
    yunhu::test::strict_emulator server;
    const auto numbers = std::make_shared<metrics>();
    std::atomic<bool> stop = false;
    std::thread reader([&] {
        while (!stop) {
            const metrics_snapshot s = numbers->snapshot();
            for (const endpoint_metrics& m : s.endpoints) {
                EXPECT_LE(m.calls_ended(), calls);
            }
        }
    });
    std::uint64_t opened = 0;
    {
        asio::thread_pool pool(3);
        client_config config = config_for(server);
        config.observer = numbers;
        config.shards = 2;
        client bot(pool.get_executor(), config);
        client other(pool.get_executor(), config);
        std::vector<std::future<sent_message>> sends;
        std::vector<std::future<message_page>> reads;
        for (std::size_t i = 0; i < calls; ++i) {
            client& by = i % 2 == 0 ? bot : other;
            sends.push_back(by.send_message({group("big"), text("hello")}, asio::use_future));
            reads.push_back(by.list_message({group("big"), 1}, asio::use_future));
        }
        for (std::size_t i = 0; i < calls; ++i) {
            EXPECT_FALSE(sends[i].get().msg_id.empty());
            reads[i].get();
        }
        bot.async_shutdown(wait_limit, asio::use_future).get();
        other.async_shutdown(wait_limit, asio::use_future).get();
        pool.join();
        opened = bot.stats().handshakes + other.stats().handshakes;
    }
    stop = true;
    reader.join();
    const metrics_snapshot s = numbers->snapshot();
    for (const std::string_view name : {"send-message", "list-message"}) {
        const endpoint_metrics* const m = s.find(name);
        ASSERT_NE(m, nullptr);
        EXPECT_EQ(m->calls_started, calls);
        EXPECT_EQ(m->calls_ended(), calls);
        EXPECT_EQ(m->attempts, calls);
        EXPECT_EQ(m->first_byte.count(), calls);
    }
    EXPECT_EQ(s.opened, opened);
    EXPECT_EQ(s.closed, opened);
}

} // namespace
} // namespace yunhu::test
