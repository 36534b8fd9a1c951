// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "run_result.hpp"

#include "support/process.hpp"
#include "support/terminal_process.hpp"

#include <yunhu/testing/emulator.hpp>

#include <boost/json/object.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

// yunhu-bench as a process. No check depends on the speed of the host: times have lower bounds only.
namespace bench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

const std::string test_token = "t0ken-that-must-not-leak"; // NOLINT(cert-err58-cpp)

std::string content(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class bench_program : public ::testing::Test {
protected:
    [[nodiscard]] std::string path(std::string_view name) const { return (directory_ / name).string(); }

    /// Runs the program with `arguments`, `--quiet` and `--json`.
    [[nodiscard]] finished bench(std::vector<std::string> arguments, std::vector<std::string> environment = {}) const {
        arguments.insert(arguments.begin(), PROGRAM_BENCH);
        return run(std::move(arguments), std::move(environment));
    }
    /// Runs it, expects exit code 0 and returns the result.
    [[nodiscard]] run_result result(std::vector<std::string> arguments,
                                    std::vector<std::string> environment = {}) const {
        const std::string file = path("result.json");
        arguments.insert(arguments.end(), {"--quiet", "--json", file});
        const finished end = bench(std::move(arguments), std::move(environment));
        EXPECT_EQ(end.exit_code, 0) << end.err;
        EXPECT_EQ(end.err, "");
        EXPECT_THAT(content(file) + end.out, Not(HasSubstr(test_token)));
        return read_result(file);
    }
    /// An emulator in the test's process and the options to reach it.
    [[nodiscard]] std::unique_ptr<yunhu::testing::emulator> server() const {
        yunhu::testing::emulator_options options;
        options.token = test_token;
        options.ca_out = directory_ / "ca.pem";
        return std::make_unique<yunhu::testing::emulator>(options);
    }
    [[nodiscard]] std::vector<std::string> way_to(const yunhu::testing::emulator& server) const {
        return {"YUNHU_BASE_URL=" + server.base_url(), "YUNHU_CA_FILE=" + path("ca.pem"), "YUNHU_TOKEN=" + test_token};
    }

private:
    temporary_directory directory_;
};

yunhu::testing::fault delay(std::uint64_t nth, std::chrono::milliseconds time) {
    yunhu::testing::fault f;
    f.what = yunhu::testing::fault::action::delay;
    f.delay = time;
    f.nth = nth;
    return f;
}

TEST_F(bench_program, closed_loop_on_the_emulator) {
    const run_result r = result({"--calls", "300", "--warm-up", "0", "--concurrency", "8", "--connections", "4"});
    const section& all = r.sections.at(0);
    EXPECT_EQ(all.calls, 300U);
    EXPECT_EQ(all.failed, 0U);
    EXPECT_EQ(all.of(timing::latency).count(), 300U);
    EXPECT_EQ(all.of(timing::first_byte).count(), 300U);
    EXPECT_EQ(all.of(timing::queue).count(), 300U);
    EXPECT_GE(r.transport.handshakes, 1U);
    EXPECT_LE(r.transport.handshakes, 4U);
    EXPECT_EQ(all.of(timing::tls).count(), r.transport.handshakes);
    EXPECT_GT(r.seconds, 0);
    EXPECT_GT(r.cost.client_cpu, 0);
    EXPECT_GT(r.cost.server_cpu.value_or(0), 0);
    EXPECT_GT(r.cost.peak_memory, 0U);
    std::uint64_t in_series = 0;
    for (const series_point& p : r.series) {
        EXPECT_GT(p.at, 0);
        in_series += p.max.count() > 0 ? 1 : 0;
    }
    EXPECT_GT(in_series, 0U);
    EXPECT_EQ(r.flags.at("calls"), 300);
    EXPECT_EQ(r.flags.at("concurrency"), 8);
    for (const char* const what : {"yunhu", "boost", "openssl", "compiler", "flags"}) {
        EXPECT_FALSE(r.versions.at(what).as_string().empty()) << what;
    }
    EXPECT_GE(r.machine.at("cores").to_number<int>(), 1);
}

TEST_F(bench_program, every_endpoint_in_an_open_loop_on_two_shards) {
    std::string all;
    for (const std::string_view name : endpoint_names) {
        all.append(all.empty() ? "" : ",").append(name);
    }
    const run_result r = result({"run", "--rate", "2000", "--calls", "600", "--warm-up", "10ms", "--mix", all,
                                 "--shards", "2", "--threads", "2", "--html", path("page.html")});
    EXPECT_EQ(r.sections.at(0).calls, 600U);
    EXPECT_EQ(r.sections.at(0).failed, 0U);
    EXPECT_EQ(r.sections.size(), 14U);
    const std::string page = content(path("page.html"));
    for (const std::string_view name : endpoint_names) {
        EXPECT_THAT(page, HasSubstr(std::string("data-series=\"").append(name).append("\"")));
    }
}

TEST_F(bench_program, makes_the_same_calls_for_a_seed) {
    const auto calls_for = [&](const std::string& seed) {
        const auto s = server();
        const run_result r = result({"--calls", "60", "--warm-up", "0", "--concurrency", "1", "--mix",
                                     "send-message=2,list-message,list-message-by-seq", "--seed", seed},
                                    way_to(*s));
        EXPECT_EQ(r.sections.at(0).failed, 0U);
        std::vector<std::string> endpoints;
        for (const yunhu::testing::exchange& each : s->journal()) {
            endpoints.push_back(each.endpoint);
        }
        return endpoints;
    };
    const auto first = calls_for("1");
    EXPECT_EQ(first.size(), 60U + 32U); // and the message fixtures
    EXPECT_EQ(calls_for("1"), first);
    EXPECT_NE(calls_for("2"), first);
}

// 20 of 200 responses are delayed by 40 ms, and 4 by 120 ms.
TEST_F(bench_program, reports_the_servers_delays) {
    const auto s = server();
    for (std::uint64_t n = 1; n <= 20; ++n) {
        s->inject(delay(n * 9, n % 5 == 0 ? 120ms : 40ms));
    }
    const run_result r =
        result({"--calls", "200", "--warm-up", "0", "--concurrency", "4", "--connections", "4"}, way_to(*s));
    for (const timing t : {timing::latency, timing::service, timing::first_byte}) {
        const histogram& h = r.sections.at(0).of(t);
        EXPECT_GE(h.percentile(100.0 * 181 / 200), 40ms);
        EXPECT_GE(h.percentile(100.0 * 197 / 200), 120ms);
    }
    EXPECT_EQ(r.sections.at(0).calls, 200U);
}

// One connection and one response that is delayed by half a second: the calls that are due then wait.
TEST_F(bench_program, a_stall_is_in_the_latency_and_not_in_the_service_time) {
    const auto s = server();
    s->inject(delay(20, 500ms));
    const run_result r =
        result({"--rate", "200", "--arrivals", "constant", "--calls", "200", "--warm-up", "0", "--connections", "1"},
               way_to(*s));
    const section& all = r.sections.at(0);
    // Of 100 calls that were due in the stall, 60 waited for 200 ms or more.
    const double waited = 100.0 - 100.0 * 59 / 200;
    EXPECT_GE(all.of(timing::latency).percentile(waited), 200ms);
    EXPECT_LT(all.of(timing::first_byte).percentile(waited), all.of(timing::latency).percentile(waited));
    EXPECT_GE(all.of(timing::first_byte).max(), 500ms);
    EXPECT_GE(all.of(timing::latency).max(), 500ms);
}

TEST_F(bench_program, errors_by_kind_and_retries) {
    const auto s = server();
    yunhu::testing::fault busy;
    busy.endpoint = "list-message";
    busy.nth = 3;
    busy.status = 503;
    s->inject(busy); // safe: it is retried
    yunhu::testing::fault no;
    no.endpoint = "send-message";
    no.nth = 40; // 32 fixtures are sent before the measurement
    no.status = 500;
    s->inject(no);
    const run_result r = result({"--calls", "60", "--warm-up", "0", "--mix", "send-message,list-message"}, way_to(*s));
    EXPECT_EQ(r.sections.at(0).calls, 60U);
    EXPECT_EQ(r.sections.at(0).failed, 1U);
    EXPECT_EQ(r.sections.at(0).errors.at("server_error"), 1U);
    EXPECT_EQ(r.sections.at(0).retries, 1U);
}

TEST_F(bench_program, an_interrupt_ends_the_run_with_a_result) {
    const auto s = server();
    const std::string file = path("result.json");
    process program({PROGRAM_BENCH, "--duration", "1h", "--warm-up", "0", "--quiet", "--json", file}, way_to(*s));
    ASSERT_TRUE(s->wait_until([&] { return s->requests() > 50; }, 30s));
    program.send_signal(SIGINT);
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.out, HasSubstr("interrupted"));
    const run_result r = read_result(file);
    EXPECT_TRUE(r.interrupted);
    EXPECT_EQ(r.sections.at(0).calls, s->requests());
    EXPECT_EQ(r.sections.at(0).failed, 0U);
}

