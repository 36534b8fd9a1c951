// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Prints figures of the library's client, one per line, with the ratio to their reference and their bound.
// `sh bench/figures.sh` starts the server.

#include "figure.hpp"

#include <CLI/CLI.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace bench = yunhu::bench;
namespace json = boost::json;

struct named_measurement {
    const char* name;
    bench::figures (*measure)(const bench::server_ports&, const bench::effort&);
};

constexpr named_measurement measurements[] = {
    {"allocations", &bench::count_allocations}, {"decoding", &bench::measure_decoding},
    {"waiting", &bench::measure_waiting},       {"latency", &bench::measure_latency},
    {"reconnects", &bench::measure_reconnects}, {"shards", &bench::measure_shards},
};

void print(const bench::figure& f, bool notes) {
    std::printf("%s: %.2f%s%s", f.name.c_str(), f.value, f.unit.empty() ? "" : " ", f.unit.c_str());
    if (f.against > 0) {
        std::printf(" / %.2f %s = %.2f", f.against, f.unit.c_str(), f.judged());
    }
    if (f.bound > 0) {
        std::printf(" (at most %g: %s)", f.bound, f.judged() <= f.bound ? "kept" : "NOT KEPT");
    }
    std::printf("\n");
    for (const std::string& note : f.notes) {
        if (notes) {
            std::printf("    %s\n", note.c_str());
        }
    }
    std::fflush(stdout);
}

json::object to_json(const bench::figure& f) {
    json::object row{{"name", f.name},
                     {"value", f.value},
                     {"unit", f.unit},
                     {"against", nullptr},
                     {"ratio", nullptr},
                     {"bound", nullptr},
                     {"notes", json::value_from(f.notes)}};
    if (f.against > 0) {
        row["against"] = f.against;
        row["ratio"] = f.judged();
    }
    if (f.bound > 0) {
        row["bound"] = f.bound;
    }
    return row;
}

void write(const std::string& file, const json::array& rows) {
    std::ofstream out(file);
    out << json::serialize(rows) << '\n';
    out.close();
    if (!out) {
        throw std::runtime_error("can't write " + file);
    }
}

} // namespace

int main(int argc, char** argv) {
    bench::server_ports server;
    bench::effort how;
    bool brief = false;
    bool quiet = false;
    std::string json_file;
    std::vector<std::string> only;
    CLI::App app("Figures of the client against a server on this machine.", "yunhu-figures");
    app.add_option("--port", server.keep_alive, "that keeps connections alive")->required();
    app.add_option("--closing-port", server.closing, "closes after each response; sessions can be resumed")->required();
    app.add_option("--closing-full-port", server.closing_full, "the same; they can't")->required();
    app.add_option("--ca-file", server.ca_file, "CA of the server's certificate (PEM)")->required();
    app.add_option("--server-pid", server.pid, "of the server process, to read its CPU time");
    app.add_option("--only", only, "these measurements: allocations, decoding, waiting, latency, reconnects, shards");
    app.add_option("--json", json_file, "file for the figures");
    app.add_flag("--trial", brief, "few calls: shows that it works, not how fast");
    app.add_flag("--no-notes", quiet, "leaves out the places that allocate");
    try {
        app.parse(argc, argv);
        if (brief) {
            how.share = 0.02;
            how.rounds = 1;
        }
        json::array rows;
        for (const auto& [name, measure] : measurements) {
            if (!only.empty() && std::find(only.begin(), only.end(), name) == only.end()) {
                continue;
            }
            for (const bench::figure& f : measure(server, how)) {
                print(f, !quiet);
                rows.push_back(to_json(f));
            }
        }
        if (!json_file.empty()) {
            write(json_file, rows);
        }
    } catch (const CLI::ParseError& failed) {
        return app.exit(failed) == 0 ? EXIT_SUCCESS : 2;
    } catch (const std::exception& failed) {
        std::cerr << "yunhu-figures: " << failed.what() << '\n';
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
