// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "store_conformance.hpp"

#include "engine/outbox_fsm.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace yunhu::test {

using namespace std::chrono_literals;
using outcome = settlement::outcome;

outbox_item item_of(const std::string& key) {
    outbox_item i;
    i.key = key;
    i.msg_id = "m-" + key;
    i.account = "bot";
    i.to = group("g-" + key);
    i.body = std::string("body\0of ", 8) + key;
    i.digest = "digest of " + key;
    return i;
}

outbox_ticket ticket_of(const outbox_claim& c) {
    return {c.id, c.epoch};
}

void store_conformance::SetUp() {
    place = GetParam()();
    ASSERT_NE(place, nullptr) << "there is no such store here";
    store = place->open(io);
    get(store->prepare());
}

void store_conformance::enqueue(const std::string& key, int priority, std::chrono::milliseconds delay) {
    outbox_item item = item_of(key);
    item.priority = priority;
    item.delay = delay;
    const auto done = get(store->enqueue({item}));
    ASSERT_EQ(done.size(), 1U);
    EXPECT_EQ(done.front().outcome, enqueue_outcome::created);
}

std::vector<outbox_claim> store_conformance::claim(std::chrono::milliseconds lease, const std::string& worker) {
    claim_request r;
    r.worker = worker;
    r.accounts = {"bot"};
    r.lease = lease;
    return get(store->claim(r)).claims;
}

std::vector<outbox_ticket> store_conformance::send(const std::string& worker) {
    std::vector<outbox_ticket> claimed;
    for (const outbox_claim& c : claim(1h, worker)) {
        claimed.push_back(ticket_of(c));
    }
    const auto marked = get(store->mark_sending(claimed, 1h));
    EXPECT_EQ(marked, claimed);
    return marked;
}

std::size_t store_conformance::settle(const outbox_ticket& of, outcome as, const std::string& why) {
    return get(store->settle({settlement(of, as, why)}));
}

std::vector<outbox_claim> store_conformance::take_overdue(std::chrono::milliseconds lease, const std::string& worker) {
    claim_request r;
    r.worker = worker;
    r.accounts = {"bot"};
    r.lease = lease;
    return get(store->take_overdue(r));
}

outbox_record store_conformance::find(const std::string& key) {
    const auto found = get(store->find(key));
    EXPECT_TRUE(found.has_value()) << key;
    return found.value_or(outbox_record());
}

TEST_P(store_conformance, a_message_is_claimed_marked_and_sent) {
    enqueue("a");
    const auto claims = claim(1h);
    ASSERT_EQ(claims.size(), 1U);
    const outbox_claim& c = claims.front();
    const outbox_item item = item_of("a");
    EXPECT_EQ(c.account, "bot");
    EXPECT_EQ(c.msg_id, item.msg_id);
    EXPECT_EQ(c.to, item.to);
    EXPECT_EQ(c.body, item.body) << "with its zero byte";
    EXPECT_TRUE(claim(1h).empty()) << "once";
    EXPECT_EQ(get(store->mark_sending({ticket_of(c)}, 1h)).size(), 1U);
    EXPECT_EQ(get(store->mark_sending({ticket_of(c)}, 1h)).size(), 0U) << "once";
    EXPECT_EQ(settle(ticket_of(c), outcome::sent), 1U);
    EXPECT_EQ(settle(ticket_of(c), outcome::sent), 0U);
    const outbox_record r = find("a");
    EXPECT_EQ(r.state, outbox_state::sent);
    EXPECT_EQ(r.key, "a");
    EXPECT_EQ(r.msg_id, item.msg_id);
    EXPECT_EQ(r.to, item.to);
    EXPECT_EQ(r.account, "bot");
    EXPECT_EQ(r.worker, "w1");
    EXPECT_GT(r.created, 1'600'000'000'000U);
    EXPECT_GE(r.settled, r.created);
    EXPECT_EQ(find(item.msg_id).key, "a") << "by its msg_id";
    EXPECT_FALSE(get(store->find("b")).has_value());
}

