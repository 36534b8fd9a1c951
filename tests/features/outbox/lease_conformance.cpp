// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "lease_conformance.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace yunhu::test {

using namespace std::chrono_literals;
using action = lease_change::action;

void lease_conformance::SetUp() {
    place = GetParam()();
    ASSERT_NE(place, nullptr) << "such a store can't be had here";
    outbox = place->open(io);
    store = std::dynamic_pointer_cast<lease_store>(outbox);
    ASSERT_NE(store, nullptr);
    get(store->prepare());
}

std::optional<lease_ticket> lease_conformance::change(const std::string& worker, action what,
                                                      const std::string& account, std::uint32_t epoch,
                                                      std::chrono::milliseconds lease) {
    std::vector<lease_change> one;
    one.emplace_back(what, account, epoch);
    const auto done = get(store->change(worker, std::move(one), lease));
    EXPECT_LE(done.size(), 1U);
    return done.empty() ? std::nullopt : std::optional(done.front());
}

lease_row lease_conformance::row_of(const std::string& account) {
    const lease_view v = get(store->look("reader", {account}, 1h));
    EXPECT_EQ(v.rows.size(), 1U);
    return v.rows.empty() ? lease_row() : v.rows.front();
}

namespace {

TEST_P(lease_conformance, an_account_that_was_never_held_has_epoch_0) {
    const lease_view v = get(store->look("w1", {"a", "b"}, 1h));
    ASSERT_EQ(v.rows.size(), 2U);
    EXPECT_EQ(v.rows[0].account, "a");
    EXPECT_EQ(v.rows[0].epoch, 0U);
    EXPECT_EQ(v.rows[0].owner, "");
    EXPECT_LE(v.rows[0].left, 0ms);
}

TEST_P(lease_conformance, a_worker_that_looked_is_live_until_its_lease_is_over_or_it_leaves) {
    const auto live = [this] {
        std::set<std::string> names;
        for (const lease_worker& w : get(store->look("w1", {}, 1h)).workers) {
            EXPECT_GT(w.left, 0ms);
            names.insert(w.name);
        }
        return names;
    };
    get(store->look("w2", {}, 1h));
    get(store->look("dead", {}, 0ms));
    EXPECT_EQ(live(), (std::set<std::string>{"w1", "w2"}));
    get(store->leave("w2"));
    EXPECT_EQ(live(), (std::set<std::string>{"w1"}));
}

TEST_P(lease_conformance, one_worker_acquires_an_account) {
    const auto mine = change("w1", action::acquire, "a", 0, 1h);
    ASSERT_TRUE(mine);
    EXPECT_EQ(*mine, lease_ticket("a", 1));
    EXPECT_FALSE(change("w2", action::acquire, "a", 0, 1h)) << "the epoch is another one";
    EXPECT_FALSE(change("w2", action::acquire, "a", 1, 1h)) << "the lease runs";
    const lease_row row = row_of("a");
    EXPECT_EQ(row.epoch, 1U);
    EXPECT_EQ(row.owner, "w1");
    EXPECT_GT(row.left, 59min);
    EXPECT_LE(row.left, 1h);
}

TEST_P(lease_conformance, a_lease_that_is_over_is_acquired_by_another_and_the_first_is_fenced) {
    ASSERT_TRUE(change("w1", action::acquire, "a", 0, 0ms));
    EXPECT_EQ(change("w2", action::acquire, "a", 1, 1h), lease_ticket("a", 2));
    EXPECT_FALSE(change("w1", action::renew, "a", 1, 1h));
    EXPECT_FALSE(change("w1", action::release, "a", 1, 1h));
    EXPECT_FALSE(change("w1", action::renew, "a", 2, 1h)) << "it is not the owner";
    EXPECT_FALSE(change("w1", action::release, "a", 2, 1h)) << "it is not the owner";
    EXPECT_EQ(row_of("a").owner, "w2");
}

TEST_P(lease_conformance, a_lease_that_is_over_and_was_not_taken_can_be_renewed) {
    ASSERT_TRUE(change("w1", action::acquire, "a", 0, 0ms));
    EXPECT_EQ(change("w1", action::renew, "a", 1, 1h), lease_ticket("a", 1));
    EXPECT_FALSE(change("w2", action::acquire, "a", 1, 1h));
}

TEST_P(lease_conformance, a_worker_acquires_its_own_again_under_a_new_epoch) {
    ASSERT_TRUE(change("w1", action::acquire, "a", 0, 1h));
    EXPECT_EQ(change("w1", action::acquire, "a", 1, 1h), lease_ticket("a", 2));
    EXPECT_FALSE(change("w1", action::acquire, "a", 1, 1h)) << "once for each epoch that was seen";
}

TEST_P(lease_conformance, what_was_released_is_free_at_once) {
    ASSERT_TRUE(change("w1", action::acquire, "a", 0, 1h));
    EXPECT_EQ(change("w1", action::release, "a", 1, 1h), lease_ticket("a", 1));
    const lease_row row = row_of("a");
    EXPECT_EQ(row.owner, "");
    EXPECT_EQ(row.epoch, 1U);
    EXPECT_FALSE(change("w1", action::renew, "a", 1, 1h));
    EXPECT_EQ(change("w2", action::acquire, "a", 1, 1h), lease_ticket("a", 2));
}

TEST_P(lease_conformance, each_change_of_many_is_by_itself) {
    ASSERT_TRUE(change("w1", action::acquire, "a", 0, 1h));
    ASSERT_TRUE(change("w1", action::acquire, "b", 0, 1h));
    ASSERT_TRUE(change("w2", action::acquire, "c", 0, 1h));
    std::vector<lease_change> all;
    all.emplace_back(action::renew, "a", 1);
    all.emplace_back(action::release, "b", 1);
    all.emplace_back(action::renew, "c", 1);
    all.emplace_back(action::acquire, "d", 0);
    all.emplace_back(action::acquire, "e", 4);
    auto done = get(store->change("w1", std::move(all), 1h));
    std::set<std::string> names;
    for (const lease_ticket& t : done) {
        names.insert(t.account + std::to_string(t.epoch));
    }
    EXPECT_EQ(names.count("a1") + names.count("b1") + names.count("d1"), 3U);
    EXPECT_EQ(names.count("c1"), 0U);
    EXPECT_EQ(row_of("c").owner, "w2");
}

inbox_cursors sorted(inbox_cursors c) {
    std::sort(c.chats.begin(), c.chats.end(),
              [](const chat_cursor& a, const chat_cursor& b) { return a.chat.id < b.chat.id; });
    return c;
}

TEST_P(lease_conformance, cursors_are_kept_and_changed_by_chat) {
    ASSERT_TRUE(change("w1", action::acquire, "a", 0, 1h));
    EXPECT_FALSE(get(store->load_cursors("a")));
    cursor_change first;
    first.since = 17;
    first.changed.emplace_back(group("big 'one'"), 1, 10);
    first.changed.emplace_back(group("zwei\n%"), 2, 20);
    EXPECT_TRUE(get(store->save_cursors(lease_ticket("a", 1), first)));
    cursor_change second;
    second.since = 18;
    second.changed.emplace_back(group("big 'one'"), 5, 50);
    second.changed.emplace_back(user("7"), 3, 30);
    second.removed.push_back(group("zwei\n%"));
    EXPECT_TRUE(get(store->save_cursors(lease_ticket("a", 1), second)));
    inbox_cursors expected;
    expected.since = 18;
    expected.chats.emplace_back(user("7"), 3, 30);
    expected.chats.emplace_back(group("big 'one'"), 5, 50);
    const auto loaded = get(store->load_cursors("a"));
    ASSERT_TRUE(loaded);
    EXPECT_EQ(sorted(*loaded), expected);
    EXPECT_FALSE(get(store->load_cursors("b"))) << "of another account";
}

TEST_P(lease_conformance, a_position_without_chats_is_one) {
    ASSERT_TRUE(change("w1", action::acquire, "a", 0, 1h));
    cursor_change c;
    c.since = 5;
    EXPECT_TRUE(get(store->save_cursors(lease_ticket("a", 1), c)));
    const auto loaded = get(store->load_cursors("a"));
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->since, 5U);
    EXPECT_TRUE(loaded->chats.empty());
}