TEST_F(bench_program, a_second_interrupt_aborts_stalled_calls) {
    const auto s = server();
    yunhu::testing::fault stall;
    stall.what = yunhu::testing::fault::action::stall;
    s->inject(stall);
    process program(
        {PROGRAM_BENCH, "--duration", "1h", "--timeout", "1h", "--warm-up", "0", "--concurrency", "3", "--quiet"},
        way_to(*s));
    ASSERT_TRUE(s->wait_until([&] { return s->requests() == 3; }, 30s));
    program.send_signal(SIGINT);
    // Two pending signals may merge: repeat until the process has ended and its connections are closed.
    bool gone = false;
    for (int i = 0; i < 300 && !gone; ++i) {
        program.send_signal(SIGINT);
        gone = s->wait_until([&] { return s->connections_open() == 0; }, 100ms);
    }
    EXPECT_TRUE(gone);
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 1); // no call succeeded
    EXPECT_THAT(end.err, HasSubstr("no call succeeded: outcome_unknown 3"));
}

TEST_F(bench_program, the_emulator_ends_with_the_bench) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe2(ends.data(), 0), 0); // inherited by the bench and its forked emulator
    {
        process program({PROGRAM_BENCH, "--duration", "1h", "--quiet"});
        close(ends[1]);
        program.send_signal(SIGKILL);
        EXPECT_EQ(program.wait().exit_code, 128 + SIGKILL);
    }
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 0); // end of file: no process has the write end open
    close(ends[0]);
}

