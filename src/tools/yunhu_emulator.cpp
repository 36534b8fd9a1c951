// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// An emulated Yunhu: serves all endpoints over HTTPS on this machine until it is interrupted.
//
//   yunhu-emulator --port 8443 --ca-out ca.pem --fault endpoint=send-message,action=close_after,nth=3

#include "standard_streams.hpp"

#include <yunhu/testing/emulator.hpp>

#include <CLI/CLI.hpp>

#include <boost/algorithm/hex.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

namespace json = boost::json;
using yunhu::testing::emulator;
using yunhu::testing::exchange;
using yunhu::testing::fault;

const std::map<std::string, fault::action, std::less<>> actions = {
    {"response", fault::action::response},
    {"raw_bytes", fault::action::raw_bytes},
    {"close_before", fault::action::close_before},
    {"close_after", fault::action::close_after},
    {"close_in_response", fault::action::close_in_response},
    {"reset", fault::action::reset},
    {"stall", fault::action::stall},
    {"delay", fault::action::delay},
    {"refuse_tls", fault::action::refuse_tls},
};

std::string name_of(fault::action wanted) {
    for (const auto& [name, action] : actions) {
        if (action == wanted) {
            return name;
        }
    }
    return {};
}

template <class Number> Number number(const std::string& text) {
    Number value{};
    if (!CLI::detail::lexical_cast(text, value)) {
        throw CLI::ValidationError("--fault", "not a number: " + text);
    }
    return value;
}

// "endpoint=send-message,action=response,status=503,header=Retry-After:1", for example. A body must be the last field:
// it may contain commas.
fault parse_fault(std::string_view spec) {
    fault parsed;
    bool has_action = false;
    while (!spec.empty()) {
        const auto equals = spec.find('=');
        const std::string key(spec.substr(0, equals));
        spec.remove_prefix(equals == spec.npos ? spec.size() : equals + 1);
        const auto end = key == "body" ? spec.size() : std::min(spec.find(','), spec.size());
        const std::string value(spec.substr(0, end));
        spec.remove_prefix(std::min(end + 1, spec.size()));
        if (key == "endpoint") {
            parsed.endpoint = value;
        } else if (key == "action" && actions.count(value) != 0) {
            parsed.what = actions.at(value);
            has_action = true;
        } else if (key == "nth") {
            parsed.nth = number<std::uint64_t>(value);
        } else if (key == "times") {
            parsed.times = number<std::uint64_t>(value);
        } else if (key == "probability") {
            parsed.probability = number<double>(value);
        } else if (key == "status") {
            parsed.status = number<int>(value);
        } else if (key == "delay_ms") {
            parsed.delay = std::chrono::milliseconds(number<std::uint32_t>(value));
        } else if (key == "execute") {
            parsed.execute = number<bool>(value);
        } else if (key == "header" && value.find(':') != value.npos) {
            const auto colon = value.find(':');
            parsed.headers.emplace_back(value.substr(0, colon), value.substr(colon + 1));
        } else if (key == "body") {
            parsed.body = value;
        } else {
            throw CLI::ValidationError("--fault", "unknown or invalid: " + key + "=" + value);
        }
    }
    if (!has_action) {
        throw CLI::ValidationError("--fault", "action is required");
    }
    return parsed;
}

json::object to_json(const exchange& e) {
    json::array headers;
    for (const auto& [name, value] : e.headers) {
        headers.push_back({name, value});
    }
    json::object line{{"connection", e.connection},
                      {"on_connection", e.on_connection},
                      {"endpoint", e.endpoint},
                      {"method", e.method},
                      {"target", e.target},
                      {"headers", headers},
                      {"body_hex", boost::algorithm::hex_lower(e.body)},
                      {"msg_id", e.msg_id},
                      {"executed", e.executed},
                      {"status", e.status},
                      {"code", e.code},
                      {"duplicate", e.duplicate},
                      {"problem", e.problem}};
    line["fault"] = e.applied_fault ? json::value(name_of(*e.applied_fault)) : json::value(nullptr);
    return line;
}

