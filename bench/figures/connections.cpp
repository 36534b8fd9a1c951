#include "figure.hpp"

#include "child.hpp"
#include "drive.hpp"

#include <sched.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace yunhu::bench {
namespace {

// CPU per call, handshakes and how many of these resumed, of calls that each need a new connection.
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

// Two threads need two cores, whatever this program was confined to.
void use_all_cores() {
    cpu_set_t all;
    CPU_ZERO(&all);
    for (std::size_t i = 0; i < CPU_SETSIZE; ++i) {
        CPU_SET(i, &all);
    }
    sched_setaffinity(0, sizeof all, &all); // where that is not allowed, figures stay what they are
}

cost with_threads(const server_ports& server, std::size_t threads, std::size_t calls) {
    const auto got = in_child([&] {
        use_all_cores();
        load what;
        what.connections = 64;
        what.callers = 64;
        what.threads = threads;
        what.warm_up = calls / 10;
        what.calls = calls;
        const cost done = drive(config_for(server.keep_alive, server.ca_file), what);
        return std::vector<double>{done.cpu_us_per_call, done.calls_per_second};
    });
    return {got[0], got[1], {}};
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
    std::vector<double> cpu_one;
    std::vector<double> cpu_two;
    std::vector<double> rate_one;
    std::vector<double> rate_two;
    for (std::size_t i = 0; i < how.rounds; ++i) {
        const cost one = with_threads(server, 1, how.of(40'000));
        const cost two = with_threads(server, 2, how.of(40'000));
        cpu_one.push_back(one.cpu_us_per_call);
        cpu_two.push_back(two.cpu_us_per_call);
        rate_one.push_back(one.calls_per_second);
        rate_two.push_back(two.calls_per_second);
    }
    const std::string shared = "the server takes its part of the same cores";
    return {{"two shards on two threads / one, CPU per call", median(cpu_two), "us", median(cpu_one), 0, {shared}},
            {"two shards on two threads / one, calls per second",
             median(rate_two),
             "calls/s",
             median(rate_one),
             0,
             {shared}}};
}

} // namespace yunhu::bench
