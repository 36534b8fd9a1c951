// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/catch_up_fsm.hpp"
#include "engine/cursor_book.hpp"
#include "engine/session_fsm.hpp"
#include "features/inbox/cursor_saver.hpp"
#include "features/inbox/taken_events.hpp"
#include "model/frame.hpp"
#include "runtime/client_core.hpp"
#include "runtime/context_service.hpp"
#include "transport/inline_strand.hpp"
#include "transport/websocket.hpp"

#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/inbox.hpp>

#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// An inbox at work: applies the actions of the session's machine and of the catch-up's. I/O is done on the strand.
/// What `next` needs is locked, not on the strand, so that an event that is there costs no hop.
///
/// Whatever throws in the middle of an event ends the inbox (`failure_`): none is lost silently, as a new one begins at
/// the saved cursors.
class inbox_core final : public transport::websocket_owner,
                         public context_member,
                         public send_listener,
                         public std::enable_shared_from_this<inbox_core> {
public:
    [[nodiscard]] static std::shared_ptr<inbox_core> make(client through, inbox_options options);
    inbox_core(client through, inbox_options options);
    ~inbox_core() override = default;

    // From any thread:
    /// Connects, once.
    void start();
    enum class availability : std::uint8_t { none, taken, ended, failed };
    /// The result of `next`, if it is available without waiting: an event, the end, or `failure`.
    [[nodiscard]] availability try_next(std::optional<event>& into, failure& why);
    /// Acknowledges what `next` returned before, if that is the user's wish.
    void acknowledge_taken();
    void acknowledge(const event& done);
    /// Invokes the handler once `try_next` may have a result. One at a time.
    template <class Handler> void wait(Handler&& handler);
    void sending(std::string_view msg_id) override;
    void begin_stop();
    /// Absent: it has not ended yet.
    [[nodiscard]] std::optional<result<void>> stopped() const;
    template <class Handler> void wait_stopped(Handler&& handler);
    /// The handle is destroyed.
    void close() noexcept;
    [[nodiscard]] inbox_stats stats() const;
    [[nodiscard]] const asio::any_io_executor& executor() const noexcept { return strand_->inner_executor(); }
    [[nodiscard]] const inbox_options& options() const noexcept { return options_; }

    // context_member
    [[nodiscard]] transport::inline_strand& strand() const noexcept override { return *strand_; }
    void abandon() override;
    void leave_connections_to_parent() override;

private:
    using request = engine::catch_up_fsm::request;
    template <class Function> void run(Function function) noexcept;
    template <class Function> void enter(Function function);

    // transport::websocket_owner
    void on_open(transport::websocket& of) override;
    bool on_message(transport::websocket& of, std::span<const std::byte> bytes, bool text) override;
    void on_end(transport::websocket& of, const transport::websocket_end& why) override;

    // the session, on the strand
    void begin();
    void leave() noexcept;
    void act(engine::session_fsm::action next);
    void log_in();
    void announce();
    void drop();
    void refuse();
    void renew_token();
    void on_renewed(std::exception_ptr thrown, secret renewed);
    void on_rejection(const gateway::rejection& why);
    void send(secret_bytes text);
    void close_connection(bool politely) noexcept;

    // what was missed, on the strand
    void pump(bool may_read = true);
    void start_request(request wanted);
    template <class Result, class Use> [[nodiscard]] auto answer_to(std::uint64_t id, Use use);
    void on_failed_request(std::uint64_t id, const error_code& ec, const call_info& details);
    void arm_timer(std::optional<engine::time_point> catch_up_due);
    void on_timer();

    // cursors
    [[nodiscard]] bool save_wanted();
    template <class Take> void acknowledge_by(Take take);
    void poke();
    void save_if_due(bool now_or_never);
    void on_saved(const result<void>& saved);
    void end_stop(const result<void>& how);

    void fail(failure why) noexcept;
    void fail_by_exception() noexcept;
    void report(session_event e);
    void notify();
    [[nodiscard]] bool ready() const noexcept;
    [[nodiscard]] double jitter() { return std::uniform_real_distribution<double>()(random_); }
    [[nodiscard]] static engine::time_point now() { return engine::clock::now(); }

    // constant
    inbox_options options_;
    std::shared_ptr<transport::inline_strand> strand_;
    std::shared_ptr<const transport::websocket_settings> gateway_;

    // on the strand
    client client_;
    engine::session_fsm session_;
    std::shared_ptr<transport::websocket> socket_;
    session_event why_; ///< what is known of the end or the rejection that is being handled
    transport::timer timer_;
    std::optional<engine::time_point> armed_for_;
    engine::time_point renew_due_ = engine::time_point::max();
    bool renewing_ = false;
    engine::time_point last_save_;
    bool save_running_ = false;
    std::uint64_t last_seq_ = 0;
    std::minstd_rand random_;
    bool left_ = false; ///< nothing is done any more

    mutable std::mutex mutex_;
    // locked
    std::optional<engine::catch_up_fsm> catch_up_;
    std::optional<engine::cursor_book> book_;
    taken_events taken_;
    std::vector<std::string> own_before_start_;
    std::optional<failure> failure_;
    std::optional<result<void>> stopped_;
    inbox_stats numbers_;
    std::optional<engine::time_point> waiting_since_; ///< events wait for `next`
    bool started_ = false;
    bool stopping_ = false;
    bool closed_ = false;
    bool waiting_ = false;
    bool save_scheduled_ = false;
    transport::timer wake_;         ///< its waiter is `next`
    transport::timer stopped_wake_; ///< its waiter is `async_stop`

    cursor_saver saver_; ///< last: its thread ends first
};

// A type-erased handler would have no executor when it is out of memory, and Asio's timer would use it.
template <class Handler> void inbox_core::wait(Handler&& handler) {
    const std::lock_guard lock(mutex_);
    using expiry = transport::timer::time_point;
    wake_.expires_at(ready() ? expiry::min() : expiry::max());
    waiting_ = true;
    wake_.async_wait(std::forward<Handler>(handler));
}

template <class Handler> void inbox_core::wait_stopped(Handler&& handler) {
    const std::lock_guard lock(mutex_);
    using expiry = transport::timer::time_point;
    stopped_wake_.expires_at(stopped_ || closed_ || failure_ ? expiry::min() : expiry::max());
    stopped_wake_.async_wait(std::forward<Handler>(handler));
}

} // namespace detail
YUNHU_NAMESPACE_END
