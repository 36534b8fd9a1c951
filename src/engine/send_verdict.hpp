// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <cstdint>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// What an outbox's worker does after a send that failed. Pure.
struct send_verdict {
    enum class message : std::uint8_t {
        sent,    ///< it was executed: only the rest of the response can't be used
        failed,  ///< the service will never take it
        release, ///< it certainly was not executed: later, by any worker
        look_up, ///< it may have been executed
    };
    enum class next : std::uint8_t {
        go_on,
        pause,      ///< trouble of network or server: this worker waits
        pause_lane, ///< the service asks for fewer requests: every worker of the account waits
        end,        ///< every further send would fail in the same way
    };

    message of_message{};
    next of_worker{};
};

[[nodiscard]] send_verdict verdict_of(const failure& f) noexcept;

} // namespace engine
YUNHU_NAMESPACE_END
