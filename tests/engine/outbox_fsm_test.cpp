// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/outbox_fsm.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace yunhu::engine {
namespace {

using namespace std::chrono_literals;
using outcome = settlement::outcome;
using action = outbox_fsm::overdue_action;

constexpr store_time start{1'000'000'000'000};
constexpr auto lease = 1000ms;

/// A message and the store's clock.
struct script {
    bool claim() { return m.claim(now, lease); }
    bool mark(std::uint32_t epoch) { return m.mark(epoch, now, lease); }
    bool settle(std::uint32_t epoch, outcome as) { return m.settle(epoch, as, now, 0ms); }
    action overdue() { return m.overdue(now, lease); }
    [[nodiscard]] outbox_state state() const { return m.now_in().state; }
    [[nodiscard]] std::uint32_t epoch() const { return m.now_in().epoch; }
    /// To `sending`; returns the epoch.
    std::uint32_t send() {
        EXPECT_TRUE(claim());
        EXPECT_TRUE(mark(epoch()));
        return epoch();
    }
    /// To `unknown`, as after the worker's death.
    void lose() {
        (void)send();
        now += lease;
        EXPECT_EQ(overdue(), action::look_up);
        EXPECT_TRUE(settle(epoch(), outcome::unknown));
    }

    outbox_fsm m;
    store_time now = start;
};

TEST(outbox_fsm, claimed_marked_and_sent) {
    script s;
    EXPECT_TRUE(s.claim());
    EXPECT_FALSE(s.claim()) << "once";
    EXPECT_EQ(s.epoch(), 1U);
    EXPECT_TRUE(s.mark(1));
    EXPECT_FALSE(s.mark(1)) << "once";
    EXPECT_EQ(s.state(), outbox_state::sending);
    EXPECT_TRUE(s.settle(1, outcome::sent));
    EXPECT_TRUE(s.m.is_done());
    EXPECT_FALSE(s.settle(1, outcome::sent));
    EXPECT_FALSE(s.settle(1, outcome::released));
    EXPECT_FALSE(s.settle(1, outcome::failed));
    EXPECT_EQ(s.overdue(), action::none);
}

TEST(outbox_fsm, a_delayed_message_waits) {
    script s;
    outbox_fsm::life delayed;
    delayed.not_before = start + 5s;
    s.m = outbox_fsm(delayed);
    EXPECT_FALSE(s.claim());
    s.now += 5s;
    EXPECT_TRUE(s.claim());
}

TEST(outbox_fsm, a_claim_whose_lease_is_over_goes_back_and_its_worker_marks_nothing) {
    script s;
    EXPECT_TRUE(s.claim());
    s.now += lease - 1ms;
    EXPECT_EQ(s.overdue(), action::none);
    s.now += 1ms;
    EXPECT_FALSE(s.mark(1)) << "its lease is over, although nobody has looked";
    EXPECT_EQ(s.overdue(), action::requeue);
    EXPECT_EQ(s.state(), outbox_state::queued);
    EXPECT_FALSE(s.mark(1));
    EXPECT_TRUE(s.claim());
    EXPECT_FALSE(s.mark(1)) << "another worker's claim";
    EXPECT_TRUE(s.mark(s.epoch()));
}

TEST(outbox_fsm, a_send_whose_lease_is_over_is_looked_up_and_never_queued) {
    script s;
    const std::uint32_t dead = s.send();
    s.now += lease;
    EXPECT_EQ(s.overdue(), action::look_up);
    EXPECT_EQ(s.state(), outbox_state::sending);
    EXPECT_EQ(s.overdue(), action::none) << "the look-up has a lease of its own";
    EXPECT_FALSE(s.settle(dead, outcome::unknown)) << "no longer its";
    s.now += lease;
    EXPECT_EQ(s.overdue(), action::look_up) << "the one that looked died, too";
    EXPECT_FALSE(s.settle(s.epoch(), outcome::failed)) << "it has not sent: it can't know";
    EXPECT_FALSE(s.settle(s.epoch(), outcome::released));
    EXPECT_TRUE(s.settle(s.epoch(), outcome::sent)) << "found";
}

TEST(outbox_fsm, the_worker_of_the_send_speaks_late) {
    for (const outcome late : {outcome::sent, outcome::failed, outcome::released}) {
        script s;
        s.lose();
        EXPECT_TRUE(s.settle(1, late));
        EXPECT_NE(s.state(), outbox_state::unknown);
    }
}

TEST(outbox_fsm, unknown_ones_are_looked_up_three_times_more) {
    script s;
    s.lose();
    for (const std::chrono::milliseconds pause : {10'000ms, 60'000ms, 600'000ms}) {
        s.now += pause - 1ms;
        EXPECT_EQ(s.overdue(), action::none);
        s.now += 1ms;
        EXPECT_EQ(s.overdue(), action::look_up);
        EXPECT_TRUE(s.settle(s.epoch(), outcome::unknown));
    }
    s.now += 1000h;
    EXPECT_EQ(s.overdue(), action::none);
    EXPECT_TRUE(s.settle(99, outcome::sent)) << "true whoever says it";
}

TEST(outbox_fsm, only_a_person_sends_again_and_only_after_the_quarantine) {
    script s;
    EXPECT_EQ(s.m.resend(s.now, 0ms), resend_outcome::not_unknown);
    s.lose();
    const store_time over = s.m.now_in().lease + 10min;
    EXPECT_EQ(s.m.resend(over - 1ms, 10min), resend_outcome::quarantined);
    EXPECT_EQ(s.m.resend(over, 10min), resend_outcome::queued);
    EXPECT_EQ(s.m.resend(over, 10min), resend_outcome::not_unknown);
    EXPECT_EQ(s.state(), outbox_state::queued);
    s.now = over;
    EXPECT_FALSE(s.settle(1, outcome::released)) << "of a former send";
    EXPECT_TRUE(s.claim());
    EXPECT_TRUE(s.settle(1, outcome::sent)) << "the former send's word spares the second";
}

TEST(outbox_fsm, after_a_resend_a_refusal_proves_nothing_about_the_first_send) {
    script s;
    s.lose();
    s.now += 1h;
    EXPECT_EQ(s.m.resend(s.now, 10min), resend_outcome::queued);
    const std::uint32_t second = s.send();
    EXPECT_TRUE(s.settle(second, outcome::failed));
    EXPECT_EQ(s.state(), outbox_state::unknown);
}

TEST(outbox_fsm, renewed_by_its_own_worker_before_the_end_only) {
    script s;
    EXPECT_FALSE(s.m.renew(0, s.now, lease));
    const std::uint32_t mine = s.send();
    s.now += 900ms;
    EXPECT_FALSE(s.m.renew(mine + 1, s.now, lease));
    EXPECT_TRUE(s.m.renew(mine, s.now, lease));
    s.now += 900ms;
    EXPECT_EQ(s.overdue(), action::none);
    s.now += 100ms;
    EXPECT_FALSE(s.m.renew(mine, s.now, lease));
}

TEST(outbox_fsm, a_restored_row_is_looked_up_and_not_sent) {
    script s;
    EXPECT_TRUE(s.claim());
    EXPECT_TRUE(s.m.restored(s.now));
    EXPECT_EQ(s.state(), outbox_state::unknown);
    EXPECT_FALSE(s.mark(1));
    EXPECT_FALSE(s.claim());
    EXPECT_EQ(s.overdue(), action::look_up);
    EXPECT_TRUE(s.settle(s.epoch(), outcome::unknown));
    EXPECT_FALSE(s.m.restored(s.now)) << "unknown already";
    EXPECT_EQ(s.m.resend(s.now + 10min, 10min), resend_outcome::queued);
}

/// Workers that die, stall and speak late around one message. The chat counts what has left.
class world {
public:
    explicit world(unsigned seed) : random_(seed) {}

    void step() {
        worker& w = workers_[pick(workers_.size())];
        switch (pick(10)) {
        case 0:
            if (!w.alive || w.did != phase::idle) {
                w = worker(); // dies, and another one starts
            }
            break;
        case 1:
            if (w.did == phase::idle && m_.claim(now_, lease)) {
                w.did = phase::claimed;
                w.epoch = m_.now_in().epoch;
            }
            break;
        case 2:
            if (w.did == phase::claimed) { // the answer may be lost
                w.did = m_.mark(w.epoch, now_, lease) && pick(4) != 0 ? phase::marked : phase::unanswered;
            }
            break;
        case 3:
            if (w.did == phase::marked) {
                w.did = pick(5) == 0 ? phase::refused : phase::left;
                left_ += w.did == phase::left ? 1 : 0;
            }
            break;
        case 4:
        case 5:
            speak(w);
            break;
        case 6:
            look(w);
            break;
        case 7:
            now_ += std::chrono::milliseconds(pick(1500));
            break;
        case 8:
            if (pick(20) == 0 && m_.resend(now_, 3000ms) == resend_outcome::queued) {
                ++resends_;
            }
            break;
        default:
            if (w.did != phase::idle) {
                (void)m_.renew(w.epoch, now_, lease);
            }
            break;
        }
        check();
    }

    [[nodiscard]] bool ended() const { return m_.is_done(); }
    [[nodiscard]] unsigned left() const { return left_; }

private:
    enum class phase : std::uint8_t { idle, claimed, marked, unanswered, left, refused };
    struct worker {
        bool alive = true;
        phase did = phase::idle;
        std::uint32_t epoch = 0;
    };

    std::size_t pick(std::size_t n) { return random_() % n; }

    void speak(worker& w) {
        switch (w.did) {
        case phase::left:
            (void)m_.settle(w.epoch, outcome::sent, now_, 0ms);
            break;
        case phase::refused:
            (void)m_.settle(w.epoch, outcome::failed, now_, 0ms);
            break;
        case phase::claimed:
        case phase::unanswered:
        case phase::marked: // past half its lease: it does not send any more
            (void)m_.settle(w.epoch, outcome::released, now_, 0ms);
            break;
        case phase::idle:
            return;
        }
        w = worker();
    }

    void look(worker& w) {
        if (w.did != phase::idle || m_.overdue(now_, lease) != action::look_up || pick(4) == 0) {
            return;
        }
        const std::uint32_t epoch = m_.now_in().epoch;
        const bool found = left_ > 0 && pick(3) != 0; // a look-up may miss it
        (void)m_.settle(epoch, found ? outcome::sent : outcome::unknown, now_, 0ms);
    }

    void check() const {
        const outbox_state state = m_.now_in().state;
        ASSERT_LE(left_, 1 + resends_) << "sent twice";
        if (state == outbox_state::sent) {
            ASSERT_GT(left_, 0U) << "sent that is not there";
        }
        if (state == outbox_state::failed) {
            ASSERT_EQ(left_, 0U) << "failed, and it is there";
        }
        if ((state == outbox_state::queued || state == outbox_state::claimed) && resends_ == 0) {
            ASSERT_EQ(left_, 0U) << "queued, and it is there";
        }
    }

    std::mt19937 random_;
    outbox_fsm m_;
    std::array<worker, 3> workers_{};
    store_time now_ = start;
    unsigned left_ = 0;
    unsigned resends_ = 0;
};

TEST(outbox_fsm, failed_at_every_step_no_message_leaves_twice) {
    unsigned ended = 0;
    for (unsigned seed = 0; seed < 5'000; ++seed) {
        world w(seed);
        for (int i = 0; i < 400 && !w.ended(); ++i) {
            ASSERT_NO_FATAL_FAILURE(w.step()) << "seed " << seed;
        }
        ended += w.ended() ? 1 : 0;
    }
    EXPECT_GT(ended, 1'000U) << "the walks arrive somewhere";
}

} // namespace
} // namespace yunhu::engine
