// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/asio_types.hpp"

#include <yunhu/config.hpp>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// Beside a wait in a coroutine, for a timer that may outlive its execution context: the context destroys the coroutine
/// while its services are still there, and a timer without waits does not touch them any more.
class cancel_on_exit {
public:
    explicit cancel_on_exit(timer& of) noexcept : timer_(of) {}
    cancel_on_exit(const cancel_on_exit&) = delete;
    cancel_on_exit& operator=(const cancel_on_exit&) = delete;
    ~cancel_on_exit() {
        try {
            timer_.cancel();
        } catch (...) { // NOLINT(bugprone-empty-catch): Asio cancels without an exception
        }
    }

private:
    timer& timer_;
};

} // namespace transport
YUNHU_NAMESPACE_END
