// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/history/page_plan.hpp"

#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/history.hpp>
#include <yunhu/results.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/strand.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

class page_fetch;

/// What a walk and the request that is on its way for it share: the messages at hand and the way. Thread-safe.
class walk_state : public std::enable_shared_from_this<walk_state> {
public:
    using waiter = asio::any_completion_handler<void()>;

    walk_state(client from, chat in, const history_options& options);

    /// What `next` has to say now; absent: it has to wait.
    [[nodiscard]] std::optional<result<std::optional<message>>> take();
    /// Forgets a failure that nobody has taken, as its waiter was cancelled.
    void forget_failure();
    /// Posts `ready` to `where` when there may be something to take. Fetches what is not at hand.
    void wait(waiter ready, const asio::any_io_executor& where);
    /// Cancels the request that is on its way.
    void close();
    [[nodiscard]] history_cursor cursor() const;

private:
    friend class page_fetch;

    [[nodiscard]] bool at_hand() const noexcept { return !current_.empty() || failed_ || ended_ || closed_; }
    std::shared_ptr<page_fetch> begin_fetch();
    void prefetch();

    client client_;
    const chat chat_;
    const history_options options_;
    asio::strand<asio::any_io_executor> strand_; // requests begin and end here, and are cancelled here

    mutable std::mutex mutex_;
    route route_;
    std::deque<message> current_; // what the caller works on
    std::deque<message> ahead_;
    std::optional<failure> failed_;
    bool ended_ = false; // told once
    bool closed_ = false;
    history_cursor cursor_;
    std::weak_ptr<page_fetch> running_; // owned by its request's handler alone, so that it goes with the executor
};

/// Requests, one after the other, until there is a page to deliver. At most one a walk.
class page_fetch : public std::enable_shared_from_this<page_fetch> {
public:
    explicit page_fetch(std::shared_ptr<walk_state> walk) : walk_(std::move(walk)) {}

    /// On the strand.
    void run();
    void stop();

    // under the walk's lock
    struct waiting {
        asio::any_io_executor where; // counts as work
        walk_state::waiter ready;
    };
    void set_waiter(walk_state::waiter ready, const asio::any_io_executor& where);
    [[nodiscard]] bool has_waiter() const noexcept { return waiter_ != nullptr; }
    void wake(); // does not run it inside

    /// Wakes the waiter, who was cancelled; the request goes on.
    void leave();

private:
    void on_page(error_code ec, message_page page);
    void fail(failure why);
    void finish();

    std::shared_ptr<walk_state> walk_;
    asio::cancellation_signal cancel_;
    bool stopped_ = false; // on the strand
    std::unique_ptr<waiting> waiter_;
};

} // namespace detail
YUNHU_NAMESPACE_END
