// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "observability/promtool.hpp"

#include <yunhu/metrics.hpp>
#include <yunhu/outbox_metrics.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

namespace yunhu::test {
namespace {

std::vector<std::string> samples_in(const std::string& page) {
    std::vector<std::string> lines;
    std::istringstream in(page);
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with('#')) {
            lines.push_back(line);
        }
    }
    return lines;
}

TEST(outbox_metrics, an_outbox_is_shown_by_state_with_the_ages_for_an_alarm) {
    outbox_counts c;
    c.queued = 1;
    c.claimed = 2;
    c.sending = 3;
    c.sent = 4;
    c.failed = 5;
    c.unknown = 6;
    c.oldest_queued = std::chrono::milliseconds(1500);
    c.oldest_unknown = std::chrono::hours(1);
    const std::string page = to_prometheus(c);
    EXPECT_EQ(samples_in(page),
              (std::vector<std::string>{
                  "yunhu_outbox_messages{state=\"queued\"} 1", "yunhu_outbox_messages{state=\"claimed\"} 2",
                  "yunhu_outbox_messages{state=\"sending\"} 3", "yunhu_outbox_messages{state=\"sent\"} 4",
                  "yunhu_outbox_messages{state=\"failed\"} 5", "yunhu_outbox_messages{state=\"unknown\"} 6",
                  "yunhu_outbox_oldest_queued_seconds 1.5", "yunhu_outbox_oldest_unknown_seconds 3600"}));
    EXPECT_EQ(complaints(page), "");
}

TEST(outbox_metrics, workers_are_summed) {
    outbox_worker_stats one;
    one.in_flight = 1;
    one.claimed = 2;
    one.requests = 3;
    one.lookups = 4;
    one.sent = 5;
    one.failed = 6;
    one.unknown = 7;
    one.released = 8;
    one.fenced = 9;
    one.pauses = 10;
    outbox_worker_stats other;
    other.sent = 100;
    const std::string page = to_prometheus(std::vector<outbox_worker_stats>{one, other});
    EXPECT_EQ(samples_in(page),
              (std::vector<std::string>{"yunhu_outbox_workers 2", "yunhu_outbox_worker_in_flight 1",
                                        "yunhu_outbox_worker_claimed_total 2", "yunhu_outbox_worker_requests_total 3",
                                        "yunhu_outbox_worker_lookups_total 4", "yunhu_outbox_worker_sent_total 105",
                                        "yunhu_outbox_worker_failed_total 6", "yunhu_outbox_worker_unknown_total 7",
                                        "yunhu_outbox_worker_released_total 8", "yunhu_outbox_worker_fenced_total 9",
                                        "yunhu_outbox_worker_pauses_total 10"}));
    EXPECT_EQ(complaints(page), "");
}

TEST(outbox_metrics, a_fleet_is_summed_and_follows_other_pages) {
    fleet_stats one;
    one.held = 1;
    one.acquired = 2;
    one.taken_over = 3;
    one.given_back = 4;
    one.lost = 5;
    one.events = 6;
    one.maybe_repeated = 7;
    one.fenced_saves = 8;
    one.store_failures = 9;
    const std::string page = to_prometheus(std::vector<fleet_stats>{one, one});
    EXPECT_EQ(samples_in(page),
              (std::vector<std::string>{"yunhu_fleet_workers 2", "yunhu_fleet_accounts 2",
                                        "yunhu_fleet_acquired_total 4", "yunhu_fleet_taken_over_total 6",
                                        "yunhu_fleet_given_back_total 8", "yunhu_fleet_lost_total 10",
                                        "yunhu_fleet_events_total 12", "yunhu_fleet_maybe_repeated_total 14",
                                        "yunhu_fleet_fenced_saves_total 16", "yunhu_fleet_store_failures_total 18"}));
    EXPECT_EQ(complaints(to_prometheus(metrics_snapshot(), client_stats()) + to_prometheus(outbox_counts()) +
                         to_prometheus(std::vector<outbox_worker_stats>()) + page),
              "");
}

} // namespace
} // namespace yunhu::test
