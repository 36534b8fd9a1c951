// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "run_result.hpp"

namespace bench {

/// A result with data in every part. `slower` multiplies its times.
[[nodiscard]] inline run_result example_result(int slower = 1) {
    using namespace std::chrono_literals;
    const time_point start{};
    recorder r(start, 100ms);
    for (int i = 0; i < 2000; ++i) {
        planned_call c;
        c.what = i % 4 == 0 ? endpoint::list_message : endpoint::send_message;
        c.intended = start + i * 1ms;
        c.measured = true;
        outcome o;
        o.attempts = i % 100 == 0 ? 2 : 1;
        o.error = i % 500 == 0 ? "timed_out" : "";
        o.queue = slower * 1us * (i % 7);
        o.first_byte = slower * 80us;
        o.reused = i > 15;
        if (i <= 15) {
            o.dial = slower * 200us;
            o.tls = slower * 1500us;
        }
        r.record(c, c.intended + 10us, c.intended + 10us + slower * (100us + 1us * (i % 400)), o);
    }
    run_result result;
    result.started = "2026-01-31T12:00:00Z";
    result.seconds = 2;
    result.flags = {{"mix", "send-message=3,list-message"}, {"loop", "open"}};
    result.versions = {{"yunhu", "0.1.0"}, {"flags", "-O3 <\"&>"}};
    result.machine = {{"cores", 2}};
    result.sections = r.endpoints();
    result.sections.insert(result.sections.begin(), r.all());
    result.series = points_of(r);
    result.transport = {16, 16, 0, 16, 3, 1};
    result.cost.client_cpu = 0.02;
    result.cost.server_cpu = 0.03;
    result.cost.peak_memory = 12'345'678;
    return result;
}

} // namespace bench
