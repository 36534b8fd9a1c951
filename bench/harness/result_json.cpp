// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "run_result.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace bench {
namespace {

namespace json = boost::json;

json::object to_json(const histogram& h) {
    const histogram::contents c = h.get();
    json::array buckets; // bucket, count, bucket, count: half the size of pairs
    buckets.reserve(2 * c.buckets.size());
    for (const auto& [bucket, count] : c.buckets) {
        buckets.push_back(bucket);
        buckets.push_back(count);
    }
    return {{"count", h.count()}, {"min", c.min}, {"max", c.max}, {"sum", c.sum}, {"buckets", std::move(buckets)}};
}

histogram histogram_from(const json::object& o) {
    histogram::contents c;
    c.min = o.at("min").to_number<std::int64_t>();
    c.max = o.at("max").to_number<std::int64_t>();
    c.sum = o.at("sum").to_number<double>();
    const json::array& buckets = o.at("buckets").as_array();
    for (std::size_t i = 0; i + 1 < buckets.size(); i += 2) {
        c.buckets.emplace_back(buckets[i].to_number<std::size_t>(), buckets[i + 1].to_number<std::uint64_t>());
    }
    return histogram::from(c);
}

json::object to_json(const section& s) {
    json::object errors;
    for (const auto& [kind, count] : s.errors) {
        errors[kind] = count;
    }
    json::object times;
    for (std::size_t t = 0; t < timing_names.size(); ++t) {
        times[timing_names[t]] = to_json(s.times[t]);
    }
    return {
        {"name", s.name},       {"calls", s.calls},   {"failed", s.failed},          {"attempts", s.attempts},
        {"retries", s.retries}, {"reused", s.reused}, {"errors", std::move(errors)}, {"histograms", std::move(times)}};
}

section section_from(const json::object& o) {
    section s;
    s.name = o.at("name").as_string();
    s.calls = o.at("calls").to_number<std::uint64_t>();
    s.failed = o.at("failed").to_number<std::uint64_t>();
    s.attempts = o.at("attempts").to_number<std::uint64_t>();
    s.retries = o.at("retries").to_number<std::uint64_t>();
    s.reused = o.at("reused").to_number<std::uint64_t>();
    for (const auto& [kind, count] : o.at("errors").as_object()) {
        s.errors[std::string(kind)] = count.to_number<std::uint64_t>();
    }
    const json::object& times = o.at("histograms").as_object();
    for (std::size_t t = 0; t < timing_names.size(); ++t) {
        s.times[t] = histogram_from(times.at(timing_names[t]).as_object());
    }
    return s;
}

nanoseconds ns_of(const json::object& o, std::string_view name) {
    return nanoseconds(o.at(name).to_number<std::int64_t>());
}

json::object to_json(const series_point& p) {
    return {{"at", p.at},           {"rate", p.rate},       {"failed", p.failed},      {"p50", p.p50.count()},
            {"p90", p.p90.count()}, {"p99", p.p99.count()}, {"p99.9", p.p999.count()}, {"max", p.max.count()}};
}

series_point point_from(const json::object& o) {
    series_point p;
    p.at = o.at("at").to_number<double>();
    p.rate = o.at("rate").to_number<double>();
    p.failed = o.at("failed").to_number<std::uint64_t>();
    p.p50 = ns_of(o, "p50");
    p.p90 = ns_of(o, "p90");
    p.p99 = ns_of(o, "p99");
    p.p999 = ns_of(o, "p99.9");
    p.max = ns_of(o, "max");
    return p;
}

json::object to_json(const ramp_step& s) {
    return {{"offered", s.offered},    {"rate", s.rate},           {"calls", s.calls},
            {"failed", s.failed},      {"p50", s.p50.count()},     {"p99", s.p99.count()},
            {"p99.9", s.p999.count()}, {"saturated", s.saturated}, {"reason", s.reason}};
}

ramp_step step_from(const json::object& o) {
    ramp_step s;
    s.offered = o.at("offered").to_number<double>();
    s.rate = o.at("rate").to_number<double>();
    s.calls = o.at("calls").to_number<std::uint64_t>();
    s.failed = o.at("failed").to_number<std::uint64_t>();
    s.p50 = ns_of(o, "p50");
    s.p99 = ns_of(o, "p99");
    s.p999 = ns_of(o, "p99.9");
    s.saturated = o.at("saturated").as_bool();
    s.reason = o.at("reason").as_string();
    return s;
}

json::object to_json(const transport& t) {
    return {{"connections", t.connections}, {"dials", t.dials},     {"dials_failed", t.connects_failed},
            {"handshakes", t.handshakes},   {"resumed", t.resumed}, {"evicted", t.evicted}};
}

transport transport_from(const json::object& o) {
    transport t;
    t.connections = o.at("connections").to_number<std::uint64_t>();
    t.dials = o.at("dials").to_number<std::uint64_t>();
    t.connects_failed = o.at("dials_failed").to_number<std::uint64_t>();
    t.handshakes = o.at("handshakes").to_number<std::uint64_t>();
    t.resumed = o.at("resumed").to_number<std::uint64_t>();
    t.evicted = o.at("evicted").to_number<std::uint64_t>();
    return t;
}

json::object to_json(const cost& c) {
    return {{"client_cpu_s", c.client_cpu},
            {"server_cpu_s", c.server_cpu ? json::value(*c.server_cpu) : json::value(nullptr)},
            {"peak_memory_bytes", c.peak_memory}};
}

cost cost_from(const json::object& o) {
    cost c;
    c.client_cpu = o.at("client_cpu_s").to_number<double>();
    if (const json::value& server = o.at("server_cpu_s"); !server.is_null()) {
        c.server_cpu = server.to_number<double>();
    }
    c.peak_memory = o.at("peak_memory_bytes").to_number<std::uint64_t>();
    return c;
}

template <class T> json::array all_to_json(const std::vector<T>& from) {
    json::array made;
    for (const T& each : from) {
        made.push_back(to_json(each));
    }
    return made;
}

template <class T> void read_all(const json::value& from, std::vector<T>& to, T (*read)(const json::object&)) {
    for (const json::value& each : from.as_array()) {
        to.push_back(read(each.as_object()));
    }
}

run_result read(const json::object& o) {
    run_result r;
    r.kind = o.at("kind").as_string();
    r.started = o.at("started").as_string();
    r.interrupted = o.at("interrupted").as_bool();
    r.seconds = o.at("seconds").to_number<double>();
    r.flags = o.at("flags").as_object();
    r.versions = o.at("versions").as_object();
    r.machine = o.at("machine").as_object();
    read_all(o.at("sections"), r.sections, section_from);
    read_all(o.at("series"), r.series, point_from);
    read_all(o.at("steps"), r.steps, step_from);
    r.transport = transport_from(o.at("transport").as_object());
    r.cost = cost_from(o.at("cost").as_object());
    return r;
}

} // namespace

