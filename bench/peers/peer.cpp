// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "peer.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>

namespace yunhu::bench {
namespace {

double wall_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double seconds(const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

} // namespace

void meter::begin() {
    wall_before_ = wall_seconds();
    getrusage(RUSAGE_SELF, &before_);
}

void meter::end() {
    getrusage(RUSAGE_SELF, &after_);
    wall_after_ = wall_seconds();
}

void meter::print(const char* name) const {
    if (completed_ != options_.warm_up + options_.calls) {
        throw std::runtime_error("only " + std::to_string(completed_) + " calls have succeeded");
    }
    const double user = seconds(after_.ru_utime) - seconds(before_.ru_utime);
    const double system = seconds(after_.ru_stime) - seconds(before_.ru_stime);
    const auto calls = static_cast<double>(options_.calls);
    std::printf("{\"name\":\"%s\",\"calls\":%zu,\"connections\":%zu,\"cpu_us_per_call\":%.4f,\"user_us_per_call\":%.4f,"
                "\"calls_per_second\":%.1f,\"peak_rss_kb\":%ld}\n",
                name, options_.calls, options_.connections, (user + system) * 1e6 / calls, user * 1e6 / calls,
                calls / (wall_after_ - wall_before_), after_.ru_maxrss);
}

int run_peer(int argc, char** argv, const char* name, const std::function<void(const peer_options&, meter&)>& work) {
    peer_options options;
    CLI::App app("Sends messages to a server on this machine, as one of several clients, and prints the cost.", name);
    app.add_option("--port", options.port, "of the server on 127.0.0.1")->required();
    app.add_option("--ca-file", options.ca_file, "CA that has signed the server's certificate (PEM)")->required();
    app.add_option("--connections", options.connections, "each with one call at a time")->check(CLI::PositiveNumber);
    app.add_option("--calls", options.calls, "calls to measure")->check(CLI::PositiveNumber);
    app.add_option("--warm-up", options.warm_up, "calls before the measurement");
    app.add_option("--callers", options.callers, "concurrent callers (our client only)");
    app.add_flag("--closing", options.closing, "the server closes after each response (our client only)");
    try {
        app.parse(argc, argv);
        meter cost(options);
        work(options, cost);
        cost.print(name);
    } catch (const CLI::ParseError& failed) {
        return app.exit(failed) == 0 ? EXIT_SUCCESS : 2;
    } catch (const std::exception& failed) {
        std::cerr << name << ": " << failed.what() << '\n';
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

} // namespace yunhu::bench