TEST_F(bench_program, ramp) {
    const run_result r = result({"ramp", "--from", "50", "--to", "100", "--factor", "2", "--step", "300ms", "--warm-up",
                                 "50ms", "--html", path("page.html")});
    EXPECT_EQ(r.kind, "ramp");
    ASSERT_GE(r.steps.size(), 1U); // on a stalled host the first rate may be saturated
    EXPECT_EQ(r.steps[0].offered, 50);
    EXPECT_GT(r.sections.at(0).calls, 0U);
    EXPECT_THAT(content(path("page.html")), HasSubstr("Rate against latency"));
}

TEST_F(bench_program, compare_and_report) {
    const std::string a = path("a.json");
    const std::string b = path("b.json");
    for (const auto& [file, calls] : {std::pair(a, "50"), std::pair(b, "100")}) {
        EXPECT_EQ(bench({"--calls", calls, "--warm-up", "0", "--quiet", "--json", file}).exit_code, 0);
    }
    const finished fine = bench({"compare", a, b, "--fail-if", "calls>2x", "--fail-if", "errors>0"});
    EXPECT_EQ(fine.exit_code, 0) << fine.err;
    EXPECT_THAT(fine.out, HasSubstr("2.00x"));
    const finished worse = bench({"compare", a, b, "--fail-if", "p99>1000x,calls>1.5x"});
    EXPECT_EQ(worse.exit_code, 1);
    EXPECT_THAT(worse.out, HasSubstr("FAILED calls>1.5x: calls is 100, the limit 75"));
    const finished unknown = bench({"compare", a, b, "--fail-if", "p98>1x"});
    EXPECT_EQ(unknown.exit_code, 2);
    EXPECT_THAT(unknown.err, HasSubstr("no metric \"p98\""));
    EXPECT_EQ(bench({"compare", a, path("none.json")}).exit_code, 2);

    EXPECT_EQ(bench({"report", a, b, "--html", path("both.html")}).exit_code, 0);
    EXPECT_THAT(content(path("both.html")), HasSubstr("all runs"));
}

