// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "figure.hpp"

#include "allocation_sites.hpp"
#include "drive.hpp"
#include "heap_counter.hpp"

#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace yunhu::bench {
namespace {

std::string with_two_digits(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2f", value);
    return text.data();
}

figure of_layer(const std::string& layer, const std::vector<allocation_site>& sites, double calls) {
    figure f{"heap allocations per call, " + layer, 0, "", 0, 0, {}};
    for (const allocation_site& site : sites) {
        const double times = static_cast<double>(site.times) / calls;
        if (site.layer != layer ||
            times < 0.005) { // less than once in 200 calls: growth of a container, not a cost per call
            continue;
        }
        f.value += times;
        std::string line = with_two_digits(times) + " of " + std::to_string(site.bytes / site.times) + " bytes: ";
        for (const std::string& frame : site.frames) {
            line += (line.ends_with(": ") ? "" : " < ") + frame;
        }
        f.notes.push_back(line);
    }
    return f;
}

} // namespace

figures count_allocations(const server_ports& server, const effort& /*how*/) {
    load what;
    what.connections = 64;
    what.callers = 64;
    what.warm_up = 4000;
    what.calls = 2000;
    std::vector<heap_site> counted;
    what.at_begin = [] { count_heap_begin(); };
    what.at_end = [&] { counted = count_heap_end(); };
    (void)drive(config_for(server.keep_alive, server.ca_file), what);

    const std::vector<allocation_site> sites = name_allocation_sites(counted);
    figures all;
    figure total{"heap allocations per call", 0, "", 0, 8, {}};
    figure ours{"heap allocations per call, without OpenSSL's", 0, "", 0, 8, {}};
    for (const char* const layer : layers) {
        all.push_back(of_layer(layer, sites, static_cast<double>(what.calls)));
        total.value += all.back().value;
        ours.value += std::string(layer) != "OpenSSL" ? all.back().value : 0;
    }
    all.insert(all.begin(), {total, ours});
    return all;
}

} // namespace yunhu::bench
