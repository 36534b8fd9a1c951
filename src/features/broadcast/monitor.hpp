// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/broadcast.hpp>
#include <yunhu/config.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>

YUNHU_NAMESPACE_BEGIN

/// Counters, written on the broadcast's strand and read by any thread.
struct broadcast_monitor::shared {
    static constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();

    std::atomic<std::uint64_t> total{none};
    std::atomic<std::uint64_t> sent{0}, failed{0}, unknown{0}, duplicates{0}, earlier{0}, in_flight{0}, requests{0},
        lookups{0};
    std::atomic<std::chrono::steady_clock::rep> began{0};        ///< 0: not yet
    std::atomic<std::chrono::steady_clock::rep> ended{0};        ///< 0: not yet
    std::atomic<std::chrono::steady_clock::rep> paused_until{0}; ///< 0: never
    std::atomic<bool> stop{false};

    std::mutex mutex;
    std::function<void()> on_stop; ///< wakes the broadcast, which may be in a pause; posts only
};

namespace detail {

void fill(broadcast_progress& into, const broadcast_monitor::shared& from) noexcept;

} // namespace detail

/// Gives the library access to a monitor's counters.
class broadcast_access {
public:
    [[nodiscard]] static const std::shared_ptr<broadcast_monitor::shared>& of(const broadcast_monitor& m) noexcept {
        return m.shared_;
    }
};

YUNHU_NAMESPACE_END
