// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/pool_fsm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

// Random events in any order: the invariants must hold after each.

using namespace std::chrono_literals;
using namespace yunhu;
using engine::action;
using engine::connection_id;

namespace {

struct caller : engine::waiter {
    bool waits = false;
    unsigned responses = 0; ///< assigned, rejected or cancelled: one per request
};

struct link {
    enum class state { dialing, idle, busy, released } is = state::dialing;
    bool used = false;
    engine::time_point idle_until;
    engine::time_point expires;
};

class model {
public:
    model(const pool_config& config, std::uint32_t seed)
        : config_(config), random_(seed), machine_(config, [this] { return unit(); }), callers_(64) {}

    void step() {
        switch (below(16)) {
        case 0:
        case 1:
        case 2:
        case 3:
            acquire();
            break;
        case 4:
            cancel();
            break;
        case 5:
        case 6:
            with_link(link::state::dialing, [&](connection_id id, link& l) {
                l.is = link::state::released;
                l.expires = now_.steady + config_.max_connection_age + config_.max_connection_age / 10 + 1us;
                l.idle_until = now_.steady + config_.idle_timeout;
                machine_.dialed(id, now_);
            });
            break;
        case 7:
            with_link(link::state::dialing, [&](connection_id id, link& l) {
                l.is = link::state::released;
                machine_.dial_failed(id, errc::connect_failed, now_);
            });
            break;
        case 8:
        case 9:
        case 10:
            release();
            break;
        case 11:
            with_link(link::state::busy, [&](connection_id id, link& l) {
                l.is = link::state::released;
                machine_.on_stale(id, now_);
            });
            break;
        case 12:
            with_link(link::state::idle, [&](connection_id id, link& l) {
                l.is = link::state::released;
                machine_.on_idle_closed(id, now_);
            });
            break;
        case 13:
            machine_.tick(now_);
            break;
        default:
            pass(below(50) == 0 ? 30s : std::chrono::milliseconds(below(500)));
            break;
        }
        apply();
        check();
    }

    // Lets all dials and exchanges end: no waiter and no connection may remain.
    void finish() {
        machine_.drain(now_);
        apply();
        for (int i = 0; i < 10000 && (count(link::state::busy) > 0 || count(link::state::dialing) > 0); ++i) {
            with_link(link::state::dialing, [&](connection_id id, link& l) {
                l.is = link::state::released;
                l.expires = l.idle_until = engine::time_point::max();
                machine_.dialed(id, now_);
            });
            apply();
            release();
            apply();
            check();
        }
        EXPECT_TRUE(links_.empty());
        for (const caller& c : callers_) {
            EXPECT_FALSE(c.waits);
        }
        EXPECT_EQ(requests_, completions_);
    }

    [[nodiscard]] std::string summary() const {
        return std::to_string(assigned_) + " assigned, " + std::to_string(rejected_) + " rejected, " +
               std::to_string(cancelled_) + " cancelled";
    }
    [[nodiscard]] bool covers_all_ends() const { return assigned_ > 0 && rejected_ > 0 && cancelled_ > 0; }

private:
    double unit() { return static_cast<double>(random_() >> 11U) * 0x1.0p-53; }
    std::size_t below(std::size_t n) { return random_() % n; }

    void pass(std::chrono::nanoseconds time) {
        now_.steady += time;
        now_.wall += std::chrono::duration_cast<std::chrono::system_clock::duration>(time);
        if (below(100) == 0) {
            now_.wall += 1h;
        }
    }

    void acquire() {
        caller& c = callers_[below(callers_.size())];
        if (c.waits) {
            return;
        }
        c.new_connection_only = below(5) == 0;
        c.waits = true;
        ++requests_;
        machine_.acquire(c, now_, below(3) == 0);
    }

    void cancel() {
        caller& c = callers_[below(callers_.size())];
        machine_.cancel(c);
        if (c.waits) {
            end(c);
            ++cancelled_;
        }
    }

    void release() {
        with_link(link::state::busy, [&](connection_id id, link& l) {
            const bool reusable = below(4) != 0;
            const auto limit =
                below(4) == 0 ? std::optional<std::chrono::nanoseconds>(std::chrono::seconds(below(8))) : std::nullopt;
            l.is = link::state::released;
            l.idle_until = now_.steady + config_.idle_timeout;
            if (limit) {
                l.idle_until = std::min(l.idle_until, now_.steady + *limit - 2s);
            }
            machine_.released(id, reusable, limit, now_);
        });
    }

    std::size_t count(link::state is) const {
        return static_cast<std::size_t>(
            std::count_if(links_.begin(), links_.end(), [is](const auto& entry) { return entry.second.is == is; }));
    }

