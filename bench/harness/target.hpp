// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "load.hpp"
#include "recorder.hpp"

#include <functional>

namespace bench {

/// Starts calls on behalf of the driver.
class target {
public:
    virtual ~target() = default;
    /// Starts a call; `done` is called once, on any thread, never from within `start`.
    virtual void start(const planned_call& call, std::function<void(const outcome&)> done) = 0;
};

} // namespace bench
