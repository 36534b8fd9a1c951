// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "process.hpp"
#include "strict_emulator.hpp"

#include <yunhu/sqlite_outbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <signal.h>

namespace yunhu::test {
namespace {

using namespace std::chrono_literals;

/// YUNHU_FLEET_KILLS: how many workers die; a tenth of a full run by default.
std::size_t fleet_kills() {
    const char* const given = std::getenv("YUNHU_FLEET_KILLS"); // NOLINT(concurrency-mt-unsafe)
    return given == nullptr ? 5 : std::stoul(given);
}

constexpr std::size_t account_count = 4;
constexpr std::size_t chats_of_each = 2;

/// What the log of all workers says.
struct judgement {
    std::size_t handled = 0;
    std::size_t twice = 0;        ///< handled again
    std::size_t unmarked = 0;     ///< handled again, and no copy is marked
    std::size_t out_of_order = 0; ///< new, and not the next one of its chat
    std::size_t missing = 0;
};

/// An emulator in which people talk, and worker processes around one store.
class talking_fleet {
public:
    talking_fleet() : server_(options_in(folder_)) {
        sqlite_outbox_options place(folder_ / "fleet.db");
        place.durability = outbox_durability::process_crash;
        sqlite_outbox_store store(place);
        boost::asio::io_context io;
        boost::asio::co_spawn(io, store.prepare(), [](const std::exception_ptr& thrown, const result<void>& r) {
            EXPECT_FALSE(thrown);
            EXPECT_TRUE(r.has_value());
        });
        io.run();
    }

    std::unique_ptr<process> start(std::size_t stop_at = 0) {
        return std::make_unique<process>(std::vector<std::string>{
            PROGRAM_FLEET_CHILD, server_.base_url(), server_.gateway_url(), (folder_ / "ca.pem").string(),
            (folder_ / "fleet.db").string(), log(), "w" + std::to_string(++made_), "1000",
            std::to_string(account_count), std::to_string(stop_at)});
    }

    /// The first worker. Returns when it hears all accounts: what is said before that is nobody's.
    std::unique_ptr<process> start_first(std::size_t stop_at = 0) {
        auto first = start(stop_at);
        EXPECT_TRUE(server_.wait_until([this] { return server_.sessions() >= account_count; }, 60s));
        return first;
    }

    /// A message in each chat of each account.
    void say() {
        ++said_;
        for (std::size_t a = 1; a <= account_count; ++a) {
            for (std::size_t c = 1; c <= chats_of_each; ++c) {
                server_.say("9" + std::to_string(c), user(std::to_string(a)), std::to_string(said_));
            }
        }
    }
    [[nodiscard]] std::size_t said() const { return said_ * account_count * chats_of_each; }

    [[nodiscard]] judgement judge() const {
        judgement j;
        std::map<std::string, std::map<std::size_t, bool>> chats; // of each message: a copy is marked
        std::map<std::string, std::map<std::size_t, std::size_t>> copies;
        std::ifstream in(log());
        for (std::string line; std::getline(in, line);) {
            std::istringstream parts(line);
            std::string account;
            std::string chat;
            std::size_t number = 0;
            std::string mark;
            parts >> account >> chat >> number >> mark;
            auto& seen = chats[account + ' ' + chat];
            ++j.handled;
            if (const auto before = seen.find(number); before != seen.end()) {
                ++j.twice;
                before->second = before->second || mark == "again";
            } else {
                const std::size_t last = seen.empty() ? 0 : seen.rbegin()->first;
                j.out_of_order += number == last + 1 ? 0 : 1;
                seen[number] = mark == "again";
            }
            ++copies[account + ' ' + chat][number];
        }
        std::size_t different = 0;
        for (const auto& [chat, seen] : chats) {
            different += seen.size();
            for (const auto& [number, marked] : seen) {
                j.unmarked += copies[chat][number] > 1 && !marked ? 1 : 0;
            }
        }
        j.missing = said() - std::min(said(), different);
        return j;
    }

    /// Talks until the condition is met, which is looked at again and again.
    bool talk_until(const std::function<bool()>& condition) {
        return poll([&] {
            say();
            return condition();
        });
    }
    /// Waits until everything has been handled.
    bool all_handled() {
        return poll([&] { return judge().missing == 0; });
    }
    [[nodiscard]] std::size_t handled_by(const std::string& worker) const {
        std::ifstream in(log());
        std::size_t n = 0;
        for (std::string line; std::getline(in, line);) {
            n += line.ends_with(' ' + worker) ? 1U : 0U;
        }
        return n;
    }
    [[nodiscard]] std::string newest() const { return "w" + std::to_string(made_); }
    [[nodiscard]] const testing::emulator& server() const { return server_; }

private:
    static bool poll(const std::function<bool()>& condition) {
        const auto end = std::chrono::steady_clock::now() + 120s;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) {
                return false;
            }
            std::this_thread::sleep_for(10ms);
        }
        return true;
    }
    static testing::emulator_options options_in(const temporary_directory& folder) {
        testing::emulator_options o;
        o.ca_out = folder / "ca.pem";
        o.journal_limit = 0;
        o.user_id = "1";
        o.token = "token-1";
        for (std::size_t i = 2; i <= account_count; ++i) {
            o.accounts.emplace_back(std::to_string(i), "account", "token-" + std::to_string(i));
        }
        return o;
    }
    [[nodiscard]] std::string log() const { return (folder_ / "handled").string(); }

