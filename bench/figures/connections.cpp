// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "figure.hpp"

#include "child.hpp"
#include "drive.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace yunhu::bench {
namespace {

// CPU per call, handshakes and resumed handshakes of calls that each need a new connection.
std::vector<double> one_connection_a_call(std::uint16_t port, const std::string& ca_file, std::size_t calls) {
    return in_child([&] {
        load what;
        what.warm_up = 20;
        what.calls = calls;
        const cost done = drive(config_for(port, ca_file), what);
        return std::vector<double>{done.cpu_us_per_call, static_cast<double>(done.stats.handshakes),
                                   static_cast<double>(done.stats.resumed)};
    });
}

// CPU time of the server in us; 0: unknown.
double server_cpu(int pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(in, text);
    std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
    std::string skipped;
    for (int i = 3; i < 14; ++i) { // proc(5) counts from 1; the name in brackets is the second
        fields >> skipped;
    }
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) * 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// Two threads need two cores: lifts the CPU affinity of this process.
void use_all_cores() {
    cpu_set_t all;
    CPU_ZERO(&all);
    for (std::size_t i = 0; i < CPU_SETSIZE; ++i) {
        CPU_SET(i, &all);
    }
    sched_setaffinity(0, sizeof all, &all); // if not permitted, the affinity stays
}

struct shards_cost {
    std::vector<double> client; ///< CPU per call, us
    std::vector<double> server;
    std::vector<double> rate; ///< calls per second
};

// One thread keeps the CPU affinity of this process, so that it can't be moved to the server's core.
void with_threads(const server_ports& server, std::size_t threads, std::size_t calls, shards_cost& to) {
    const auto got = in_child([&] {
        if (threads > 1) {
            use_all_cores();
        }
        double before = 0;
        double after = 0;
        load what;
        what.connections = 64;
        what.callers = 64;
        what.threads = threads;
        what.warm_up = calls / 10;
        what.calls = calls;
        what.at_begin = [&] { before = server_cpu(server.pid); };
        what.at_end = [&] { after = server_cpu(server.pid); };
        const cost done = drive(config_for(server.keep_alive, server.ca_file), what);
        return std::vector<double>{done.cpu_us_per_call, (after - before) / static_cast<double>(calls),
                                   done.calls_per_second};
    });
    to.client.push_back(got[0]);
    to.server.push_back(got[1]);
    to.rate.push_back(got[2]);
}

// Cores kept busy by client and server.
std::string busy(const shards_cost& c) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(2) << "client " << median(c.client) * median(c.rate) / 1e6 << ", server "
         << median(c.server) * median(c.rate) / 1e6 << " (" << median(c.server) << " us a call)";
    return text.str();
}

} // namespace

figures measure_reconnects(const server_ports& server, const effort& how) {
    std::vector<double> resumed;
    std::vector<double> full;
    const std::size_t calls = how.of(500);
    for (std::size_t i = 0; i < how.rounds; ++i) {
        const auto with = one_connection_a_call(server.closing, server.ca_file, calls);
        const auto without = one_connection_a_call(server.closing_full, server.ca_file, calls);
        if (with[2] < with[1] - 2 || without[2] != 0) {
            throw std::runtime_error("sessions were not resumed as they should be: " + std::to_string(with[2]) +
                                     " of " + std::to_string(with[1]) + ", " + std::to_string(without[2]) + " of " +
                                     std::to_string(without[1]));
        }
        resumed.push_back(with[0]);
        full.push_back(without[0]);
    }
    return {{"reconnect with TLS resumption / with a full handshake, CPU, one call included",
             median(resumed),
             "us",
             median(full),
             0.45,
             {}}};
}

figures measure_shards(const server_ports& server, const effort& how) {
    shards_cost one;
    shards_cost two;
    for (std::size_t i = 0; i < how.rounds; ++i) {
        with_threads(server, 1, how.of(40'000), one);
        with_threads(server, 2, how.of(40'000), two);
    }
    const std::vector<std::string> shared{"busy cores with one: " + busy(one), "busy cores with two: " + busy(two)};
    return {{"two shards on two threads / one, CPU per call", median(two.client), "us", median(one.client), 0, {}},
            {"two shards on two threads / one, calls per second", median(two.rate), "calls/s", median(one.rate), 0,
             shared}};
}

} // namespace yunhu::bench
