// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/support.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

// An execution context is destroyed while objects that it destroys use its clients: handlers that own clients and start
// operations in their destructors. Nothing may run any more, and nothing may be leaked.
namespace yunhu::test {
namespace {

/// With a host name, so that a call that starts uses every service of Asio: resolver, sockets and timers.
client_config named_config_for(const testing::emulator& server) {
    client_config config = config_for(server);
    config.base_url.replace(config.base_url.find("127.0.0.1"), std::string_view("127.0.0.1").size(), "localhost");
    return config;
}

/// Owns clients and uses all of them when it is destroyed, as an object of a handler may.
class uses_clients {
public:
    uses_clients(std::vector<client> owned, std::size_t& invoked) : clients_(std::move(owned)), invoked_(invoked) {}
    uses_clients(const uses_clients&) = delete;
    uses_clients& operator=(const uses_clients&) = delete;
    ~uses_clients() {
        const auto count = [&n = invoked_](auto&&...) { ++n; };
        for (client& bot : clients_) {
            for (int i = 0; i < 4; ++i) {
                bot.send_message({group("big"), text("hello")}, count);
            }
            bot.send_message({group(""), text("invalid")}, count);
            bot.async_warm_up(4, count);
            bot.async_shutdown(std::chrono::seconds(0), count);
            (void)bot.stats();
            const client other = bot.with_token("another");
        }
    }

private:
    std::vector<client> clients_;
    std::size_t& invoked_;
};

/// Three clients with several shards each; the handlers of the operations of two own all of them.
template <class Context> void start_everything(Context& context, testing::emulator& server, std::size_t& invoked) {
    client_config config = named_config_for(server);
    config.shards = 3;
    config.pool.max_connections = 1;
    config.rate_limits.emplace_back(endpoints::recall_msg, 1e-3, 1);
    client first(context, config);
    client second(context, config);
    client unused(context, config); // without a connection: a call starts to resolve
    const auto owner = [&] { return std::make_shared<uses_clients>(std::vector{unused, first, second}, invoked); };
    const auto handler = [&] { return [kept = owner(), &invoked](auto&&...) { ++invoked; }; };
    for (client& bot : std::vector{first, second}) {
        for (int i = 0; i < 12; ++i) { // in flight, and queued
            bot.send_message({group("big"), text("hello")}, handler());
        }
        for (int i = 0; i < 3; ++i) { // waiting for a permit
            bot.recall_msg({group("big"), "id"}, handler());
        }
    }
}

testing::fault stall_all() {
    testing::fault f;
    f.what = testing::fault::action::stall;
    return f;
}

TEST(destruction, of_a_context_whose_handlers_use_several_clients) {
    testing::emulator server;
    server.inject(stall_all());
    std::size_t invoked = 0;
    {
        asio::io_context context;
        start_everything(context, server, invoked);
        ASSERT_TRUE(drive(context, [&] { return server.requests() >= 6; }));
    }
    EXPECT_EQ(invoked, 0U);
    EXPECT_TRUE(server.wait_until([&] { return server.connections_open() == 0; }, wait_limit));
}

TEST(destruction, of_a_context_that_never_ran) {
    testing::emulator server;
    std::size_t invoked = 0;
    {
        asio::io_context context;
        start_everything(context, server, invoked);
    }
    EXPECT_EQ(invoked, 0U);
    EXPECT_EQ(server.requests(), 0U);
}

// Asio destroys the handlers of its other services before or after those of the clients.
TEST(destruction, of_a_context_with_handlers_of_other_operations) {
    for (const bool before_the_clients : {true, false}) {
        testing::emulator server;
        server.inject(stall_all());
        std::size_t invoked = 0;
        {
            asio::io_context context;
            std::optional<asio::steady_timer> timer;
            std::optional<asio::signal_set> signals;
            const auto make = [&] {
                timer.emplace(context, std::chrono::hours(1));
                signals.emplace(context, SIGUSR1);
            };
            if (before_the_clients) {
                make();
            }
            client_config config = named_config_for(server);
            config.shards = 2;
            client first(context, config);
            client second(context, config);
            if (!before_the_clients) {
                make();
            }
            const auto handler = [&] {
                return [kept = std::make_shared<uses_clients>(std::vector{first, second}, invoked),
                        &invoked](auto&&...) { ++invoked; };
            };
            for (client& bot : std::vector{first, second}) {
                for (int i = 0; i < 4; ++i) {
                    bot.send_message({group("big"), text("hello")}, handler());
                }
            }
            ASSERT_TRUE(drive(context, [&] { return server.requests() >= 8; }));
            timer->async_wait(handler());
            signals->async_wait(handler());
            asio::post(context, handler());
        }
        EXPECT_EQ(invoked, 0U);
        EXPECT_TRUE(server.wait_until([&] { return server.connections_open() == 0; }, wait_limit));
    }
}

/// Makes a client when it is destroyed.
class makes_a_client {
public:
    makes_a_client(asio::any_io_executor executor, client_config config, std::size_t& invoked)
        : executor_(std::move(executor)), config_(std::move(config)), invoked_(invoked) {}
    makes_a_client(const makes_a_client&) = delete;
    makes_a_client& operator=(const makes_a_client&) = delete;
    ~makes_a_client() {
        const client late(executor_, config_);
        late.send_message({group("big"), text("hello")}, [&n = invoked_](error_code, const sent_message&) { ++n; });
    }

private:
    asio::any_io_executor executor_;
    client_config config_;
    std::size_t& invoked_;
};

TEST(destruction, of_a_context_while_a_client_is_made) {
    testing::emulator server;
    server.inject(stall_all());
    std::size_t invoked = 0;
    {
        asio::io_context context;
        const client_config config = named_config_for(server);
        const client bot(context, config);
        bot.send_message({group("big"), text("hello")},
                         [kept = std::make_shared<makes_a_client>(context.get_executor(), config, invoked),
                          &invoked](error_code, const sent_message&) { ++invoked; });
        ASSERT_TRUE(drive(context, [&] { return server.requests() == 1; }));
    }
    EXPECT_EQ(invoked, 0U);
    EXPECT_EQ(server.requests(), 1U);
    EXPECT_TRUE(server.wait_until([&] { return server.connections_open() == 0; }, wait_limit));
}

TEST(destruction, of_a_stopped_thread_pool) {
    testing::emulator server;
    server.inject(stall_all());
    std::size_t invoked = 0;
    {
        asio::thread_pool pool(2);
        start_everything(pool, server, invoked);
        ASSERT_TRUE(server.wait_until([&] { return server.requests() >= 6; }, wait_limit));
        pool.stop();
        pool.join();
    }
    EXPECT_EQ(invoked, 0U);
    EXPECT_TRUE(server.wait_until([&] { return server.connections_open() == 0; }, wait_limit));
}

} // namespace
} // namespace yunhu::test
