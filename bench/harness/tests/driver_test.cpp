// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "driver.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace bench {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// Completes each call from the event loop.
class prompt_target final : public target {
public:
    explicit prompt_target(asio::io_context& io) : io_(io) {}

    void start(const planned_call& call, std::function<void(const outcome&)> done) override {
        {
            const std::lock_guard lock(mutex_);
            most_ = std::max(most_, ++in_flight_);
            numbers_.push_back(call.number);
        }
        asio::post(io_, [this, done = std::move(done)] {
            {
                const std::lock_guard lock(mutex_);
                --in_flight_;
            }
            done({});
        });
    }
    [[nodiscard]] int most() const { return most_; }
    [[nodiscard]] std::vector<std::uint64_t> numbers() const {
        std::vector<std::uint64_t> sorted = numbers_;
        std::sort(sorted.begin(), sorted.end());
        return sorted;
    }

private:
    asio::io_context& io_;
    std::mutex mutex_;
    int in_flight_ = 0;
    int most_ = 0;
    std::vector<std::uint64_t> numbers_;
};

struct ran {
    int completions = 0;
    int most = 0;
    std::vector<std::uint64_t> numbers;
    section all;
};

ran run(const load_settings& settings, std::size_t threads) {
    asio::io_context io;
    prompt_target to(io);
    std::atomic<int> completions{0};
    const auto d = std::make_shared<driver>(io, to, settings, 100ms, [&] { ++completions; });
    d->start();
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < threads; ++i) {
        others.emplace_back([&] { io.run(); });
    }
    io.run();
    for (std::thread& t : others) {
        t.join();
    }
    return {completions, to.most(), to.numbers(), d->recorded().all()};
}

std::vector<std::uint64_t> counted_to(std::uint64_t n) {
    std::vector<std::uint64_t> all(n);
    for (std::uint64_t i = 0; i < n; ++i) {
        all[i] = i;
    }
    return all;
}

TEST(driver, closed_loop_makes_each_call_once) {
    for (const std::size_t threads : {1U, 4U}) {
        load_settings s;
        s.concurrency = 7;
        s.calls = 5000;
        const ran r = run(s, threads);
        EXPECT_EQ(r.completions, 1);
        EXPECT_EQ(r.numbers, counted_to(5000));
        EXPECT_EQ(r.all.calls, 5000U);
        EXPECT_LE(r.most, 7);
    }
}

TEST(driver, open_loop_makes_each_call_once) {
    for (const std::size_t threads : {1U, 4U}) {
        load_settings s;
        s.rate = 1e6; // as fast as possible
        s.calls = 5000;
        const ran r = run(s, threads);
        EXPECT_EQ(r.completions, 1);
        EXPECT_EQ(r.numbers, counted_to(5000));
        EXPECT_EQ(r.all.calls, 5000U);
    }
}

TEST(driver, a_stopped_driver_ends_with_its_calls) {
    for (const bool open : {false, true}) {
        load_settings s;
        s.duration = 1h;
        s.concurrency = 3;
        if (open) {
            s.rate = 100;
        }
        asio::io_context io;
        prompt_target to(io);
        int completions = 0;
        const auto d = std::make_shared<driver>(io, to, s, 100ms, [&] { ++completions; });
        d->start();
        while (to.numbers().size() < 5) {
            io.run_one();
        }
        d->stop();
        d->stop();
        io.run(); // returns: no work is left
        EXPECT_EQ(completions, 1);
        EXPECT_EQ(d->recorded().all().calls, to.numbers().size());
    }
}

TEST(driver, snapshots) {
    load_settings s;
    s.calls = 100;
    asio::io_context io;
    prompt_target to(io);
    const auto d = std::make_shared<driver>(io, to, s, 100ms, [] {});
    d->start();
    io.run();
    const driver::snapshot l = d->take_snapshot();
    EXPECT_EQ(l.progress, 1);
    EXPECT_EQ(l.recent.calls, 100U);
    EXPECT_EQ(l.latency.count(), 100U);
    EXPECT_EQ(l.in_flight, 0U);
    EXPECT_TRUE(l.errors.empty());
    EXPECT_EQ(d->take_snapshot().recent.calls, 0U);
}

} // namespace
} // namespace bench