    temporary_directory folder_;
    strict_emulator server_;
    std::size_t made_ = 0;
    std::size_t said_ = 0;
};

void expect_good(const judgement& j, const char* after) {
    std::cout << after << ": " << j.handled << " handled, " << j.twice << " twice, " << j.missing << " missing, "
              << j.out_of_order << " out of order, " << j.unmarked << " twice and not marked\n";
    EXPECT_EQ(j.missing, 0U);
    EXPECT_EQ(j.out_of_order, 0U);
    EXPECT_EQ(j.unmarked, 0U);
}

void stop(const std::vector<std::unique_ptr<process>>& workers) {
    for (const auto& each : workers) {
        each->send_signal(SIGTERM);
        const finished end = each->wait();
        EXPECT_EQ(end.exit_code, 0) << end.err;
        EXPECT_EQ(end.out.find("gap"), std::string::npos) << end.out;
    }
}

TEST(fleet_kill, workers_are_killed_while_people_talk) {
    talking_fleet f;
    std::vector<std::unique_ptr<process>> workers;
    workers.push_back(f.start_first());
    ASSERT_TRUE(f.talk_until([&] { return f.handled_by("w1") > 0; }));
    workers.push_back(f.start());
    for (std::size_t k = 0; k < fleet_kills(); ++k) {
        const std::string newest = f.newest();
        ASSERT_TRUE(f.talk_until([&] { return f.handled_by(newest) > 5; })) << "it got no share";
        workers.front()->send_signal(SIGKILL);
        EXPECT_EQ(workers.front()->wait().exit_code, 128 + SIGKILL);
        workers.erase(workers.begin());
        workers.push_back(f.start());
    }
    EXPECT_TRUE(f.all_handled());
    stop(workers);
    expect_good(f.judge(), "killed");
}

TEST(fleet_kill, an_orderly_end_repeats_nothing) {
    talking_fleet f;
    std::vector<std::unique_ptr<process>> workers;
    workers.push_back(f.start_first());
    ASSERT_TRUE(f.talk_until([&] { return f.handled_by("w1") > 0; }));
    for (std::size_t k = 0; k < fleet_kills(); ++k) {
        workers.push_back(f.start());
        const std::string newest = f.newest();
        ASSERT_TRUE(f.talk_until([&] { return f.handled_by(newest) > 5; })) << "it got no share";
        std::vector<std::unique_ptr<process>> leaving;
        leaving.push_back(std::move(workers.front()));
        workers.erase(workers.begin());
        stop(leaving);
    }
    EXPECT_TRUE(f.all_handled());
    stop(workers);
    const judgement j = f.judge();
    expect_good(j, "stopped in order");
    EXPECT_EQ(j.twice, 0U);
}

// It goes on in the middle of a handler, after another worker has taken over its accounts.
TEST(fleet_kill, a_zombie_repeats_one_event_and_saves_nothing) {
    for (std::size_t k = 0; k < std::max<std::size_t>(fleet_kills() / 5, 1); ++k) {
        talking_fleet f;
        std::vector<std::unique_ptr<process>> workers;
        workers.push_back(f.start_first(7));
        std::atomic<bool> stopped = false;
        std::thread reader([&] {
            while (const auto line = workers.front()->read_line()) {
                if (*line == "stops") {
                    break;
                }
            }
            stopped = true;
        });
        EXPECT_TRUE(f.talk_until([&] { return stopped.load(); }));
        reader.join();
        workers.push_back(f.start());
        EXPECT_TRUE(f.talk_until([&] { return f.handled_by("w2") > 5; }));
        EXPECT_TRUE(f.all_handled()) << "the other one has all accounts";
        const std::size_t before = f.judge().handled;
        workers.front()->send_signal(SIGCONT);
        EXPECT_TRUE(f.talk_until([&] { return f.handled_by("w1") > 6; })) << "its handler went on";
        EXPECT_TRUE(f.all_handled());
        EXPECT_GT(f.judge().handled, before);
        stop(workers);
        expect_good(f.judge(), "a zombie");
    }
}

} // namespace
} // namespace yunhu::test