// The worker was stopped past its lease, and goes on when another has taken over.
TEST_P(lease_conformance, a_zombies_acknowledgements_change_nothing) {
    ASSERT_TRUE(change("zombie", action::acquire, "a", 0, 0ms));
    cursor_change mine;
    mine.since = 1;
    mine.changed.emplace_back(group("g"), 1, 10);
    EXPECT_TRUE(get(store->save_cursors(lease_ticket("a", 1), mine))) << "nobody has taken over";
    ASSERT_TRUE(change("w2", action::acquire, "a", 1, 1h));
    cursor_change late;
    late.since = 2;
    late.changed.emplace_back(group("g"), 9, 90);
    late.changed.emplace_back(group("new"), 9, 90);
    late.removed.push_back(group("g"));
    EXPECT_FALSE(get(store->save_cursors(lease_ticket("a", 1), late)));
    const auto loaded = get(store->load_cursors("a"));
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->since, 1U);
    ASSERT_EQ(loaded->chats.size(), 1U);
    EXPECT_EQ(loaded->chats.front(), chat_cursor(group("g"), 1, 10));
    EXPECT_FALSE(get(store->save_cursors(lease_ticket("b", 1), mine))) << "never held";
}

TEST_P(lease_conformance, another_process_sees_the_same) {
    ASSERT_TRUE(change("w1", action::acquire, "a", 0, 1h));
    const auto other = std::dynamic_pointer_cast<lease_store>(place->open(io));
    const lease_view v = get(other->look("w2", {"a"}, 1h));
    ASSERT_EQ(v.rows.size(), 1U);
    EXPECT_EQ(v.rows.front().owner, "w1");
    std::vector<lease_change> all;
    all.emplace_back(action::acquire, "a", 1);
    EXPECT_TRUE(get(other->change("w2", std::move(all), 1h)).empty());
}

TEST_P(lease_conformance, a_store_that_is_not_prepared_is_refused) {
    const auto fresh_place = GetParam()();
    ASSERT_NE(fresh_place, nullptr);
    const auto fresh = std::dynamic_pointer_cast<lease_store>(fresh_place->open(io));
    const auto r = run_operation(io, fresh->look("w", {"a"}, 1h));
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().code, errc::invalid_request);
}

} // namespace
} // namespace yunhu::test