TEST_P(store_conformance, a_key_is_one_message) {
    enqueue("a");
    outbox_item again = item_of("a");
    again.msg_id = "another";
    outbox_item other = item_of("a");
    other.digest = "another message";
    other.msg_id = "a third";
    const auto done = get(store->enqueue({again, item_of("b"), other, item_of("b")}));
    ASSERT_EQ(done.size(), 4U);
    EXPECT_EQ(done[0].outcome, enqueue_outcome::known);
    EXPECT_EQ(done[0].msg_id, "m-a") << "the one stored first";
    EXPECT_EQ(done[1].outcome, enqueue_outcome::created);
    EXPECT_EQ(done[2].outcome, enqueue_outcome::conflict);
    EXPECT_EQ(done[3].outcome, enqueue_outcome::known) << "twice in one call";
    EXPECT_EQ(get(store->counts()).queued, 2U);
    const outbox_ticket t = send().front();
    EXPECT_EQ(settle(t, outcome::sent), 1U);
    EXPECT_EQ(get(store->enqueue({again})).front().outcome, enqueue_outcome::known) << "also when it was sent";
}

TEST_P(store_conformance, by_priority_and_then_in_order) {
    enqueue("a");
    enqueue("b", -1);
    enqueue("c", 5);
    enqueue("d");
    std::string order;
    for (const outbox_claim& c : claim(1h)) {
        order += c.msg_id.substr(2);
    }
    EXPECT_EQ(order, "cadb");
}

TEST_P(store_conformance, a_delayed_message_waits) {
    enqueue("a", 0, 1h);
    claim_request r;
    r.accounts = {"bot"};
    const claim_batch none = get(store->claim(r));
    EXPECT_TRUE(none.claims.empty());
    ASSERT_TRUE(none.wait.has_value());
    EXPECT_GT(*none.wait, 59min);
    EXPECT_LE(*none.wait, 1h);
    r.accounts = {"other"};
    EXPECT_FALSE(get(store->claim(r)).wait.has_value()) << "nothing of that account is queued";
}

TEST_P(store_conformance, of_its_accounts_only_and_no_more_than_wanted) {
    for (int i = 0; i < 5; ++i) {
        outbox_item item = item_of(std::to_string(i));
        item.account = i % 2 == 0 ? "even" : "odd";
        get(store->enqueue({item}));
    }
    claim_request r;
    r.accounts = {"even"};
    r.max = 2;
    r.lease = 1h;
    EXPECT_EQ(get(store->claim(r)).claims.size(), 2U);
    r.accounts = {"even", "odd"};
    r.max = 50;
    EXPECT_EQ(get(store->claim(r)).claims.size(), 3U);
}

TEST_P(store_conformance, an_overdue_claim_is_queued_again_and_fenced) {
    enqueue("a");
    const auto first = claim(0ms);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_TRUE(get(store->mark_sending({ticket_of(first[0])}, 1h)).empty()) << "its lease is over";
    EXPECT_TRUE(take_overdue(1h).empty()) << "it has not left: nothing to look up";
    EXPECT_EQ(state_of("a"), outbox_state::queued);
    const auto second = claim(1h, "w2");
    ASSERT_EQ(second.size(), 1U);
    EXPECT_GT(second[0].epoch, first[0].epoch);
    EXPECT_TRUE(get(store->mark_sending({ticket_of(first[0])}, 1h)).empty()) << "the zombie's";
    EXPECT_EQ(settle(ticket_of(first[0]), outcome::released), 0U);
    EXPECT_EQ(settle(ticket_of(first[0]), outcome::failed), 0U);
    EXPECT_EQ(settle(ticket_of(first[0]), outcome::unknown), 0U);
    EXPECT_EQ(settle(ticket_of(first[0]), outcome::sent), 0U) << "it was never marked";
    EXPECT_EQ(get(store->mark_sending({ticket_of(second[0])}, 1h)).size(), 1U);
}

TEST_P(store_conformance, an_overdue_send_is_looked_up_and_never_queued) {
    enqueue("a");
    const auto c = claim(1h);
    ASSERT_EQ(c.size(), 1U);
    ASSERT_EQ(get(store->mark_sending({ticket_of(c[0])}, 0ms)).size(), 1U);
    const auto taken = take_overdue(1h);
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_GT(taken[0].epoch, c[0].epoch);
    EXPECT_EQ(taken[0].msg_id, "m-a");
    EXPECT_EQ(taken[0].to, item_of("a").to);
    EXPECT_EQ(state_of("a"), outbox_state::sending);
    EXPECT_TRUE(take_overdue(1h).empty()) << "by one worker at a time";
    EXPECT_EQ(settle(ticket_of(taken[0]), outcome::released), 0U) << "it has not sent: it can't know";
    EXPECT_EQ(settle(ticket_of(taken[0]), outcome::failed), 0U);
    EXPECT_EQ(settle(ticket_of(c[0]), outcome::unknown), 0U) << "taken over";
    EXPECT_EQ(settle(ticket_of(taken[0]), outcome::unknown, "not_found"), 1U);
    const outbox_record r = find("a");
    EXPECT_EQ(r.state, outbox_state::unknown);
    EXPECT_EQ(r.reason, "not_found");
    EXPECT_EQ(settle(ticket_of(c[0]), outcome::sent), 1U) << "the zombie's late word";
    EXPECT_EQ(state_of("a"), outbox_state::sent);
}