TEST_F(bench_program, invalid_flags_exit_with_2_and_failures_with_1) {
    const finished bad = bench({"--rate", "fast"});
    EXPECT_EQ(bad.exit_code, 2);
    EXPECT_THAT(bad.err, HasSubstr("--rate"));
    const finished unreachable =
        bench({"--base-url", "https://127.0.0.1:1", "--calls", "1", "--warm-up", "0"}, {"YUNHU_TOKEN=" + test_token});
    EXPECT_EQ(unreachable.exit_code, 1);
    EXPECT_THAT(unreachable.err, HasSubstr("connect_failed"));
    EXPECT_THAT(unreachable.err, Not(HasSubstr(test_token)));
}

TEST_F(bench_program, an_output_file_is_checked_before_the_run) {
    const auto s = server();
    for (const std::string option : {"--json", "--html"}) {
        for (const std::string& file : {std::string("/nowhere/at/all"), std::string("/")}) {
            const finished end =
                bench({"--duration", "1h", "--quiet", "--warm-up", "0", option, file}, way_to(*s)); // at once
            EXPECT_EQ(end.exit_code, 2) << file;
            EXPECT_THAT(end.err, HasSubstr(option + ": can't write " + file));
        }
    }
    EXPECT_EQ(s->requests(), 0U);
}

TEST_F(bench_program, output_that_can_not_be_written_is_an_error_of_its_own) {
    for (const std::string redirection : {"> /dev/full", ">&-"}) {
        for (const std::string arguments : {"--calls 1 --warm-up 0 --quiet", "--help", "--version"}) {
            const finished end = run({"/bin/sh", "-c", "exec \"$0\" " + arguments + ' ' + redirection, PROGRAM_BENCH});
            EXPECT_EQ(end.exit_code, 7) << arguments << redirection;
            EXPECT_THAT(end.err, HasSubstr("output could not be written"));
        }
    }
}

TEST_F(bench_program, counts_the_dials_of_the_warm_up_as_their_handshakes) {
    const run_result r =
        result({"--calls", "50", "--warm-up", "300ms", "--concurrency", "2", "--connections", "2"}); // all warm
    EXPECT_GE(r.transport.dials, 1U);
    EXPECT_EQ(r.transport.handshakes, r.sections.at(0).of(timing::tls).count());
}

TEST_F(bench_program, shows_the_steps_of_a_ramp) {
    const finished end =
        bench({"ramp", "--from", "50", "--to", "100", "--factor", "2", "--step", "300ms", "--warm-up", "0"});
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_THAT(end.err, HasSubstr("offered/s"));
    std::vector<std::string> on_a_screen{"TERM=xterm"};
    terminal_process program({PROGRAM_BENCH, "ramp", "--from", "50", "--to", "100", "--factor", "2", "--step", "700ms",
                              "--warm-up", "0", "--mix",
                              "send-message=2,list-message,list-message-by-mid-seq,"
                              "list-message-edit-record,pic-list-message-by-mid-seq"},
                             on_a_screen, 80);
    const std::string screen = program.read_until("sustained");
    EXPECT_THAT(screen, HasSubstr("pic-list-message-by-mid-seq")); // the end of the first line
    EXPECT_THAT(screen.substr(0, screen.rfind("\x1b[?1049l")), HasSubstr("offered/s"));
    EXPECT_EQ(program.wait().exit_code, 0);
}

TEST_F(bench_program, lines_without_a_terminal) {
    const finished end = bench({"--duration", "2500ms", "--warm-up", "0", "--rate", "50"});
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_THAT(end.err, HasSubstr("p50 / p99 / p99.9"));
    EXPECT_THAT(end.err, Not(HasSubstr("\x1b")));
}

} // namespace
} // namespace bench
