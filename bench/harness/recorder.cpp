// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "recorder.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace bench {
namespace {

void count(std::map<std::string, std::uint64_t, std::less<>>& errors, std::string_view kind) {
    const auto found = errors.find(kind);
    if (found != errors.end()) {
        ++found->second;
    } else {
        errors.emplace(kind, 1);
    }
}

void record_if(histogram& in, std::optional<nanoseconds> time) {
    if (time) {
        in.record(*time);
    }
}

} // namespace

void section::add(nanoseconds latency, nanoseconds service, const outcome& what) {
    ++calls;
    attempts += what.attempts;
    retries += what.attempts > 1 ? what.attempts - 1 : 0;
    reused += what.reused ? 1 : 0;
    of(timing::latency).record(latency);
    of(timing::service).record(service);
    record_if(of(timing::queue), what.queue);
    record_if(of(timing::first_byte), what.first_byte);
    if (!what.error.empty()) {
        ++failed;
        count(errors, what.error);
    }
}

void section::add_dial(const outcome& what) {
    record_if(of(timing::dial), what.dial);
    record_if(of(timing::tls), what.tls);
}

void section::merge(const section& other) {
    calls += other.calls;
    failed += other.failed;
    attempts += other.attempts;
    retries += other.retries;
    reused += other.reused;
    for (const auto& [kind, times_seen] : other.errors) {
        errors[kind] += times_seen;
    }
    for (std::size_t i = 0; i < times.size(); ++i) {
        times[i].merge(other.times[i]);
    }
}

void interval::merge(const interval& other) {
    calls += other.calls;
    failed += other.failed;
    latency.merge(other.latency);
}

recorder::recorder(time_point measured_from, nanoseconds every)
    : measured_from_(measured_from), last_end_(measured_from), every_(every) {
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
        endpoints_[i].name = endpoint_names[i];
    }
}

void recorder::record(const planned_call& call, time_point started, time_point ended, const outcome& what) {
    const nanoseconds latency = ended - call.intended;
    recent_.latency.record(latency);
    ++recent_.calls;
    if (!what.error.empty()) {
        ++recent_.failed;
        count(errors_, what.error);
    }
    section& of_endpoint = endpoints_[static_cast<std::size_t>(call.what)];
    of_endpoint.add_dial(what);
    if (!call.measured) {
        return;
    }
    of_endpoint.add(latency, ended - started, what);
    interval& in = interval_at(ended);
    ++in.calls;
    in.failed += what.error.empty() ? 0 : 1;
    in.latency.record(latency);
    last_end_ = std::max(last_end_, ended);
}

interval& recorder::interval_at(time_point when) {
    auto index = static_cast<std::size_t>((when - measured_from_) / every_); // never negative: the call was measured
    while (index >= most_intervals) {
        halve_series();
        index /= 2;
    }
    if (series_.size() <= index) {
        series_.resize(index + 1);
    }
    return series_[index];
}

void recorder::halve_series() {
    for (std::size_t i = 0; 2 * i < series_.size(); ++i) {
        interval pair = std::move(series_[2 * i]);
        if (2 * i + 1 < series_.size()) {
            pair.merge(series_[2 * i + 1]);
        }
        series_[i] = std::move(pair);
    }
    series_.resize((series_.size() + 1) / 2);
    every_ *= 2;
}

std::vector<section> recorder::endpoints() const {
    std::vector<section> called;
    std::copy_if(endpoints_.begin(), endpoints_.end(), std::back_inserter(called),
                 [](const section& s) { return s.calls > 0; });
    return called;
}

section recorder::all() const {
    section sum;
    sum.name = "all";
    for (const section& each : endpoints_) {
        sum.merge(each);
    }
    return sum;
}

histogram recorder::latency() const {
    histogram sum;
    for (const section& each : endpoints_) {
        sum.merge(each.of(timing::latency));
    }
    return sum;
}

interval recorder::take_recent() {
    return std::exchange(recent_, {});
}

} // namespace bench