TEST_P(store_conformance, the_worker_of_the_send_can_prove_that_it_did_not_leave) {
    enqueue("a");
    const outbox_ticket t = send().front();
    settlement back(t, outcome::released, "throttled");
    back.delay = 1h;
    EXPECT_EQ(get(store->settle({back})), 1U);
    EXPECT_EQ(state_of("a"), outbox_state::queued);
    EXPECT_TRUE(claim(1h).empty()) << "not before its delay";
    enqueue("b");
    EXPECT_EQ(settle(send().front(), outcome::failed, "refused"), 1U);
    EXPECT_EQ(find("b").reason, "refused");
    enqueue("c");
    EXPECT_EQ(settle(ticket_of(claim(1h).front()), outcome::released), 1U) << "of a claim, too";
    EXPECT_EQ(claim(1h).size(), 1U);
}

TEST_P(store_conformance, only_after_the_quarantine_and_only_unknown_ones_are_sent_again) {
    enqueue("a");
    EXPECT_EQ(get(store->resend("a", 0ms)), resend_outcome::not_unknown);
    EXPECT_EQ(get(store->resend("b", 0ms)), resend_outcome::not_found);
    const auto c = claim(1h);
    ASSERT_EQ(get(store->mark_sending({ticket_of(c.at(0))}, 0ms)).size(), 1U);
    EXPECT_EQ(settle(ticket_of(c[0]), outcome::unknown), 1U);
    EXPECT_EQ(get(store->resend("a", 1h)), resend_outcome::quarantined);
    EXPECT_EQ(get(store->resend("m-a", 0ms)), resend_outcome::queued) << "by its msg_id";
    const auto again = claim(1h);
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].body, item_of("a").body) << "it is still there";
    EXPECT_EQ(again[0].msg_id, "m-a") << "never changed";
    EXPECT_TRUE(find("a").resent);
    EXPECT_EQ(settle(ticket_of(c[0]), outcome::sent), 1U) << "the first send's late word spares the second";
    EXPECT_TRUE(get(store->mark_sending({ticket_of(again[0])}, 1h)).empty());
}

TEST_P(store_conformance, a_refusal_of_the_second_send_proves_nothing_about_the_first) {
    enqueue("a");
    EXPECT_EQ(settle(send().front(), outcome::unknown), 1U);
    EXPECT_EQ(get(store->resend("a", -2h)), resend_outcome::queued);
    EXPECT_EQ(settle(send().front(), outcome::failed, "refused"), 1U);
    EXPECT_EQ(state_of("a"), outbox_state::unknown);
}

TEST_P(store_conformance, leases_are_renewed_by_their_worker) {
    enqueue("a");
    const auto c = claim(1h);
    get(store->renew({ticket_of(c.at(0))}, 0ms));
    EXPECT_TRUE(get(store->mark_sending({ticket_of(c[0])}, 1h)).empty()) << "the lease is now over";
    get(store->renew({ticket_of(c[0])}, 1h));
    EXPECT_TRUE(get(store->mark_sending({ticket_of(c[0])}, 1h)).empty()) << "and stays over";
    (void)take_overdue(1h);
    const outbox_ticket t = send().front();
    get(store->renew({outbox_ticket(t.id, t.epoch + 1)}, 0ms));
    EXPECT_TRUE(take_overdue(1h).empty()) << "another epoch changes nothing";
}

