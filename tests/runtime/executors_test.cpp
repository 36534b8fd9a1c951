// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/support.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/system_context.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// A client runs on every executor that has an execution context, however its loop is driven, and calls its handlers on
// every executor.
namespace yunhu::test {
namespace {

constexpr std::size_t calls = 20;

template <class T> bool ready(const std::future<T>& f, std::chrono::milliseconds wait = wait_limit) {
    return f.wait_for(wait) == std::future_status::ready;
}

// Calls in all forms on an executor that other threads run.
void use(asio::any_io_executor executor) {
    testing::emulator server;
    const client bot(executor, config_for(server));
    std::vector<std::future<sent_message>> sent;
    for (std::size_t i = 0; i < calls; ++i) {
        sent.push_back(bot.send_message({group("big"), text("future")}, asio::use_future));
    }
    std::promise<std::string> called;
    bot.send_message({group("big"), text("handler")},
                     [&called](error_code, const sent_message& m) { called.set_value(m.msg_id); });
    auto body = [](client b) -> asio::awaitable<std::string> {
        auto m = co_await b.send_message({group("big"), text("coroutine")});
        co_return m.msg_id;
    };
    std::future<std::string> awaited = asio::co_spawn(executor, body(bot), asio::use_future);
    std::future<std::string> by_handler = called.get_future();
    for (auto& one : sent) {
        ASSERT_TRUE(ready(one));
        EXPECT_EQ(one.get().msg_id.size(), 32U);
    }
    ASSERT_TRUE(ready(awaited) && ready(by_handler));
    EXPECT_EQ(awaited.get().size(), 32U);
    EXPECT_EQ(by_handler.get().size(), 32U);
    EXPECT_EQ(server.messages(group("big")).size(), calls + 2);
    std::future<std::size_t> cut = bot.async_shutdown(wait_limit, asio::use_future);
    ASSERT_TRUE(ready(cut));
    EXPECT_EQ(cut.get(), 0U);
}

TEST(executors, the_system_executor) {
    use(asio::system_executor());
    asio::query(asio::system_executor(), asio::execution::context)
        .join(); // the last handle's connections are closed there
}

TEST(executors, a_thread_pool) {
    asio::thread_pool pool(3);
    use(pool.get_executor());
    pool.join();
}

TEST(executors, a_strand_of_a_thread_pool) {
    asio::thread_pool pool(3);
    use(asio::make_strand(pool));
    pool.join();
}

TEST(executors, an_io_context_that_several_threads_run) {
    asio::io_context context;
    auto work = asio::make_work_guard(context);
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&context] { context.run(); });
    }
    use(context.get_executor());
    work.reset();
    for (std::thread& t : threads) {
        t.join();
    }
}

// Runs a function where it is submitted, as `asio::inline_executor` of newer versions does.
struct inline_executor {
    static constexpr asio::execution::blocking_t query(asio::execution::blocking_t /*property*/) noexcept {
        return asio::execution::blocking.always;
    }
    template <class F> void execute(F f) const { std::move(f)(); }
    bool operator==(const inline_executor&) const noexcept = default;
};

TEST(executors, handlers_of_an_inline_executor) {
    testing::emulator server;
    asio::io_context context;
    const client bot(context, config_for(server));
    bool initiating = true;
    std::vector<error_code> ends;
    const auto handler = [&](error_code ec, const sent_message& /*m*/) {
        EXPECT_FALSE(initiating);
        ends.push_back(ec);
        if (ends.size() == 1) { // a call from inside a handler
            bot.send_message({group("big"), text("second")},
                             asio::bind_executor(inline_executor(),
                                                 [&](error_code e, const sent_message& /*m*/) { ends.push_back(e); }));
        }
    };
    bot.send_message({group("big"), text("first")}, asio::bind_executor(inline_executor(), handler));
    bot.send_message({group(""), text("refused before any I/O")}, asio::bind_executor(inline_executor(), handler));
    initiating = false;
    ASSERT_TRUE(drive(context, [&] { return ends.size() == 3; }));
    EXPECT_EQ(std::ranges::count(ends, error_code()), 2);
    EXPECT_EQ(std::ranges::count(ends, make_error_code(errc::invalid_request)), 1);
}

// A loop that does other things between the handlers, as games and GUIs have.
TEST(executors, polled_loops) {
    const std::array<std::function<void(asio::io_context&)>, 4> turns{
        [](asio::io_context& c) { c.poll(); },
        [](asio::io_context& c) { c.poll_one(); },
        [](asio::io_context& c) { c.run_for(std::chrono::microseconds(200)); },
        [](asio::io_context& c) { c.run_one_for(std::chrono::microseconds(50)); },
    };
    for (const auto& turn : turns) {
        testing::emulator server;
        asio::io_context context;
        std::size_t ended = 0;
        {
            const client bot(context, config_for(server));
            for (std::size_t i = 0; i < calls; ++i) {
                bot.send_message({group("big"), text("hello")}, [&](error_code ec, const sent_message& /*m*/) {
                    EXPECT_FALSE(ec) << ec.message();
                    ++ended;
                });
            }
            const auto until = std::chrono::steady_clock::now() + wait_limit;
            while (ended < calls && std::chrono::steady_clock::now() < until) {
                context.restart();
                turn(context);
            }
        }
        EXPECT_EQ(ended, calls);
        EXPECT_EQ(server.messages(group("big")).size(), calls);
        context.restart();
        context.run(); // returns: no work remains
    }
}

} // namespace
} // namespace yunhu::test
