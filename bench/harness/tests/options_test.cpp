// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "options.hpp"

#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bench {
namespace {

using namespace std::chrono_literals;

parsed parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "yunhu-bench");
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    parsed p = parse_options(static_cast<int>(arguments.size()), arguments.data());
    testing::internal::GetCapturedStdout();
    EXPECT_EQ(testing::internal::GetCapturedStderr().empty(), !p.exit || *p.exit == 0);
    return p;
}

TEST(options, none_is_a_closed_loop_on_the_emulator) {
    const parsed p = parse({});
    ASSERT_FALSE(p.exit);
    EXPECT_EQ(p.options.what, options::command::run);
    EXPECT_FALSE(p.options.load.rate);
    EXPECT_EQ(p.options.load.duration, 10s);
    EXPECT_EQ(p.options.load.warm_up, 1s);
    EXPECT_TRUE(p.options.base_url.empty());
}

TEST(options, of_a_run) {
    const parsed p =
        parse({"run",           "--rate", "2500",         "--arrivals", "constant", "--mix",    "delete,list-message=2",
               "--duration",    "90s",    "--warm-up",    "0",          "--seed",   "9",        "--timeout",
               "1500ms",        "--chat", "user:42",      "--threads",  "2",        "--shards", "2",
               "--connections", "4",      "--text-bytes", "10"});
    ASSERT_FALSE(p.exit);
    const options& o = p.options;
    EXPECT_EQ(o.load.rate, 2500);
    EXPECT_EQ(o.load.arrivals, arrival_kind::constant);
    EXPECT_TRUE(o.load.calls_of.has(endpoint::delete_msg));
    EXPECT_EQ(o.load.duration, 90s);
    EXPECT_EQ(o.load.warm_up, 0s);
    EXPECT_EQ(o.load.seed, 9U);
    EXPECT_EQ(o.timeout, 1500ms);
    EXPECT_EQ(o.chat, yunhu::user("42"));
    EXPECT_EQ(o.threads, 2U);
}

TEST(options, calls_alone_bound_a_run) {
    const parsed p = parse({"--calls", "1000"});
    ASSERT_FALSE(p.exit);
    EXPECT_EQ(p.options.load.calls, 1000U);
    EXPECT_FALSE(p.options.load.duration);
}

TEST(options, of_a_ramp) {
    const parsed p =
        parse({"ramp", "--from", "100", "--to", "900", "--factor", "3", "--step", "2s", "--p99-limit", "5ms"});
    ASSERT_FALSE(p.exit);
    EXPECT_EQ(p.options.what, options::command::ramp);
    EXPECT_EQ(p.options.ramp.to, 900);
    EXPECT_EQ(p.options.ramp.most_p99, 5ms);
    EXPECT_EQ(p.options.load.duration, 2s);
    EXPECT_EQ(p.options.load.warm_up, 500ms);
}

TEST(options, of_a_comparison) {
    const parsed p = parse({"compare", "a", "b", "--fail-if", "p99>1.1x,rate<0.9x", "--fail-if", "p50>5ms"});
    ASSERT_FALSE(p.exit);
    EXPECT_EQ(p.options.files.size(), 2U);
    ASSERT_EQ(p.options.fail_if.size(), 3U);
    EXPECT_EQ(p.options.fail_if[1].metric, "rate");
    EXPECT_EQ(p.options.fail_if[2].metric, "p50");
}

TEST(options, invalid_options_exit_with_2) {
    const std::vector<std::vector<const char*>> all = {
        {"--rate", "0"},
        {"--rate", "fast"},
        {"--rate", "5", "--concurrency", "5"},
        {"--duration", "5"},
        {"--duration", "0s"},
        {"--calls", "0"},
        {"--calls", "-3"},
        {"--mix", "sing=3"},
        {"--arrivals", "bursts"},
        {"--connections", "0"},
        {"--chat", "group"},
        {"--chat", "room:5"},
        {"--no-such-flag"},
        {"frobnicate"},
        {"--base-url", "https://x.example"},
        {"compare", "a"},
        {"compare", "a", "b", "c"},
        {"compare", "a", "b", "--fail-if", "p99"},
        {"report", "a"},
        {"ramp", "--factor", "1"},
        {"ramp", "--from", "10", "--to", "5"},
        {"--warm-up", "-1s"},
        {"ramp", "--rate", "5"},
        {"--seed", "x"},
    };
    for (const auto& each : all) {
        EXPECT_EQ(parse(each).exit, 2) << each.front() << ' ' << each.back();
    }
    EXPECT_EQ(parse({"--help"}).exit, 0);
    EXPECT_EQ(parse({"--version"}).exit, 0);
    EXPECT_EQ(parse({"ramp", "--help"}).exit, 0);
}

TEST(options, the_token_is_in_no_flag) {
    const parsed p = parse({"--base-url", "https://x.example", "--token", "s3cret"});
    ASSERT_FALSE(p.exit);
    EXPECT_EQ(p.options.token.reveal(), "s3cret");
    EXPECT_EQ(boost::json::serialize(p.options.flags()).find("s3cret"), std::string::npos);
}

} // namespace
} // namespace bench
