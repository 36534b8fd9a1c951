// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/account_share.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace yunhu::engine {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds lease = 9s;

lease_view view_of(std::vector<lease_row> rows, std::vector<lease_worker> workers = {}) {
    lease_view v;
    v.rows = std::move(rows);
    v.workers = std::move(workers);
    return v;
}

account_share::own_state worker(std::string name, std::set<std::string> held = {}) {
    account_share::own_state s;
    s.name = std::move(name);
    s.held = std::move(held);
    return s;
}

std::set<std::string> names_of(const std::vector<lease_change>& changes) {
    std::set<std::string> names;
    for (const lease_change& c : changes) {
        EXPECT_EQ(c.what, lease_change::action::acquire);
        EXPECT_TRUE(names.insert(c.account).second);
    }
    return names;
}

using set = std::set<std::string>;

TEST(account_share, the_share_is_rounded_up) {
    EXPECT_EQ(account_share::share_of(0, 3), 0U);
    EXPECT_EQ(account_share::share_of(9, 3), 3U);
    EXPECT_EQ(account_share::share_of(10, 3), 4U);
    EXPECT_EQ(account_share::share_of(10, 0), 10U);
    EXPECT_EQ(account_share::share_of(2, 5), 1U);
}

TEST(account_share, alone_it_takes_what_was_never_held_and_names_the_epoch_that_it_saw) {
    const auto d = account_share::decide(view_of({{"a", 0, "", 0ms}, {"b", 7, "", 0ms}}), worker("w"), lease);
    EXPECT_EQ(names_of(d.acquire), (set{"a", "b"}));
    for (const lease_change& c : d.acquire) {
        EXPECT_EQ(c.epoch, c.account == "a" ? 0U : 7U);
    }
    EXPECT_TRUE(d.give_back.empty());
    EXPECT_EQ(d.look_after, 3s);
}

TEST(account_share, a_lease_that_runs_is_left_alone_and_looked_at_when_it_ends) {
    const auto d = account_share::decide(view_of({{"a", 3, "other", 500ms}}, {{"other", 800ms}}), worker("w"), lease);
    EXPECT_TRUE(d.acquire.empty());
    EXPECT_EQ(d.look_after, 501ms);
}

TEST(account_share, what_a_dead_worker_held_is_free) {
    for (const milliseconds left : {0ms, -1ms, -1000ms}) {
        const auto d = account_share::decide(view_of({{"a", 3, "dead", left}}, {{"dead", left}}), worker("w"), lease);
        EXPECT_EQ(names_of(d.acquire), set{"a"});
    }
}

// It could not renew in time, or an answer was lost: others must not wait for the rest of that lease.
TEST(account_share, its_own_lease_that_it_does_not_hold_any_more_is_free) {
    const auto d = account_share::decide(view_of({{"a", 3, "w", 5s}}), worker("w"), lease);
    EXPECT_EQ(names_of(d.acquire), set{"a"});
    EXPECT_EQ(d.acquire.front().epoch, 3U);
}

TEST(account_share, an_account_whose_session_has_not_ended_yet_is_not_acquired) {
    auto own = worker("w");
    own.excluded = {"a"};
    EXPECT_TRUE(account_share::decide(view_of({{"a", 3, "w", 5s}}), own, lease).acquire.empty());
}

TEST(account_share, takes_no_more_than_its_share) {
    const std::vector<lease_row> rows{{"a", 0, "", 0ms}, {"b", 0, "", 0ms}, {"c", 0, "", 0ms}};
    EXPECT_EQ(account_share::decide(view_of(rows, {{"other", 1s}}), worker("w"), lease).acquire.size(), 2U);
    EXPECT_EQ(account_share::decide(view_of(rows, {{"other", 0ms}}), worker("w"), lease).acquire.size(), 3U);
    EXPECT_EQ(account_share::decide(view_of(rows, {{"w", 1s}}), worker("w"), lease).acquire.size(), 3U)
        << "it counts itself once";
    EXPECT_EQ(account_share::decide(view_of(rows, {{"other", 1s}}), worker("w", {"a"}), lease).acquire.size(), 1U);
}

TEST(account_share, gives_back_its_surplus_once) {
    const std::vector<lease_row> rows{{"a", 1, "w", 5s}, {"b", 1, "w", 5s}, {"c", 1, "w", 5s}, {"d", 1, "w", 5s}};
    const auto view = view_of(rows, {{"other", 5s}});
    auto own = worker("w", {"a", "b", "c", "d"});
    const auto first = account_share::decide(view, own, lease);
    EXPECT_EQ(first.give_back.size(), 2U);
    EXPECT_TRUE(first.acquire.empty());
    own.draining = first.give_back;
    const auto second = account_share::decide(view, own, lease);
    EXPECT_TRUE(second.give_back.empty()) << "they are on their way";
    EXPECT_TRUE(second.acquire.empty()) << "they still count";
}

TEST(account_share, a_worker_that_leaves_gives_all_back_and_takes_nothing) {
    auto own = worker("w", {"a"});
    own.leaving = true;
    const auto d = account_share::decide(view_of({{"a", 1, "w", 5s}, {"b", 1, "", 0ms}}), own, lease);
    EXPECT_EQ(d.give_back, set{"a"});
    EXPECT_TRUE(d.acquire.empty());
}

