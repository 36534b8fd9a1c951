// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "system/faults/calls.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>
#include <string>
#include <utility>
#include <vector>

// Group I: several threads on one pool.
namespace yunhu::test {
namespace {

TEST(threads, case_166_two_threads_and_eight_strands) {
    constexpr std::size_t calls = 800;
    fault_server_options options;
    options.body = &echo_id;
    fault_server server(std::move(options));
    std::atomic<std::size_t> good{0};
    std::promise<void> all_ended;
    {
        boost::asio::thread_pool threads(2);
        client_config config(secret("token"));
        config.base_url = server.base_url();
        config.tls.ca_pem = server.ca_pem();
        config.pool.max_connections = 2;
        yunhu::client bot(threads.get_executor(), config);
        std::vector<boost::asio::strand<boost::asio::thread_pool::executor_type>> strands;
        for (int i = 0; i < 8; ++i) {
            strands.push_back(boost::asio::make_strand(threads.get_executor()));
        }
        std::atomic<std::size_t> ended{0};
        for (std::size_t i = 0; i < calls; ++i) {
            bot.send_message({group("big"), text("hello"), std::to_string(i)},
                             boost::asio::bind_executor(strands[i % 8], [&](error_code code, sent_message sent) {
                                 good += ok(call_result(code, std::move(sent))) ? 1U : 0U;
                                 if (++ended == calls) {
                                     all_ended.set_value();
                                 }
                             }));
        }
        EXPECT_EQ(all_ended.get_future().wait_for(fault_log::wait_limit * 3), std::future_status::ready);
        EXPECT_EQ(bot.stats().queued, 0U);
        { const yunhu::client last = std::move(bot); }
        threads.join();
    }
    EXPECT_EQ(good, calls);
    EXPECT_EQ(server.request_count(), calls);
    EXPECT_LE(server.accepted(), 2U);
}

TEST(threads, case_167_a_blocked_handler_delays_no_other_call) {
    client_fixture f;
    std::promise<void> go_on;
    std::shared_future<void> waits(go_on.get_future());
    std::atomic<bool> blocked{false};
    boost::asio::thread_pool slow(1);
    f.client().send_message({group("big"), text("hello"), "slow"},
                            boost::asio::bind_executor(slow, [&blocked, waits](error_code, const sent_message&) {
                                blocked = true;
                                waits.wait();
                            }));
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(ok(f.read("r" + std::to_string(i))));
    }
    EXPECT_TRUE(f.run_until([&blocked] { return blocked.load(); }));
    EXPECT_TRUE(f.reuses());
    EXPECT_EQ(f.server.accepted(), 1U);
    go_on.set_value();
    slow.join();
}

// Bad practice, but it must not deadlock: there is another thread.
TEST(threads, case_167_a_handler_that_waits_for_responses_gets_them) {
    constexpr std::size_t together = 8;
    constexpr std::size_t rounds = 3; // from the second round on connections are reused
    fault_server_options options;
    options.body = &echo_id;
    fault_server server(std::move(options));
    boost::asio::thread_pool threads(2);
    client_config config(secret("token"));
    config.base_url = server.base_url();
    config.tls.ca_pem = server.ca_pem();
    config.pool.max_connections = together;
    yunhu::client bot(threads.get_executor(), config);
    ASSERT_EQ(bot.async_warm_up(together, boost::asio::use_future).get(), together);
    std::promise<std::size_t> answered_while_it_waited;
    boost::asio::post(threads, [&] {
        std::size_t good = 0;
        for (std::size_t round = 0; round < rounds; ++round) {
            std::vector<std::future<sent_message>> responses;
            for (std::size_t i = 0; i < together; ++i) {
                responses.push_back(bot.send_message(
                    {group("big"), text("hello"), std::to_string(round * together + i)}, boost::asio::use_future));
            }
            for (std::future<sent_message>& response : responses) {
                good += response.get().msg_id.empty() ? 0U : 1U;
            }
        }
        answered_while_it_waited.set_value(good);
    });
    EXPECT_EQ(answered_while_it_waited.get_future().get(), together * rounds);
    EXPECT_EQ(server.request_count(), together * rounds);
    { const yunhu::client last = std::move(bot); }
    threads.join();
}

} // namespace
} // namespace yunhu::test
