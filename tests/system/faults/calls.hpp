// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "client_fixture.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Helpers of several fault tests.
namespace yunhu::test {

/// One attempt: no retry hides a failure.
inline call_options once() {
    call_options options;
    options.max_attempts = 1;
    return options;
}

inline call_options within(std::chrono::nanoseconds time, std::optional<unsigned> attempts = std::nullopt) {
    call_options options(time);
    options.max_attempts = attempts;
    return options;
}

/// Whether a non-idempotent call failed with outcome_unknown because of `cause`.
inline ::testing::AssertionResult unknown(const call_result& call, error_code cause) {
    if (auto result = failed(call, errc::outcome_unknown, delivery::maybe_sent); !result) {
        return result;
    }
    if (call.cause != cause) {
        return ::testing::AssertionFailure() << call << "; its cause is " << call.cause << " instead of " << cause;
    }
    return ::testing::AssertionSuccess();
}

/// `renews` for a connection that the server has reset: the server can't observe that the client closes it.
inline ::testing::AssertionResult renews_after_loss(client_fixture& f) {
    if (!f.run_until([&f] { return f.client().stats().connections == 0; })) {
        return ::testing::AssertionFailure() << "a dead connection was kept";
    }
    const std::size_t before = f.server.accepted();
    ::testing::AssertionResult went_well = f.follow_up();
    if (went_well && f.server.accepted() != before + 1) {
        return ::testing::AssertionFailure() << f.server.accepted() - before << " new connections";
    }
    return went_well;
}

/// Sends a text of `size` bytes.
inline call_result send_text(client_fixture& f, std::string id, std::size_t size) {
    std::optional<call_result> end;
    f.client().send_message({group("big"), text(std::string(size, 'x')), std::move(id)}, once(),
                            [&end](error_code code, sent_message sent) { end.emplace(code, std::move(sent)); });
    if (!f.run_until([&end] { return end.has_value(); })) {
        throw std::runtime_error("the call hangs");
    }
    return *end;
}

/// Opens `connections` connections and leaves them idle.
inline void open_idle(client_fixture& f, std::size_t connections) {
    std::vector<pending_call> calls;
    const std::string together = "open-idle";
    for (std::size_t i = 0; i < connections; ++i) {
        f.server.next_response({steps::gate(together), steps::response_ok()});
        calls.push_back(f.start_read("idle-" + std::to_string(i)));
    }
    ASSERT_TRUE(f.run_until_gate(together, connections));
    f.server.open_gate(together);
    for (const pending_call& call : calls) {
        ASSERT_TRUE(ok(f.wait(call)));
    }
}

} // namespace yunhu::test