TEST(account_share, workers_prefer_different_accounts) {
    std::vector<lease_row> rows;
    for (int i = 0; i < 100; ++i) {
        rows.emplace_back(std::to_string(i), 0, "", 0ms);
    }
    const set one = names_of(account_share::decide(view_of(rows, {{"w2", 1s}}), worker("w1"), lease).acquire);
    const set two = names_of(account_share::decide(view_of(rows, {{"w1", 1s}}), worker("w2"), lease).acquire);
    EXPECT_EQ(one.size(), 50U);
    set both;
    std::set_intersection(one.begin(), one.end(), two.begin(), two.end(), std::inserter(both, both.end()));
    EXPECT_LT(both.size(), 40U);
}

/// A store and workers that come, die, and are stopped, in simulated time.
class simulation {
public:
    simulation(std::size_t accounts, unsigned seed) : random(seed) {
        for (std::size_t i = 0; i < accounts; ++i) {
            leases["a" + std::to_string(i)];
        }
    }

    void add() { workers.push_back(account("w" + std::to_string(++made))); }
    void kill() { workers.erase(workers.begin() + static_cast<long>(random() % workers.size())); }

    void run(milliseconds time) {
        for (const milliseconds end = now + time; now < end; now += 10ms) {
            for (member& w : workers) {
                if (now >= w.due) {
                    look(w);
                }
            }
        }
    }

    [[nodiscard]] std::map<std::string, std::size_t> held() const {
        std::map<std::string, std::size_t> counts;
        for (const auto& [name, l] : leases) {
            if (!l.owner.empty() && l.until > now) {
                ++counts[l.owner];
            }
        }
        return counts;
    }
    [[nodiscard]] std::size_t most() const {
        std::size_t n = 0;
        for (const auto& [name, count] : held()) {
            n = std::max(n, count);
        }
        return n;
    }
    [[nodiscard]] std::size_t total() const {
        std::size_t n = 0;
        for (const auto& [name, count] : held()) {
            n += count;
        }
        return n;
    }

    struct stored {
        std::uint32_t epoch = 0;
        std::string owner;
        milliseconds until{};
    };
    struct member {
        account_share::own_state own;
        milliseconds due{};
    };

    std::map<std::string, stored> leases;
    std::map<std::string, milliseconds> alive;
    std::vector<member> workers;
    milliseconds now = 1h;
    std::mt19937 random;
    int made = 0;

private:
    static member account(const std::string& name) {
        member m;
        m.own.name = name;
        return m;
    }

    void look(member& w) {
        alive[w.own.name] = now + lease;
        lease_view v;
        for (const auto& [name, l] : leases) {
            v.rows.emplace_back(name, l.epoch, l.owner, l.until - now);
        }
        for (const auto& [name, until] : alive) {
            v.workers.emplace_back(name, until - now);
        }
        const auto d = account_share::decide(v, w.own, lease);
        for (const std::string& each : w.own.held) {
            leases[each].until = now + lease;
        }
        for (const std::string& each : d.give_back) {
            leases[each].owner.clear();
            w.own.held.erase(each);
        }
        for (const lease_change& c : d.acquire) {
            stored& l = leases[c.account];
            EXPECT_TRUE(l.owner.empty() || l.until <= now) << "it was somebody's";
            l.owner = w.own.name;
            l.until = now + lease;
            ++l.epoch;
            w.own.held.insert(c.account);
        }
        w.due = now + d.look_after;
    }
};

TEST(account_share, every_account_is_heard_by_one_worker_and_the_load_is_fair_whoever_comes_and_goes) {
    for (unsigned seed = 1; seed <= 10; ++seed) {
        simulation s(100 + seed, seed);
        s.add();
        for (int round = 0; round < 12; ++round) {
            if (s.workers.size() > 1 && s.random() % 2 == 0) {
                s.kill();
            } else {
                s.add();
            }
            s.run(lease + 1s); // what a dead one held is taken within the lease and a second
            EXPECT_EQ(s.total(), s.leases.size()) << "seed " << seed << " round " << round;
            s.run(lease); // a surplus, after a new one has taken its share
            EXPECT_EQ(s.total(), s.leases.size()) << "seed " << seed << " round " << round;
            EXPECT_LE(s.most(), account_share::share_of(s.leases.size(), s.workers.size()))
                << "seed " << seed << " round " << round;
        }
    }
}

TEST(account_share, nothing_moves_while_nobody_comes_or_goes) {
    simulation s(103, 3);
    for (int i = 0; i < 7; ++i) {
        s.add();
    }
    s.run(lease * 3);
    const auto epochs = [&s] {
        std::uint64_t sum = 0;
        for (const auto& [name, l] : s.leases) {
            sum += l.epoch;
        }
        return sum;
    };
    const auto before = epochs();
    s.run(lease * 20);
    EXPECT_EQ(epochs(), before);
}

} // namespace
} // namespace yunhu::engine
