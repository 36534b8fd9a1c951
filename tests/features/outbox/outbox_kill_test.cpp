// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "process.hpp"
#include "store_conformance.hpp"
#include "strict_emulator.hpp"

#include <yunhu/outbox.hpp>
#include <yunhu/sqlite_outbox.hpp>

#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace yunhu::test {
namespace {

using namespace std::chrono_literals;

/// YUNHU_OUTBOX_KILLS: how many workers die; a tenth of a full run by default.
std::size_t kills() {
    const char* const given = std::getenv("YUNHU_OUTBOX_KILLS"); // NOLINT(concurrency-mt-unsafe)
    return given == nullptr ? 12 : std::stoul(given);
}

constexpr std::size_t messages_per_kill = 20;

struct verdict {
    std::size_t duplicates = 0; ///< messages that arrived twice
    std::size_t lost = 0;       ///< neither there nor reported
    std::size_t untrue = 0;     ///< `sent`, and not there
    std::size_t unknown = 0;
};

/// Worker processes around one store in a file, and an emulator that counts.
class fleet {
public:
    explicit fleet(std::size_t messages, std::string mutation = "-")
        : mutation_(std::move(mutation)), server_(options_in(folder_)) {
        sqlite_outbox_options place(folder_ / "outbox.db");
        place.durability = outbox_durability::process_crash;
        store_ = std::make_shared<sqlite_outbox_store>(place);
        EXPECT_TRUE(run_operation(io_, store_->prepare()).has_value());
        outbox box(io_.get_executor(), store_);
        std::vector<outbox_message> all;
        for (std::size_t i = 0; i < messages; ++i) {
            all.emplace_back(std::to_string(i), group("g" + std::to_string(i)), text("hello"));
        }
        EXPECT_TRUE(run_operation(io_, box.enqueue(std::move(all), as_result)).has_value());
    }

    [[nodiscard]] std::unique_ptr<process> start(const std::string& point, unsigned nth, const std::string& signal) {
        return std::make_unique<process>(
            std::vector<std::string>{PROGRAM_OUTBOX_CHILD, server_.base_url(), (folder_ / "ca.pem").string(),
                                     std::string(server_.options().token.reveal()), (folder_ / "outbox.db").string(),
                                     "400", point, std::to_string(nth), signal, mutation_});
    }

    /// Runs a worker until nothing is left to send.
    void finish() {
        const finished end = start("-", 0, "kill")->wait();
        EXPECT_EQ(end.exit_code, 0) << end.err;
    }

    [[nodiscard]] testing::emulator& server() { return server_; }

    [[nodiscard]] verdict judge() {
        verdict v;
        v.duplicates = server_.duplicates();
        outbox_filter all;
        all.max = 1'000'000;
        for (const outbox_record& r : run_operation(io_, store_->list(all)).value()) {
            const bool there = !server_.messages(r.to).empty();
            v.untrue += r.state == outbox_state::sent && !there ? 1 : 0;
            v.unknown += r.state == outbox_state::unknown ? 1 : 0;
            v.lost += r.state != outbox_state::sent && r.state != outbox_state::unknown ? 1 : 0;
        }
        return v;
    }

private:
    static testing::emulator_options options_in(const temporary_directory& folder) {
        testing::emulator_options o;
        o.ca_out = folder / "ca.pem";
        o.journal_limit = 0;
        return o;
    }

    temporary_directory folder_;
    std::string mutation_;
    strict_emulator server_;
    boost::asio::io_context io_;
    std::shared_ptr<sqlite_outbox_store> store_;
};

verdict kill_at_points(const std::string& mutation, std::size_t times) {
    constexpr std::array points{"claim", "mark", "write", "answer", "settle", "stored"};
    fleet f(times * messages_per_kill, mutation);
    for (std::size_t k = 0; k < times; k += 2) { // two at a time
        std::vector<std::unique_ptr<process>> workers;
        for (std::size_t i = k; i < std::min(times, k + 2); ++i) {
            workers.push_back(f.start(points.at(i % points.size()), 1 + static_cast<unsigned>(i % 3), "kill"));
        }
        for (const auto& w : workers) {
            EXPECT_EQ(w->wait().exit_code, 128 + SIGKILL);
        }
    }
    f.finish();
    const verdict v = f.judge();
    std::cout << times << " kills at named points: " << v.duplicates << " duplicates, " << v.lost << " lost, "
              << v.untrue << " sent that are not there, " << v.unknown << " unknown\n";
    return v;
}

TEST(outbox_kill, killed_at_every_named_point) {
    const verdict v = kill_at_points("-", kills());
    EXPECT_EQ(v.duplicates, 0U);
    EXPECT_EQ(v.lost, 0U);
    EXPECT_EQ(v.untrue, 0U);
    EXPECT_LE(v.unknown, kills() * 4) << "no more than were in flight";
}

TEST(outbox_kill, killed_at_random) {
    std::mt19937 random(7);
    fleet f(kills() * messages_per_kill);
    for (std::size_t k = 0; k < kills(); ++k) {
        const std::uint64_t after = f.server().requests() + 1 + random() % (messages_per_kill / 2);
        const auto worker = f.start("-", 0, "kill");
        EXPECT_TRUE(f.server().wait_until([&] { return f.server().requests() >= after; }, 60s));
        worker->send_signal(SIGKILL);
        EXPECT_EQ(worker->wait().exit_code, 128 + SIGKILL);
    }
    f.finish();
    const verdict v = f.judge();
    std::cout << kills() << " kills at random: " << v.duplicates << " duplicates, " << v.lost << " lost, " << v.untrue
              << " sent that are not there, " << v.unknown << " unknown\n";
    EXPECT_EQ(v.duplicates, 0U);
    EXPECT_EQ(v.lost, 0U);
    EXPECT_EQ(v.untrue, 0U);
}

// A worker that is stopped past its lease, and goes on when others have taken over.
TEST(outbox_kill, a_zombie_sends_nothing_twice) {
    for (const char* point : {"claim", "mark"}) {
        fleet f(messages_per_kill);
        const auto zombie = f.start(point, 1, "stop");
        EXPECT_EQ(zombie->read_line(), "stops");
        f.finish();
        zombie->send_signal(SIGCONT);
        const finished end = zombie->wait();
        EXPECT_EQ(end.exit_code, 0) << end.err;
        f.finish();
        const verdict v = f.judge();
        EXPECT_EQ(v.duplicates, 0U) << point;
        EXPECT_EQ(v.lost, 0U) << point;
        EXPECT_EQ(v.untrue, 0U) << point;
    }
}

TEST(outbox_kill, a_worker_that_sends_before_the_mark_is_caught) {
    EXPECT_GT(kill_at_points("send_unmarked", 12).duplicates, 0U) << "the test is blind";
}

TEST(outbox_kill, a_worker_that_queues_what_may_have_left_is_caught) {
    EXPECT_GT(kill_at_points("requeue_sending", 12).duplicates, 0U) << "the test is blind";
}

} // namespace
} // namespace yunhu::test