TEST_P(store_conformance, restored_rows_are_looked_up) {
    enqueue("a");
    enqueue("b");
    enqueue("c");
    EXPECT_EQ(settle(send().at(2), outcome::sent), 1U);
    enqueue("d");
    enqueue("e");
    claim_request one;
    one.accounts = {"bot"};
    one.max = 1;
    one.lease = 1h;
    const auto claimed = get(store->claim(one)).claims;
    ASSERT_EQ(claimed.size(), 1U);
    EXPECT_EQ(get(store->repair()), 2U) << "the queued and the claimed one";
    EXPECT_TRUE(get(store->mark_sending({ticket_of(claimed[0])}, 1h)).empty());
    EXPECT_TRUE(claim(1h).empty());
    const auto taken = take_overdue(1h);
    EXPECT_EQ(taken.size(), 2U);
    EXPECT_EQ(find("d").reason, "restored");
    EXPECT_EQ(get(store->repair()), 0U);
}

TEST_P(store_conformance, listed_by_state_and_page) {
    for (const char* key : {"a", "b", "c", "d"}) {
        enqueue(key);
    }
    EXPECT_EQ(settle(send().at(1), outcome::unknown), 1U);
    outbox_filter f;
    f.state = outbox_state::unknown;
    const auto unknown = get(store->list(f));
    ASSERT_EQ(unknown.size(), 1U);
    EXPECT_EQ(unknown[0].key, "b");
    outbox_filter page;
    page.max = 3;
    const auto first = get(store->list(page));
    ASSERT_EQ(first.size(), 3U);
    page.after = first.back().id;
    const auto rest = get(store->list(page));
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].key, "d");
    page.after = 0;
    page.account = "nobody";
    EXPECT_TRUE(get(store->list(page)).empty());
}

TEST_P(store_conformance, counted_and_pruned) {
    for (const char* key : {"a", "b", "c"}) {
        enqueue(key);
    }
    const auto sending = send();
    EXPECT_EQ(settle(sending.at(0), outcome::sent), 1U);
    EXPECT_EQ(settle(sending.at(1), outcome::failed, "refused"), 1U);
    EXPECT_EQ(settle(sending.at(2), outcome::unknown), 1U);
    enqueue("d");
    (void)claim(1h);
    enqueue("e");
    const outbox_counts c = get(store->counts());
    EXPECT_EQ(c.sent, 1U);
    EXPECT_EQ(c.failed, 1U);
    EXPECT_EQ(c.unknown, 1U);
    EXPECT_EQ(c.claimed, 1U);
    EXPECT_EQ(c.queued, 1U);
    EXPECT_EQ(c.sending, 0U);
    EXPECT_EQ(c.total(), 5U);
    EXPECT_EQ(get(store->prune(1h)), 0U);
    EXPECT_EQ(get(store->prune(-1h)), 2U) << "never an unknown one, nor what is to be sent";
    EXPECT_EQ(get(store->counts()).total(), 3U);
}

TEST_P(store_conformance, a_lane_gives_a_burst_and_pauses_for_all) {
    for (int i = 0; i < 10; ++i) {
        enqueue(std::to_string(i));
    }
    get(store->set_lane(outbox_lane("bot", 0.001, 3)));
    EXPECT_EQ(claim(1h).size(), 3U);
    claim_request r;
    r.accounts = {"bot"};
    const auto other = place->open(io);
    const claim_batch none = get(other->claim(r));
    EXPECT_TRUE(none.claims.empty()) << "for another process, too";
    ASSERT_TRUE(none.wait.has_value());
    EXPECT_GT(*none.wait, 900s);
    get(store->set_lane(outbox_lane("bot", 0)));
    get(store->pause_lane("bot", 1h));
    const claim_batch paused = get(other->claim(r));
    EXPECT_TRUE(paused.claims.empty());
    EXPECT_GT(paused.wait.value_or(0ms), 59min);
}

TEST_P(store_conformance, an_unprepared_store_says_so) {
    const auto fresh = GetParam()();
    ASSERT_NE(fresh, nullptr);
    const auto unprepared = fresh->open(io);
    const auto r = run_operation(io, unprepared->counts());
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().code, errc::invalid_request);
    get(unprepared->prepare());
    get(unprepared->prepare());
    EXPECT_EQ(get(unprepared->counts()).total(), 0U);
}

