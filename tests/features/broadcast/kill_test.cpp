// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "support/process.hpp"
#include "support/strict_emulator.hpp"

#include <yunhu/testing/emulator.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <sys/resource.h>

namespace yunhu::test {
namespace {

constexpr std::size_t kills = 10;

std::size_t number_of_targets() {
    const char* const given = std::getenv("YUNHU_BROADCAST_TARGETS"); // NOLINT(concurrency-mt-unsafe)
    return given != nullptr ? std::stoul(given) : 1500;
}

/// Four faults of 1.25 % each: about 5 % of the sends are hit.
void inject_faults(testing::emulator& server) {
    testing::fault f;
    f.endpoint = "send-message";
    f.probability = 0.0125;
    f.status = 503;
    server.inject(f);
    f.what = testing::fault::action::close_before;
    server.inject(f);
    f.what = testing::fault::action::close_after;
    server.inject(f);
    f.what = testing::fault::action::delay;
    f.delay = std::chrono::milliseconds(20);
    server.inject(f);
}

struct numbers {
    std::string end;
    std::size_t sent = 0, failed = 0, unknown = 0, requests = 0, lookups = 0;
};

/// The parsed output of a child that has finished.
struct child_report {
    std::optional<numbers> summary;
    std::map<std::string, std::string> printed; ///< chat id -> state

    explicit child_report(const std::string& output) {
        std::istringstream lines(output);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string state;
            words >> state;
            if (state == "end") {
                numbers n;
                words >> n.end >> n.sent >> n.failed >> n.unknown >> n.requests >> n.lookups;
                summary = n;
            } else {
                std::string id;
                words >> id;
                EXPECT_TRUE(printed.emplace(id, state).second) << id << " was printed twice";
            }
        }
    }
};

// Every target is sent to once or reported; unknown ones are printed.
TEST(broadcast_kill, killed_ten_times_and_resumed) {
    const std::size_t targets = number_of_targets();
    temporary_directory folder;
    testing::emulator_options server_options;
    server_options.ca_out = folder / "ca.pem";
    server_options.journal_limit = 0;
    server_options.seed = 5;
    yunhu::test::strict_emulator server(server_options);
    inject_faults(server);
    const auto child = [&](std::size_t die_after, bool resend) {
        return run({PROGRAM_BROADCAST_CHILD, server.base_url(), (folder / "ca.pem").string(),
                    std::string(server.options().token.reveal()), (folder / "journal").string(),
                    std::to_string(targets), std::to_string(die_after), resend ? "1" : "0"});
    };
    const auto stored = [&server](std::size_t i) { return server.messages(group("g" + std::to_string(i))).size(); };
    const auto began = std::chrono::steady_clock::now();

    for (std::size_t k = 0; k < kills; ++k) {
        const finished end = child(targets / (kills + 2), false);
        ASSERT_EQ(end.exit_code, 128 + SIGKILL) << end.err;
    }
    const finished last = child(0, false);
    ASSERT_EQ(last.exit_code, 0) << last.err;
    const child_report report(last.out);
    ASSERT_TRUE(report.summary.has_value());
    EXPECT_EQ(report.summary->end, "finished");
    EXPECT_EQ(report.summary->sent + report.summary->failed + report.summary->unknown, targets);
    EXPECT_EQ(report.printed.size(), report.summary->failed + report.summary->unknown);
    EXPECT_GT(report.summary->unknown, 0U) << "the faults had an effect";
    EXPECT_EQ(server.duplicates(), 0U);
    for (std::size_t i = 0; i < targets; ++i) {
        const bool printed = report.printed.contains("g" + std::to_string(i));
        ASSERT_EQ(stored(i), printed ? 0U : 1U) << i;
    }
    struct rusage used {};
    getrusage(RUSAGE_CHILDREN, &used);
    std::cout << targets << " targets, " << kills << " kills: " << report.summary->sent << " sent, "
              << report.summary->failed << " failed, " << report.summary->unknown << " unknown, " << server.requests()
              << " requests, " << std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count()
              << " s\n";

    // A further run sends nothing and looks the unknown ones up.
    const child_report again(child(0, false).out);
    ASSERT_TRUE(again.summary.has_value());
    EXPECT_EQ(again.summary->requests, 0U);
    EXPECT_EQ(again.summary->lookups, report.summary->unknown);
    EXPECT_EQ(again.printed, report.printed);

    // With `resend_missing` the unknown ones are sent again, and all arrive.
    server.clear_faults();
    const child_report resent(child(0, true).out);
    ASSERT_TRUE(resent.summary.has_value());
    EXPECT_EQ(resent.summary->requests, report.summary->unknown);
    EXPECT_EQ(resent.summary->sent, targets);
    EXPECT_EQ(server.duplicates(), 0U);
    for (std::size_t i = 0; i < targets; ++i) {
        ASSERT_EQ(stored(i), 1U) << i;
    }
}

} // namespace
} // namespace yunhu::test