json::object to_json(const run_result& r) {
    json::object metrics;
    for (const metric& m : metrics_of(r)) {
        const auto whole = static_cast<std::int64_t>(m.value); // integers are written as such: 2000, not 2E3
        if (static_cast<double>(whole) == m.value) {
            metrics[m.name] = whole;
        } else {
            metrics[m.name] = m.value;
        }
    }
    return {{"schema", "yunhu-bench"},
            {"schema_version", schema_version},
            {"kind", r.kind},
            {"started", r.started},
            {"interrupted", r.interrupted},
            {"seconds", r.seconds},
            {"times_in", "ns"},
            {"metrics", std::move(metrics)},
            {"flags", r.flags},
            {"versions", r.versions},
            {"machine", r.machine},
            {"transport", to_json(r.transport)},
            {"cost", to_json(r.cost)},
            {"steps", all_to_json(r.steps)},
            {"series", all_to_json(r.series)},
            {"sections", all_to_json(r.sections)}};
}

run_result result_from_json(const json::value& value) {
    const json::object* const o = value.if_object();
    const json::value* const schema = o != nullptr ? o->if_contains("schema") : nullptr;
    if (schema == nullptr || *schema != json::value("yunhu-bench")) {
        throw std::runtime_error("not a result of yunhu-bench");
    }
    const json::value* const version = o->if_contains("schema_version");
    if (version == nullptr || *version != json::value(schema_version)) {
        throw std::runtime_error("its schema_version is not " + std::to_string(schema_version));
    }
    try {
        return read(*o);
    } catch (const std::exception& e) {
        throw std::runtime_error(std::string("damaged: ") + e.what());
    }
}

run_result read_result(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in) {
        throw std::runtime_error("can't read " + file);
    }
    boost::system::error_code failed;
    const json::value value = json::parse(text, failed);
    if (failed) {
        throw std::runtime_error(file + ": not JSON: " + failed.message());
    }
    try {
        return result_from_json(value);
    } catch (const std::runtime_error& e) {
        throw std::runtime_error(file + ": " + e.what());
    }
}

void write_result(const run_result& result, const std::string& file) {
    std::ofstream out(file, std::ios::binary);
    out << json::serialize(to_json(result)) << '\n';
    out.close();
    if (!out) {
        throw std::runtime_error("can't write " + file);
    }
}

} // namespace bench
