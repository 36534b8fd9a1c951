// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "record.hpp"

#include <yunhu/client.hpp>
#include <yunhu/cursor_store.hpp>
#include <yunhu/inbox.hpp>
#include <yunhu/testing/emulator.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace yunhu::inbox_soak {

/// Cursors that outlive an inbox.
class memory_store final : public cursor_store {
public:
    result<inbox_cursors> load() override {
        const std::lock_guard lock(mutex_);
        crashed_ = false;
        return saved_;
    }
    result<void> save(const inbox_cursors& cursors) override {
        const std::lock_guard lock(mutex_);
        if (!crashed_) {
            saved_ = cursors;
        }
        return {};
    }
    /// Nothing is saved until the next load: a killed program does not save what its end would.
    void crash() {
        const std::lock_guard lock(mutex_);
        crashed_ = true;
    }

private:
    bool crashed_ = false;
    std::mutex mutex_;
    inbox_cursors saved_;
};

/// An account that hears everything and writes it into the record.
class listener {
public:
    listener(const testing::emulator& server, record& into);

    /// Runs what is ready.
    void poll();
    void run_for(std::chrono::milliseconds time);
    /// Runs until the condition is true; false: nothing was heard for too long.
    [[nodiscard]] bool run_until(const std::function<bool()>& condition);
    /// Ends the inbox as a crash does, and begins a new one.
    void restart();
    [[nodiscard]] inbox_stats stats() const; ///< of all lives

private:
    void begin();
    void hear(std::size_t life);

    record& record_;
    boost::asio::io_context context_;
    client client_;
    inbox_options options_;
    std::shared_ptr<memory_store> store_;
    std::optional<inbox> inbox_;
    std::size_t life_ = 0;
    inbox_stats before_;
    std::chrono::steady_clock::time_point last_event_ = std::chrono::steady_clock::now();
};

} // namespace yunhu::inbox_soak