// Two processes and several threads: every message is claimed once, every key stored once.
TEST_P(store_conformance, claimed_once_by_many) {
    constexpr std::size_t threads = 4;
    constexpr int messages = 200;
    std::vector<std::set<std::string>> taken(threads);
    std::vector<int> created(threads);
    std::vector<std::thread> running;
    for (std::size_t t = 0; t < threads; ++t) {
        running.emplace_back([&, t] {
            boost::asio::io_context own;
            const auto mine = place->open(own);
            for (int i = 0; i < messages; ++i) {
                const auto r = run_operation(own, mine->enqueue({item_of(std::to_string(i))}));
                created[t] += r.has_value() && r->front().outcome == enqueue_outcome::created ? 1 : 0;
            }
            claim_request want;
            want.accounts = {"bot"};
            want.max = 7;
            want.lease = 1h;
            for (;;) {
                const auto r = run_operation(own, mine->claim(want));
                if (r.has_error() || r->claims.empty()) {
                    break;
                }
                for (const outbox_claim& c : r->claims) {
                    taken[t].insert(c.msg_id);
                }
            }
        });
    }
    for (std::thread& t : running) {
        t.join();
    }
    std::size_t all = 0;
    std::set<std::string> different;
    int stored = 0;
    for (std::size_t t = 0; t < threads; ++t) {
        all += taken[t].size();
        different.insert(taken[t].begin(), taken[t].end());
        stored += created[t];
    }
    EXPECT_EQ(stored, messages);
    EXPECT_EQ(all, static_cast<std::size_t>(messages));
    EXPECT_EQ(different.size(), static_cast<std::size_t>(messages));
}

// Whatever is asked for in whatever order, the store answers as the machine does.
TEST_P(store_conformance, agrees_with_the_machine) {
    for (unsigned seed = 0; seed < 40; ++seed) {
        std::mt19937 random(seed);
        const auto pick = [&random](unsigned n) { return static_cast<unsigned>(random() % n); };
        const std::string key = "s" + std::to_string(seed);
        enqueue(key);
        const std::uint64_t id = find(key).id;
        engine::outbox_fsm m;
        const engine::store_time now(1'000'000'000);
        for (int i = 0; i < 25; ++i) {
            // Leases are long or over: the time between two operations does not matter.
            const auto lease = pick(3) == 0 ? -1000ms : std::chrono::milliseconds(1h);
            const std::uint32_t current = m.now_in().epoch;
            const std::uint32_t epoch = pick(3) != 0 || current == 0 ? current : 1 + pick(current);
            switch (pick(6)) {
            case 0: {
                claim_request r;
                r.accounts = {"bot"};
                r.lease = lease;
                const bool got = !get(store->claim(r)).claims.empty();
                ASSERT_EQ(got, m.claim(now, lease)) << "seed " << seed << ", step " << i;
                break;
            }
            case 1:
                ASSERT_EQ(get(store->mark_sending({outbox_ticket(id, epoch)}, lease)).size() == 1,
                          m.mark(epoch, now, lease))
                    << "seed " << seed << ", step " << i;
                break;
            case 2: {
                const bool got = !take_overdue(lease).empty();
                ASSERT_EQ(got, m.overdue(now, lease) == engine::outbox_fsm::overdue_action::look_up)
                    << "seed " << seed << ", step " << i;
                break;
            }
            case 3: {
                const auto as = static_cast<outcome>(1 + pick(3)); // `sent` ends it
                ASSERT_EQ(settle({id, epoch}, as), m.settle(epoch, as, now, 0ms) ? 1U : 0U)
                    << "seed " << seed << ", step " << i << ", outcome " << static_cast<int>(as);
                break;
            }
            case 4:
                get(store->renew({outbox_ticket(id, epoch)}, lease));
                (void)m.renew(epoch, now, lease);
                break;
            default: {
                const auto quarantine = pick(2) == 0 ? -2h : 2h;
                ASSERT_EQ(get(store->resend(key, quarantine)), m.resend(now, quarantine))
                    << "seed " << seed << ", step " << i;
                break;
            }
            }
            const outbox_record r = find(key);
            ASSERT_EQ(r.state, m.now_in().state) << "seed " << seed << ", step " << i;
            ASSERT_EQ(r.epoch, m.now_in().epoch) << "seed " << seed << ", step " << i;
            ASSERT_EQ(r.looks, m.now_in().looks) << "seed " << seed << ", step " << i;
            ASSERT_EQ(r.resent, m.now_in().resent) << "seed " << seed << ", step " << i;
        }
        // Ends it, so that the next one is alone.
        m = engine::outbox_fsm();
        (void)get(store->repair());
        (void)settle({id, find(key).epoch}, outcome::sent);
        (void)get(store->prune(-1h));
    }
}

} // namespace yunhu::test
