// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "figure.hpp"

#include "allocation_sites.hpp"
#include "benchmarks.hpp"
#include "drive.hpp"
#include "heap_counter.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace yunhu::bench {
namespace {

constexpr std::size_t calls = 2000; // of a trial as well: with fewer the growth of containers shows

std::string with_two_digits(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2f", value);
    return text.data();
}

// Less than one in 200 calls: growth of a container, not a cost per call.
bool is_rare(const allocation_site& site) {
    return site.times < calls / 200;
}

std::vector<allocation_site> allocations_of_calls(const server_ports& server) {
    std::vector<heap_site> counted;
    load what;
    what.connections = 64;
    what.callers = 64;
    what.warm_up = 4000;
    what.calls = calls;
    what.at_begin = [] { count_heap_begin(); };
    what.at_end = [&] { counted = count_heap_end(); };
    (void)drive(config_for(server.keep_alive, server.ca_file), what);
    std::vector<allocation_site> sites = name_allocation_sites(counted);
    sites.erase(std::remove_if(sites.begin(), sites.end(), is_rare), sites.end());
    return sites;
}

std::vector<std::string> notes(const std::string& layer, const std::vector<allocation_site>& sites) {
    std::vector<std::string> lines;
    for (const allocation_site& site : sites) {
        if (site.layer != layer) {
            continue;
        }
        lines.push_back(with_two_digits(static_cast<double>(site.times) / calls) + " of " +
                        std::to_string(site.bytes / site.times) + " bytes: ");
        for (const std::string& frame : site.frames) {
            lines.back() += (lines.back().ends_with(": ") ? "" : " < ") + frame;
        }
    }
    return lines;
}

} // namespace

figures count_allocations(const server_ports& server, const effort& how) {
    std::vector<allocation_site> sites;
    const auto count = [&](benchmark::State& state) {
        while (state.KeepRunningBatch(state.max_iterations)) { // all calls are made by one run of the event loop
            sites = allocations_of_calls(server);
        }
        for (const allocation_site& site : sites) {
            benchmark::Counter& counter = state.counters[site.layer];
            counter.flags = benchmark::Counter::kAvgIterations;
            counter.value += static_cast<double>(site.times);
        }
    };
    const effort once{how.share, 1};
    const auto result = run_benchmarks({{"allocations", count, calls}}, once).at("allocations");

    figures all;
    figure total{"heap allocations per call", 0, "", 0, 8, {}};
    figure ours{"heap allocations per call, without OpenSSL's", 0, "", 0, 8, {}};
    for (const char* const layer : layers) {
        const auto found = result.counters.find(layer);
        const double per_call = found != result.counters.end() ? found->second : 0;
        all.push_back({"heap allocations per call, " + std::string(layer), per_call, "", 0, 0, notes(layer, sites)});
        total.value += per_call;
        ours.value += std::string(layer) != "OpenSSL" ? per_call : 0;
    }
    all.insert(all.begin(), {total, ours});
    return all;
}

} // namespace yunhu::bench
