// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "catch_up_model.hpp"

#include <gtest/gtest.h>

#include <cstdint>

// A service with faults against the machine: nothing is lost without a gap that names it, nothing arrives twice in a
// process, and every chat is in order.
namespace yunhu::test {
namespace {

void expect_sound(const model_options& options, std::uint32_t first_seed, std::uint32_t seeds) {
    for (std::uint32_t seed = first_seed; seed < first_seed + seeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        catch_up_model model(options, seed);
        model.run();
        if (testing::Test::HasFailure()) {
            return;
        }
    }
}

TEST(catch_up_model, nothing_fails) {
    expect_sound({}, 1, 3);
}

TEST(catch_up_model, frames_are_dropped_doubled_and_swapped) {
    model_options o;
    o.drop = o.duplicate = o.swap = 0.05;
    expect_sound(o, 100, 5);
}

TEST(catch_up_model, the_connection_ends_again_and_again) {
    model_options o;
    o.disconnect = 0.01;
    expect_sound(o, 200, 5);
}

TEST(catch_up_model, edits_and_recalls_while_disconnected_are_found) {
    model_options o;
    o.disconnect = 0.01;
    o.edit = 0.3;
    o.changes_move_chats = true; // a chat that only has changes is listed as moved
    o.check_changes = true;
    expect_sound(o, 300, 5);
}

// What happens after a list was read, but within its millisecond, does not change the list.
TEST(catch_up_model, changes_at_the_very_time_of_a_list_are_found) {
    model_options o;
    o.chats = 300;
    o.disconnect = 0.05;
    o.silence = o.outage = 200;
    o.edit = 0.5;
    o.tick = 500;
    o.changes_move_chats = true;
    o.check_changes = true;
    expect_sound(o, 1'350, 100);
}

TEST(catch_up_model, requests_fail) {
    model_options o;
    o.disconnect = 0.005;
    o.drop = 0.02;
    o.request_failure = 0.1;
    expect_sound(o, 400, 5);
}

TEST(catch_up_model, the_program_is_killed) {
    model_options o;
    o.disconnect = 0.005;
    o.drop = o.duplicate = o.swap = 0.02;
    o.kill = 0.003;
    expect_sound(o, 500, 5);
}

TEST(catch_up_model, lists_lag_behind_pushes) {
    model_options o;
    o.drop = o.swap = 0.02;
    o.list_lag = 100;
    o.gaps_allowed = true; // a message may be missing in the list that is asked for it
    expect_sound(o, 600, 5);
}

TEST(catch_up_model, numbers_with_holes) {
    model_options o;
    o.duplicate = 0.02;
    o.disconnect = 0.01;
    o.sparse = true;
    expect_sound(o, 700, 5);
}

TEST(catch_up_model, small_limits) {
    model_options o;
    o.disconnect = 0.01;
    o.drop = o.swap = 0.02;
    o.machine.max_per_chat = 40;
    o.machine.max_total = 200;
    o.machine.max_events = 20;
    o.machine.max_requests = 2;
    o.machine.page_size = 20;
    o.gaps_allowed = true;
    expect_sound(o, 800, 5);
}

TEST(catch_up_model, everything_at_once) {
    model_options o;
    o.steps = 8'000;
    o.chats = 200;
    o.drop = o.duplicate = o.swap = 0.01;
    o.disconnect = 0.002;
    o.kill = 0.0005;
    o.request_failure = 0.02;
    o.edit = 0.1;
    expect_sound(o, 900, 1);
}

} // namespace
} // namespace yunhu::test
