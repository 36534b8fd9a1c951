// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/handlers.hpp"
#include "testing/http_text.hpp"

#include <yunhu/config.hpp>
#include <yunhu/testing/emulator.hpp>

#include <chrono>
#include <cstdint>
#include <string>

// A response as actions of a connection, with and without a fault.
YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// The action of the connection for a request: send bytes, then continue.
struct connection_action {
    enum class then : std::uint8_t {
        read_next, ///< reads the next request
        shut_down, ///< closes TLS, then TCP
        close,     ///< closes TCP without a close_notify
        reset,     ///< closes with a TCP reset
        stall,     ///< sends nothing more
        upgrade,   ///< becomes a session of the gateway
    };

    std::chrono::milliseconds delay{0}; ///< before the bytes are sent
    std::string bytes;                  ///< may be empty
    then after = then::read_next;
};

/// The properties of a response that its request determines.
struct response_form {
    bool close = false;
    body_presence body = body_presence::sent;
};

[[nodiscard]] connection_action normal_action(const response& result, response_form form);
[[nodiscard]] connection_action faulty_action(const fault& f, const response& result, response_form form);

/// Whether the request is executed although the fault changes its response.
[[nodiscard]] bool executes_first(const fault& f);
/// The HTTP status in the response, or 0 without one.
[[nodiscard]] int visible_status(const fault* f, const response& result);

} // namespace testing::detail
YUNHU_NAMESPACE_END