void write_journal(const emulator& server, const std::string& file) {
    std::ofstream out(file, std::ios::binary);
    for (const exchange& each : server.journal()) {
        out << json::serialize(to_json(each)) << '\n';
    }
    out.close();
    if (!out) {
        throw std::runtime_error("cannot write " + file);
    }
}

// Returns whether it could print where it listens: nothing could find it otherwise.
[[nodiscard]] bool serve(const yunhu::testing::emulator_options& options, const std::vector<fault>& faults,
                         const std::string& journal_file) {
    sigset_t signals{};
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr); // before the emulator's thread starts and inherits the mask

    emulator server(options);
    for (const fault& each : faults) {
        try {
            server.inject(each);
        } catch (const std::invalid_argument& refused) {
            throw CLI::ValidationError("--fault", refused.what());
        }
    }
    std::cout << "listening on " << server.base_url() << std::endl;
    if (options.ca_out.empty()) {
        std::cout << "CA:\n" << server.ca_pem() << std::flush;
    } else {
        std::cout << "CA file: " << options.ca_out.string() << std::endl;
    }
    if (tools::error_of(std::cout)) {
        return false;
    }
    int received = 0;
    sigwait(&signals, &received);
    if (!journal_file.empty()) {
        write_journal(server, journal_file);
    }
    return true;
}

// Finds out now what would otherwise be found out at the end.
void check_output_file(const std::string& option, const std::string& file) {
    if (const std::error_code why = file.empty() ? std::error_code() : tools::check_writable(file.c_str())) {
        throw CLI::ValidationError(option, "can't be written: " + why.message());
    }
}

int run(int argc, char** argv) {
    yunhu::testing::emulator_options options;
    std::vector<std::string> specs;
    std::string ca_out;
    std::string journal_file;
    std::int64_t idle_ms = options.idle_timeout.count();

    CLI::App app("An emulated Yunhu for tests of bots. Listens on 127.0.0.1 over HTTPS.", "yunhu-emulator");
    app.add_option("--port", options.port, "port; 0: any free port");
    app.add_option("--token", options.token, "the only accepted token")->envname("YUNHU_TOKEN");
    app.add_option("--ca-out", ca_out, "file for the CA that clients must trust (PEM)");
    app.add_option("--user-id", options.user_id, "account of the token");
    app.add_option("--user-name", options.user_name, "its name");
    app.add_option("--seed", options.seed, "seed of faults by probability");
    app.add_option("--idle-timeout-ms", idle_ms, "closes connections after this idle time")->check(CLI::PositiveNumber);
    app.add_option("--journal", journal_file, "file for the exchanges (JSON lines), written at the end");
    app.add_option("--fault", specs,
                   "a fault, as endpoint=E,action=A,nth=N,times=N,probability=P,delay_ms=N,execute=BOOL,status=N,"
                   "header=NAME:VALUE,body=TEXT; repeatable")
        ->expected(1)
        ->take_all();
    app.footer("Exit codes: 0 ended by a signal, 1 failure, 2 usage, 7 the output could not be written.");
    try {
        app.parse(argc, argv);
        options.ca_out = ca_out;
        options.idle_timeout = std::chrono::milliseconds(idle_ms);
        std::vector<fault> faults;
        faults.reserve(specs.size());
        for (const std::string& spec : specs) {
            faults.push_back(parse_fault(spec));
        }
        check_output_file("--ca-out", ca_out);
        check_output_file("--journal", journal_file);
        return serve(options, faults, journal_file) ? EXIT_SUCCESS : tools::output_lost;
    } catch (const CLI::ParseError& failed) {
        return app.exit(failed) == 0 ? EXIT_SUCCESS : 2;
    } catch (const std::exception& failed) {
        std::cerr << "yunhu-emulator: " << failed.what() << '\n';
        return EXIT_FAILURE;
    }
}

} // namespace

int main(int argc, char** argv) {
    const tools::standard_streams streams;
    return tools::report_lost_output("yunhu-emulator", run(argc, argv));
}
