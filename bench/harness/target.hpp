// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "load.hpp"
#include "recorder.hpp"

#include <functional>

namespace bench {

/// Who makes the calls.
class target {
public:
    virtual ~target() = default;
    /// Starts a call; `done` is called once, on any thread, never from inside.
    virtual void start(const planned_call& call, std::function<void(const outcome&)> done) = 0;
};

} // namespace bench
