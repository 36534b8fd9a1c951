// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/inline_strand.hpp"

#include <yunhu/config.hpp>
#include <yunhu/cursor_store.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <memory>
#include <optional>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Saves cursors off the caller's thread, since a disk may be slow: on an executor of the user's, or on a thread of its
/// own, which is started with the first save. The destructor waits for that thread.
class cursor_saver {
public:
    /// `store` may be null: there is nothing to save then.
    cursor_saver(std::shared_ptr<cursor_store> store, const std::optional<boost::asio::any_io_executor>& on)
        : store_(std::move(store)) {
        if (on) {
            executor_ = transport::make_strand(*on); // one call of the store at a time
        }
    }
    cursor_saver(const cursor_saver&) = delete;
    cursor_saver& operator=(const cursor_saver&) = delete;
    ~cursor_saver();

    [[nodiscard]] bool enabled() const noexcept { return store_ != nullptr && !inherited_; }
    /// On the caller's thread; empty cursors without a store.
    [[nodiscard]] result<inbox_cursors> load() const;
    /// `saved` is called on the thread that saves.
    void save(inbox_cursors cursors, std::function<void(result<void>)> saved);
    /// The last call but for a second one: returns when all has been saved, unless the executor is the user's.
    void finish() noexcept;
    /// This process is a fork: the thread is the parent's.
    void leave_to_parent() noexcept {
        (void)thread_.release();
        inherited_ = true;
    }

private:
    std::shared_ptr<cursor_store> store_;
    std::optional<boost::asio::any_io_executor> executor_;
    std::unique_ptr<boost::asio::thread_pool> thread_;
    bool inherited_ = false;
};

} // namespace detail
YUNHU_NAMESPACE_END
