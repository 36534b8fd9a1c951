// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/inline_strand.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace yunhu::transport {
namespace {

using origin = inline_strand::origin;

static_assert(boost::asio::execution::is_executor<inline_strand::executor_type>::value);
static_assert(std::is_convertible_v<inline_strand::executor_type, boost::asio::any_io_executor>);

struct strand_test : ::testing::Test {
    struct item : inline_strand::pending_completion {
        std::vector<std::string>* into = nullptr;
        std::string name;
    };

    static void record(inline_strand::pending_completion& completion, origin by) {
        auto& i = static_cast<item&>(completion);
        i.into->push_back(i.name + (by == origin::handler ? " handler" : " initiator"));
    }

    boost::asio::io_context context;
    std::shared_ptr<inline_strand> strand = std::make_shared<inline_strand>(context.get_executor(), &record);
    std::vector<std::string> log;
};

TEST_F(strand_test, an_idle_strand_runs_inline) {
    bool inside = false;
    strand->dispatch(origin::initiator, [&] { inside = strand->running_in_this_thread(); });
    EXPECT_TRUE(inside);
    EXPECT_FALSE(strand->running_in_this_thread());
}

TEST_F(strand_test, a_nested_dispatch_runs_at_once_and_a_post_later) {
    strand->dispatch(origin::initiator, [&] {
        strand->post([&] { log.emplace_back("posted"); });
        strand->dispatch(origin::initiator, [&] { log.emplace_back("nested"); });
        log.emplace_back("outer");
    });
    EXPECT_EQ(log, (std::vector<std::string>{"nested", "outer"}));
    context.run();
    EXPECT_EQ(log.back(), "posted");
}

TEST_F(strand_test, the_next_function_runs_in_the_same_turn_after_the_running_one) {
    strand->dispatch(origin::initiator, [&] {
        strand->run_next([&] {
            log.emplace_back("next");
            strand->run_next([&] { log.emplace_back("last"); });
        });
        log.emplace_back("running");
    });
    EXPECT_EQ(log, (std::vector<std::string>{"running", "next", "last"}));
    EXPECT_EQ(context.poll(), 0U);
}

TEST_F(strand_test, functions_that_never_end_let_others_run) {
    int turns = 0;
    std::function<void()> again = [&] {
        ++turns;
        strand->run_next(again);
    };
    bool other = false;
    strand->dispatch(origin::initiator, [&] { again(); });
    boost::asio::post(context, [&] { other = true; });
    while (!other) {
        ASSERT_EQ(context.run_one(), 1U);
    }
    EXPECT_LT(turns, 1'000);
    strand->close();
    strand->abandon([](inline_strand::pending_completion&) {});
}

TEST_F(strand_test, completions_run_when_the_strand_is_released_the_first_by_its_origin) {
    item a, b;
    a.into = b.into = &log;
    a.name = "a";
    b.name = "b";
    strand->dispatch(origin::handler, [&] {
        strand->defer(a);
        strand->defer(b);
        log.emplace_back("inside");
    });
    EXPECT_EQ(log, (std::vector<std::string>{"inside", "b initiator", "a handler"}));
}

TEST_F(strand_test, an_inline_exception_leaves_its_own_dispatch_and_the_strand_continues) {
    item done;
    done.into = &log;
    done.name = "done";
    EXPECT_THROW(strand->dispatch(origin::handler,
                                  [&] {
                                      strand->defer(done);
                                      throw std::runtime_error("own");
                                  }),
                 std::runtime_error);
    EXPECT_EQ(log, (std::vector<std::string>{"done initiator"})); // never while an exception propagates
    strand->dispatch(origin::initiator, [&] { log.emplace_back("next"); });
    EXPECT_EQ(log.back(), "next");
}

TEST_F(strand_test, a_queued_functions_exception_leaves_run_and_no_other_callers_dispatch) {
    std::atomic<bool> queued{false};
    std::thread other;
    EXPECT_NO_THROW(strand->dispatch(origin::initiator, [&] {
        other = std::thread([&] {
            strand->dispatch(origin::initiator, [&]() { throw std::runtime_error("queued"); });
            strand->dispatch(origin::initiator, [&] { log.emplace_back("after it"); });
            queued = true;
        });
        while (!queued) {
            std::this_thread::yield();
        }
    }));
    other.join();
    EXPECT_EQ(log, (std::vector<std::string>{"after it"}));
    EXPECT_THROW(context.run(), std::runtime_error);
}

// A handler's executor may refuse to post.
TEST_F(strand_test, an_exception_of_a_completion_leaves_run_and_affects_no_other) {
    for (const std::string thrower : {"a", "b", "c"}) {
        static std::string throws;
        throws = thrower;
        const auto refusing = std::make_shared<inline_strand>(
            context.get_executor(), [](inline_strand::pending_completion& completion, origin by) {
                if (static_cast<item&>(completion).name == throws) {
                    throw std::runtime_error("by the executor");
                }
                record(completion, by);
            });
        item a, b, c;
        a.into = b.into = c.into = &log;
        a.name = "a";
        b.name = "b";
        c.name = "c";
        EXPECT_NO_THROW(refusing->dispatch(origin::initiator, [&] {
            refusing->defer(a);
            refusing->defer(b);
            refusing->defer(c);
        }));
        EXPECT_EQ(log.size(), 2U) << thrower;
        log.clear();
        context.restart();
        EXPECT_THROW(context.run(), std::runtime_error);
    }
}

TEST_F(strand_test, queued_functions_beyond_a_batch_are_run_by_the_executor) {
    constexpr int functions = 200;
    std::atomic<bool> queued{false};
    int ran = 0;
    std::thread other;
    strand->dispatch(origin::initiator, [&] {
        other = std::thread([&] {
            for (int i = 0; i < functions; ++i) {
                strand->dispatch(origin::initiator, [&ran] { ++ran; });
            }
            queued = true;
        });
        while (!queued) {
            std::this_thread::yield();
        }
    });
    other.join();
    EXPECT_LT(ran, functions);
    context.run();
    EXPECT_EQ(ran, functions);
}

TEST_F(strand_test, its_executor_dispatches_and_posts_as_asio_requires) {
    const auto on = strand->get_executor();
    boost::asio::dispatch(on, [&] { log.emplace_back(strand->running_in_this_thread() ? "dispatched" : "outside"); });
    EXPECT_EQ(log, (std::vector<std::string>{"dispatched"}));
    boost::asio::post(on, [&] { log.emplace_back(strand->running_in_this_thread() ? "posted" : "outside"); });
    EXPECT_EQ(log.size(), 1U);
    context.run();
    EXPECT_EQ(log.back(), "posted");
    EXPECT_EQ(on, strand->get_executor());
    EXPECT_NE(on, std::make_shared<inline_strand>(context.get_executor(), &record)->get_executor());
}

TEST_F(strand_test, what_is_posted_by_one_thread_runs_in_order_whatever_threads_run_it) {
    const executor on = make_strand(context.get_executor());
    constexpr int functions = 10'000;
    std::vector<int> ran;
    std::thread poster([&] {
        for (int i = 0; i < functions; ++i) {
            boost::asio::post(on, [&ran, i] { ran.push_back(i); });
        }
    });
    const auto work = boost::asio::make_work_guard(context);
    std::thread runner([&] { context.run(); });
    poster.join();
    boost::asio::post(on, [&] { context.stop(); }); // after all others
    context.run();
    runner.join();
    ASSERT_EQ(ran.size(), static_cast<std::size_t>(functions));
    EXPECT_TRUE(std::ranges::is_sorted(ran));
}

// A queued function may own the strand, as the completion of an operation on it does.
TEST_F(strand_test, a_context_that_is_destroyed_takes_the_queue_with_it) {
    auto own = std::make_unique<boost::asio::io_context>();
    const auto kept = std::make_shared<int>(1);
    const auto on_own = std::make_shared<inline_strand>(own->get_executor());
    const std::weak_ptr<inline_strand> alive = on_own;
    for (int i = 0; i < 3; ++i) {
        boost::asio::post(on_own->get_executor(), [kept, on = make_strand(on_own->get_executor())] { FAIL(); });
        boost::asio::post(on_own->get_executor(), [kept, on_own] { FAIL(); });
    }
    own.reset();
    EXPECT_EQ(kept.use_count(), 1);
    EXPECT_EQ(alive.use_count(), 1);
}

/// Waits twice; every step is an intermediate handler.
struct two_waits {
    boost::asio::steady_timer& timer;
    std::vector<bool>& inside;
    inline_strand& strand;
    int step = 0;

    template <class Self> void operator()(Self& self, const boost::system::error_code& /*ec*/ = {}) {
        if (step > 0) {
            inside.push_back(strand.running_in_this_thread());
        }
        if (step++ < 2) {
            timer.expires_after(std::chrono::milliseconds(0));
            timer.async_wait(std::move(self));
        } else {
            self.complete();
        }
    }
};

TEST_F(strand_test, a_composed_operation_runs_every_step_on_its_strand) {
    boost::asio::steady_timer timer(context);
    std::vector<bool> inside;
    auto handler =
        boost::asio::bind_executor(strand->get_executor(), [&] { inside.push_back(strand->running_in_this_thread()); });
    boost::asio::async_compose<decltype(handler), void()>(two_waits{timer, inside, *strand}, handler, timer);
    context.run();
    EXPECT_EQ(inside, (std::vector<bool>{true, true, true}));
}

TEST_F(strand_test, an_abandoned_strand_runs_nothing_and_drops_completions) {
    item done;
    done.into = &log;
    done.name = "done";
    static int dropped = 0;
    dropped = 0;
    strand->dispatch(origin::initiator, [&] {
        strand->defer(done);
        strand->close();
        strand->abandon([](inline_strand::pending_completion& /*completion*/) { ++dropped; });
    });
    strand->dispatch(origin::initiator, [&] { log.emplace_back("run"); });
    strand->post([&] { log.emplace_back("run"); });
    context.run();
    EXPECT_EQ(dropped, 1);
    EXPECT_TRUE(log.empty());
}

} // namespace
} // namespace yunhu::transport
