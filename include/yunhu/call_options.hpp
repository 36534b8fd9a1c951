// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/trace_context.hpp>

#include <chrono>
#include <optional>

YUNHU_NAMESPACE_BEGIN

/// How one call may differ from the client's defaults.
struct call_options {
    call_options() = default;
    /// Bounds the whole call: queueing, dialling, attempts and pauses. 0 or less: it has already passed.
    explicit call_options(std::chrono::nanoseconds whole_call) : timeout(whole_call) {}

    /// From the call's start; absent: the endpoint's default, else the client's.
    std::optional<std::chrono::nanoseconds> timeout;
    /// Attempts at the most, the first one included; absent: the client's default. 1 turns retries off, but
    /// for the move to a new connection of a request that never left a dead one (`retry_config::max_attempts`).
    std::optional<unsigned> max_attempts;
    /// Allows an idempotent call (edit, recall, recall-batch, delete) to be repeated although it may have arrived.
    /// Non-idempotent calls (send, forward, button report, download record) ignore it.
    bool retry_maybe_sent = false;
    /// Position in a distributed trace: sent as the header `traceparent` and passed to the client's observer. Empty: no
    /// header. Invalid: the call ends with `errc::invalid_request`.
    trace_context traceparent;
};

YUNHU_NAMESPACE_END
