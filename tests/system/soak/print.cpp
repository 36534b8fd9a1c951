// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "print.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>
#include <string>

namespace yunhu::soak {
namespace {

namespace json = boost::json;

constexpr std::size_t mebibyte = std::size_t{1024} * 1024;

table numbers_of(const report& r) {
    const client_stats& s = r.stats;
    return {{"succeeded", r.succeeded},
            {"cancelled or with a short timeout", r.cancelled},
            {"attempts", s.attempts},
            {"retries", s.retries},
            {"connects started", s.connects_started},
            {"connects failed", s.connects_failed},
            {"handshakes", s.handshakes},
            {"resumed", s.resumed},
            {"idle connections evicted", s.evicted},
            {"handshakes refused by the server", r.refused_connections},
            {"restarts of the server", r.restarts}};
}

double rate(const settings& how, const report& r) {
    return std::round(static_cast<double>(how.calls) / r.elapsed.count());
}

template <class Table> void print(std::ostream& out, std::string_view title, const Table& rows) {
    out << '\n' << title << '\n';
    for (const auto& [name, count] : rows) {
        out << "  " << std::left << std::setw(44) << name << std::right << std::setw(10) << count << '\n';
    }
}

template <class Table> json::object to_json(const Table& rows) {
    json::object o;
    for (const auto& [name, count] : rows) {
        o[name] = count;
    }
    return o;
}

} // namespace

table checks_of(const report& r, const memory_growth& memory) {
    return {{"responses to a wrong call", r.wrong_responses},
            {"non-idempotent calls received twice", r.non_idempotent_twice},
            {"calls without exactly one completion", r.not_ended_once},
            {"reported as not sent, but received", r.seen_not_sent},
            {"reported as successful, but never received", r.unseen_successes},
            {"requests that could not be parsed", r.server_troubles},
            {"remaining in the client after its shutdown", r.left_in_client},
            {"remaining work on the io_context", r.left_work},
            {"connections not closed by the client", r.left_open},
            {"more open files than before", r.left_descriptors},
            {"texts that contain the token or the message", r.reveals_secrets},
            {"unbalanced observer hooks", r.unbalanced_hooks},
            {"most calls failed", r.too_few_successes},
            {"memory growth", memory.too_much() ? 1U : 0U}};
}

bool all_zero(const table& checks) {
    return std::ranges::all_of(checks, [](const auto& check) { return check.second == 0; });
}

void print_text(std::ostream& out, const settings& how, const report& r, const memory_growth& memory,
                const table& checks) {
    out << how.calls << " calls in " << std::fixed << std::setprecision(1) << r.elapsed.count()
        << " s: " << std::setprecision(0) << rate(how, r) << " calls/s; seed " << how.seed << ", " << how.connections
        << " connections, " << how.concurrency << " concurrent calls\n";
    print(out, "Must be 0", checks);
    out << "  resident memory before and after, MiB: " << memory.before() / mebibyte << ", "
        << memory.after() / mebibyte << (memory_growth::measurable() ? "" : " (not judged under a sanitizer)") << '\n';
    print(out, "Numbers", numbers_of(r));
    print(out, "Ends of calls", r.ended);
    print(out, "Faults", r.faults);
    out << '\n' << (all_zero(checks) ? "All is well.\n" : "FAILED\n");
}

void print_json(std::ostream& out, const settings& how, const report& r, const memory_growth& memory,
                const table& checks) {
    json::object o;
    o["ok"] = all_zero(checks);
    o["calls"] = how.calls;
    o["seed"] = how.seed;
    o["connections"] = how.connections;
    o["concurrency"] = how.concurrency;
    o["fault_share"] = how.fault_share;
    o["cancel_share"] = how.cancel_share;
    o["seconds"] = r.elapsed.count();
    o["calls_per_second"] = rate(how, r);
    o["must_be_0"] = to_json(checks);
    o["resident_bytes_before"] = memory.before();
    o["resident_bytes_after"] = memory.after();
    o["numbers"] = to_json(numbers_of(r));
    o["ends"] = to_json(r.ended);
    o["faults"] = to_json(r.faults);
    out << json::serialize(o) << '\n';
}

} // namespace yunhu::soak