    template <class F> void with_link(link::state is, F visit) {
        const std::size_t n = count(is);
        if (n == 0) {
            return;
        }
        std::size_t which = below(n);
        for (auto& [id, l] : links_) {
            if (l.is == is && which-- == 0) {
                visit(id, l);
                return;
            }
        }
    }

    void end(caller& c) {
        ASSERT_TRUE(c.waits) << "completed twice, or without a request";
        c.waits = false;
        ++completions_;
    }

    // Checks and applies the machine's actions.
    void apply() {
        for (const action& a : machine_.actions()) {
            const auto found = links_.find(a.connection);
            switch (a.what) {
            case action::kind::assign: {
                ASSERT_NE(found, links_.end());
                link& l = found->second;
                ASSERT_TRUE(l.is == link::state::idle || l.is == link::state::released) << "it has an owner";
                auto& c = static_cast<caller&>(*a.waiter);
                ASSERT_FALSE(c.new_connection_only && l.used);
                ASSERT_LT(now_.steady, l.expires);
                ASSERT_TRUE(l.is == link::state::released || now_.steady < l.idle_until) << "idle for too long";
                l.is = link::state::busy;
                l.used = true;
                end(c);
                ++assigned_;
                break;
            }
            case action::kind::dial:
                ASSERT_EQ(found, links_.end());
                links_.emplace(a.connection, link());
                break;
            case action::kind::release_buffers:
                break; // changes no state of the model
            case action::kind::close:
                ASSERT_NE(found, links_.end());
                ASSERT_TRUE(found->second.is == link::state::idle || found->second.is == link::state::released);
                links_.erase(found);
                break;
            case action::kind::reject:
                ASSERT_TRUE(a.why);
                end(static_cast<caller&>(*a.waiter));
                ++rejected_;
                break;
            }
        }
        machine_.actions().clear();
        for (auto& entry : links_) {
            if (entry.second.is == link::state::released) {
                entry.second.is = link::state::idle;
            }
        }
    }

    void check() {
        const std::size_t dials = count(link::state::dialing);
        const std::size_t idle = count(link::state::idle);
        const std::size_t busy = count(link::state::busy);
        std::size_t waiting = 0;
        std::size_t waiting_for_any = 0;
        for (const caller& c : callers_) {
            waiting += c.waits ? 1 : 0;
            waiting_for_any += c.waits && !c.new_connection_only ? 1 : 0;
            ASSERT_EQ(c.waits, c.is_linked());
        }
        ASSERT_LE(links_.size(), config_.max_connections);
        ASSERT_LE(dials, config_.max_connecting);
        ASSERT_TRUE(waiting_for_any == 0 || idle == 0) << "an idle connection was not assigned";
        ASSERT_TRUE(waiting == 0 || dials + busy > 0) << "a wake-up was lost";
        const engine::pool_counts counts = machine_.counts();
        ASSERT_EQ(counts.connections, idle + busy);
        ASSERT_EQ(counts.idle, idle);
        ASSERT_EQ(counts.dials, dials);
        ASSERT_EQ(counts.queued, waiting);
        ASSERT_TRUE(idle == 0 || machine_.next_tick()) << "no tick is scheduled for the idle connections";
    }

    pool_config config_;
    std::mt19937_64 random_;
    engine::pool_fsm machine_;
    std::vector<caller> callers_;
    std::map<connection_id, link> links_;
    engine::clock_reading now_{engine::time_point(1h), std::chrono::system_clock::time_point(1h)};
    std::size_t requests_ = 0;
    std::size_t completions_ = 0;
    std::size_t assigned_ = 0;
    std::size_t rejected_ = 0;
    std::size_t cancelled_ = 0;
};

struct limits {
    std::size_t max_connections;
    std::size_t max_connecting;
    std::size_t max_queued;
    unsigned circuit_failures;
};

class pool_model : public testing::TestWithParam<limits> {};

} // namespace

TEST_P(pool_model, random_events) {
    pool_config config;
    config.max_connections = GetParam().max_connections;
    config.max_connecting = GetParam().max_connecting;
    config.max_queued = GetParam().max_queued;
    config.circuit_failures = GetParam().circuit_failures;
    config.circuit_reset_timeout = 2s;
    config.idle_timeout = 5s;
    config.max_connection_age = 20s;
    model m(config, 7);
    for (int i = 0; i < 100000; ++i) {
        m.step();
        if (HasFatalFailure()) {
            FAIL() << "at event " << i;
        }
    }
    m.finish();
    EXPECT_TRUE(m.covers_all_ends()) << m.summary();
}

INSTANTIATE_TEST_SUITE_P(limits, pool_model,
                         testing::Values(limits{1, 1, 4, 0}, limits{1, 1, 60, 2}, limits{2, 2, 3, 3},
                                         limits{4, 2, 8, 4}, limits{16, 8, 2, 0}, limits{64, 3, 0, 5}));
