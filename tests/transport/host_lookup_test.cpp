// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "support/resolver_double.hpp"
#include "transport/host_lookup.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace yunhu::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// A lookup and its end.
struct lookup {
    explicit lookup(asio::io_context& context) : running(std::in_place, context.get_executor()) {}

    void start(const std::string& name) {
        running->start(name);
        running->async_wait([this](const error_code& waited) { end = waited ? waited : running->take(addresses); });
    }

    std::optional<transport::host_lookup> running;
    std::optional<error_code> end;
    std::vector<asio::ip::address> addresses;
};

/// Runs the context until the condition is true, which other threads may cause; false: not within a minute.
bool drive(asio::io_context& context, const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + 1min;
    while (!condition() && std::chrono::steady_clock::now() < until) {
        context.restart();
        context.run_one_for(1ms);
    }
    return condition();
}

bool ends(asio::io_context& context, const lookup& one) {
    return drive(context, [&one] { return one.end.has_value(); });
}

TEST(host_lookup, gives_the_addresses_in_order) {
    resolver_double names;
    names.set("server.test", {"::1", "127.0.0.1"});
    asio::io_context context;
    lookup one(context);
    one.start("server.test");
    ASSERT_TRUE(ends(context, one));
    EXPECT_EQ(*one.end, error_code());
    ASSERT_EQ(one.addresses.size(), 2U);
    EXPECT_EQ(one.addresses[0].to_string(), "::1");
    EXPECT_EQ(one.addresses[1].to_string(), "127.0.0.1");
}

TEST(host_lookup, an_unknown_name_is_an_error) {
    const resolver_double names;
    asio::io_context context;
    lookup one(context);
    one.start("no-such-name.test");
    ASSERT_TRUE(ends(context, one));
    EXPECT_EQ(*one.end, asio::error::host_not_found);
}

TEST(host_lookup, is_outstanding_work) {
    resolver_double names;
    names.set("server.test", {"127.0.0.1"});
    asio::io_context context;
    lookup one(context);
    one.start("server.test");
    context.run(); // returns once it has ended
    EXPECT_TRUE(one.end.has_value());
}

TEST(host_lookup, a_slow_name_does_not_delay_another) {
    resolver_double names;
    names.set("quick.test", {"127.0.0.1"});
    names.set("slow.test", {"127.0.0.2"});
    names.block("slow.test");
    asio::io_context context;
    lookup slow(context);
    slow.start("slow.test");
    ASSERT_TRUE(drive(context, [&names] { return names.queries("slow.test") == 1; }));
    lookup quick(context);
    quick.start("quick.test");
    ASSERT_TRUE(ends(context, quick));
    EXPECT_EQ(*quick.end, error_code());
    EXPECT_FALSE(slow.end.has_value());
    names.release();
    ASSERT_TRUE(ends(context, slow));
    EXPECT_EQ(slow.addresses.at(0).to_string(), "127.0.0.2");
}

TEST(host_lookup, equal_names_share_one_query) {
    resolver_double names;
    names.set("server.test", {"127.0.0.1"});
    names.block();
    asio::io_context first;
    asio::io_context second;
    lookup a(first);
    lookup b(first);
    lookup c(second);
    for (lookup* const one : {&a, &b, &c}) {
        one->start("server.test");
    }
    names.release();
    EXPECT_TRUE(ends(first, a) && ends(first, b) && ends(second, c));
    for (const lookup* const one : {&a, &b, &c}) {
        EXPECT_EQ(*one->end, error_code());
        EXPECT_EQ(one->addresses.size(), 1U);
    }
    EXPECT_EQ(names.queries(), 1U);
}

TEST(host_lookup, names_beyond_the_threads_wait_and_are_not_queried_when_they_are_cancelled) {
    resolver_double names;
    asio::io_context context;
    std::vector<std::unique_ptr<lookup>> hanging;
    for (std::size_t i = 0; i < transport::host_lookup::max_threads; ++i) {
        const std::string name = "slow-" + std::to_string(i) + ".test";
        names.set(name, {"127.0.0.1"});
        names.block(name);
        hanging.push_back(std::make_unique<lookup>(context));
        hanging.back()->start(name);
    }
    names.set("waits.test", {"127.0.0.3"});
    lookup cancelled(context);
    cancelled.start("cancelled.test");
    lookup waits(context);
    waits.start("waits.test");
    ASSERT_TRUE(drive(context, [&names] { return names.queries() == transport::host_lookup::max_threads; }));
    cancelled.running.reset();
    ASSERT_TRUE(ends(context, cancelled));
    EXPECT_EQ(*cancelled.end, asio::error::operation_aborted);
    EXPECT_FALSE(waits.end.has_value());
    EXPECT_EQ(names.queries(), transport::host_lookup::max_threads);
    names.release("slow-3.test");
    ASSERT_TRUE(ends(context, waits));
    EXPECT_EQ(waits.addresses.at(0).to_string(), "127.0.0.3");
    EXPECT_EQ(names.queries("cancelled.test"), 0U);
    names.release();
    for (const auto& one : hanging) {
        EXPECT_TRUE(ends(context, *one));
    }
}

TEST(host_lookup, a_late_result_touches_neither_the_lookup_nor_its_context) {
    resolver_double names;
    names.set("slow.test", {"127.0.0.1"});
    names.block();
    {
        asio::io_context context;
        lookup one(context);
        one.start("slow.test");
        ASSERT_TRUE(drive(context, [&names] { return names.queries() == 1; }));
    } // nothing waits for the thread
    EXPECT_EQ(names.answered(), 0U);
    names.release();
    asio::io_context later;
    EXPECT_TRUE(drive(later, [&names] { return names.answered() == 1; }));
}

TEST(host_lookup, works_with_a_context_without_locks) {
    resolver_double names;
    names.set("server.test", {"127.0.0.1"});
    asio::io_context context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);
    lookup one(context);
    one.start("server.test");
    context.run();
    ASSERT_TRUE(one.end.has_value());
    EXPECT_EQ(*one.end, error_code());
}

// With a hanging lookup, whose thread the child does not have.
TEST(host_lookup, works_after_a_fork) {
    resolver_double names;
    names.set("server.test", {"127.0.0.1"});
    names.block("slow.test");
    asio::io_context context;
    lookup slow(context);
    slow.start("slow.test");
    ASSERT_TRUE(drive(context, [&names] { return names.queries() == 1; }));
    const pid_t child = ::fork();
    ASSERT_NE(child, -1);
    if (child == 0) {
        asio::io_context its_own;
        lookup one(its_own);
        one.start("server.test");
        its_own.run();
        ::_exit(one.end == error_code() ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS) << status;
    names.release();
    EXPECT_TRUE(ends(context, slow));
}

TEST(host_lookup_death_test, a_hanging_lookup_does_not_delay_the_exit) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(
        {
            resolver_double names;
            names.block();
            {
                asio::io_context context;
                lookup one(context);
                one.start("slow.test");
                (void)drive(context, [&names] { return names.queries() == 1; });
            }
            std::exit(names.queries() == 1 && names.answered() == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
        },
        ::testing::ExitedWithCode(EXIT_SUCCESS), "");
}

} // namespace
} // namespace yunhu::test
