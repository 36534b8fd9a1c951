// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Workers around PostgreSQL: they are killed, the server is killed, and its standby takes its place.

#include "postgres_server.hpp"
#include "process.hpp"
#include "store_conformance.hpp"
#include "strict_emulator.hpp"

#include <yunhu/outbox.hpp>
#include <yunhu/postgres_outbox.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <signal.h>

namespace yunhu::test {
namespace {

using namespace std::chrono_literals;

/// YUNHU_OUTBOX_KILLS: how many workers die; servers and failovers are a fraction of it.
std::size_t postgres_kills() {
    const char* const given = std::getenv("YUNHU_OUTBOX_KILLS"); // NOLINT(concurrency-mt-unsafe)
    return given == nullptr ? 6 : std::stoul(given);
}

struct postgres_verdict {
    std::size_t duplicates = 0; ///< messages that arrived twice
    std::size_t lost = 0;       ///< neither there nor reported
    std::size_t untrue = 0;     ///< `sent`, and not there
    std::size_t unknown = 0;
};

/// Worker processes around one database, and an emulator that counts.
class postgres_fleet {
public:
    postgres_fleet(std::string uri, std::size_t messages) : uri_(std::move(uri)), server_(options_in(folder_)) {
        boost::asio::io_context io;
        const auto store = std::make_shared<postgres_outbox_store>(io.get_executor(), postgres_outbox_options(uri_));
        EXPECT_TRUE(run_operation(io, store->prepare()).has_value());
        outbox box(io.get_executor(), store);
        std::vector<outbox_message> all;
        for (std::size_t i = 0; i < messages; ++i) {
            all.emplace_back(std::to_string(i), group("g" + std::to_string(i)), text("hello"));
        }
        EXPECT_TRUE(run_operation(io, box.enqueue(std::move(all), as_result)).has_value());
    }

    [[nodiscard]] std::unique_ptr<process> start(const std::string& point = "-", unsigned nth = 0) {
        return std::make_unique<process>(std::vector<std::string>{
            PROGRAM_OUTBOX_CHILD, server_.base_url(), (folder_ / "ca.pem").string(),
            std::string(server_.options().token.reveal()), uri_, "1500", point, std::to_string(nth), "kill", "-"});
    }

    /// The workers go on until nothing is left to send.
    static void finish(const std::vector<std::unique_ptr<process>>& workers) {
        for (const auto& each : workers) {
            const finished end = each->wait();
            EXPECT_EQ(end.exit_code, 0) << end.err;
        }
    }

    [[nodiscard]] testing::emulator& server() { return server_; }
    /// Waits for so many requests more.
    [[nodiscard]] bool more_requests(std::uint64_t count) {
        const std::uint64_t wanted = server_.requests() + count;
        return server_.wait_until([&] { return server_.requests() >= wanted; }, 120s);
    }

    [[nodiscard]] postgres_verdict judge(const char* after) {
        boost::asio::io_context io;
        postgres_outbox_store store(io.get_executor(), postgres_outbox_options(uri_));
        postgres_verdict v;
        v.duplicates = server_.duplicates();
        outbox_filter all;
        all.max = 1'000'000;
        for (const outbox_record& r : run_operation(io, store.list(all)).value()) {
            const bool there = !server_.messages(r.to).empty();
            v.untrue += r.state == outbox_state::sent && !there ? 1U : 0U;
            v.unknown += r.state == outbox_state::unknown ? 1U : 0U;
            v.lost += r.state != outbox_state::sent && r.state != outbox_state::unknown ? 1U : 0U;
        }
        std::cout << after << ": " << v.duplicates << " duplicates, " << v.lost << " lost, " << v.untrue
                  << " sent that are not there, " << v.unknown << " unknown\n";
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
    std::string uri_;
    strict_emulator server_;
};

void expect_none(const postgres_verdict& v) {
    EXPECT_EQ(v.duplicates, 0U);
    EXPECT_EQ(v.lost, 0U);
    EXPECT_EQ(v.untrue, 0U);
}

TEST(postgres_kill, workers_are_killed_at_every_named_point) {
    constexpr std::array points{"claim", "mark", "write", "answer", "settle", "stored"};
    postgres_server database;
    postgres_fleet f(database.new_database(), postgres_kills() * 20);
    for (std::size_t k = 0; k < postgres_kills(); ++k) {
        const auto worker = f.start(points.at(k % points.size()), 1 + static_cast<unsigned>(k % 3));
        EXPECT_EQ(worker->wait().exit_code, 128 + SIGKILL);
    }
    std::vector<std::unique_ptr<process>> last;
    last.push_back(f.start());
    postgres_fleet::finish(last);
    expect_none(f.judge("workers killed"));
}

TEST(postgres_kill, the_server_is_killed_while_workers_send) {
    postgres_server database;
    const std::size_t times = std::max<std::size_t>(postgres_kills() / 5, 2);
    postgres_fleet f(database.new_database(), times * 60);
    std::vector<std::unique_ptr<process>> workers;
    workers.push_back(f.start());
    workers.push_back(f.start());
    for (std::size_t k = 0; k < times; ++k) {
        ASSERT_TRUE(f.more_requests(20));
        database.crash();
    }
    postgres_fleet::finish(workers);
    expect_none(f.judge("the server killed"));
}

/// The link to the standby is cut while workers send, then the primary dies, and the standby takes its place.
postgres_verdict fail_over(bool synchronous) {
    postgres_server primary;
    (void)primary.new_database();
    postgres_server standby(primary);
    if (synchronous) {
        primary.wait_for_standby();
    }
    postgres_fleet f(postgres_server::uri_of("outbox1", {&primary, &standby}), 200);
    std::vector<std::unique_ptr<process>> workers;
    workers.push_back(f.start());
    workers.push_back(f.start());
    EXPECT_TRUE(f.more_requests(40));
    standby.cut_off();
    if (synchronous) { // nothing is acknowledged any more
        primary.wait_until("select count(*) > 0 from pg_stat_activity where wait_event = 'SyncRep'", "t\n");
    } else {
        EXPECT_TRUE(f.more_requests(40));
    }
    primary.kill();
    standby.promote();
    postgres_fleet::finish(workers);
    return f.judge(synchronous ? "failover to a synchronous standby" : "failover to an asynchronous standby");
}

TEST(postgres_kill, a_failover_to_a_synchronous_standby_repeats_and_loses_nothing) {
    for (std::size_t k = 0; k < std::max<std::size_t>(postgres_kills() / 10, 1); ++k) {
        expect_none(fail_over(true));
    }
}

TEST(postgres_kill, a_failover_to_an_asynchronous_standby_is_seen_to_repeat) {
    EXPECT_GT(fail_over(false).duplicates, 0U) << "the test is blind";
}

} // namespace
} // namespace yunhu::test
