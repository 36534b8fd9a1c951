// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "memory.hpp"
#include "print.hpp"
#include "soak.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iostream>

// yunhu-soak: many calls under random faults. Each must end once, with its own response, and no resource may be leaked.

namespace {

constexpr double percent = 0.01;

yunhu::soak::settings smaller(yunhu::soak::settings how) {
    how.calls = std::min<std::size_t>(how.calls, 2'000);
    how.restarts = 1;
    return how;
}

} // namespace

int main(int argc, char** argv) {
    yunhu::soak::use_one_heap();
    yunhu::soak::settings how;
    bool as_json = false;
    double fault_percent = how.fault_share / percent;
    double cancel_percent = how.cancel_share / percent;

    CLI::App app("Makes calls to a local server that injects faults into a share of the exchanges, and checks that "
                 "no call is lost, duplicated or mixed up and no resource is leaked. Exit code 1: a check failed.");
    app.add_option("--calls", how.calls, "Number of calls")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--seed", how.seed, "Seed of all random choices")->capture_default_str();
    app.add_option("--connections", how.connections, "Maximum connections of the client")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--concurrency", how.concurrency, "Concurrent calls")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--fault-percent", fault_percent, "Exchanges with a fault, in percent")
        ->check(CLI::Range(0.0, 100.0))
        ->capture_default_str();
    app.add_option("--cancel-percent", cancel_percent, "Calls that are cancelled or have a short timeout, in percent")
        ->check(CLI::Range(0.0, 100.0))
        ->capture_default_str();
    app.add_option("--restarts", how.restarts, "Restarts of the server")->capture_default_str();
    app.add_flag("--json", as_json, "Print one JSON object");
    CLI11_PARSE(app, argc, argv);
    how.fault_share = fault_percent * percent;
    how.cancel_share = cancel_percent * percent;

    try {
        (void)yunhu::soak::run(smaller(how)); // one-time allocations are not growth
        yunhu::soak::memory_growth memory;
        const yunhu::soak::report r = yunhu::soak::run(how);
        memory.stop();
        const yunhu::soak::table checks = yunhu::soak::checks_of(r, memory);
        if (as_json) {
            yunhu::soak::print_json(std::cout, how, r, memory, checks);
        } else {
            yunhu::soak::print_text(std::cout, how, r, memory, checks);
        }
        return yunhu::soak::all_zero(checks) ? EXIT_SUCCESS : EXIT_FAILURE;
    } catch (const std::exception& e) {
        std::cerr << "yunhu-soak: " << e.what() << '\n';
        return EXIT_FAILURE;
    }
}
