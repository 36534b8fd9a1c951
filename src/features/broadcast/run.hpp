// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/time.hpp"
#include "features/broadcast/chat_hash.hpp"
#include "features/broadcast/journal_file.hpp"
#include "features/broadcast/journal_state.hpp"
#include "features/broadcast/monitor.hpp"
#include "features/broadcast/outcome_log.hpp"
#include "features/broadcast/pace.hpp"
#include "runtime/guarded_handler.hpp"

#include <yunhu/broadcast.hpp>
#include <yunhu/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A running broadcast. All members but the constructor, `begin` and `cancel` run on its strand.
class broadcast_run : public std::enable_shared_from_this<broadcast_run> {
public:
    broadcast_run(client through, draft what, broadcast_targets to, broadcast_options options, broadcast_handler done);
    broadcast_run(const broadcast_run&) = delete;
    broadcast_run& operator=(const broadcast_run&) = delete;
    ~broadcast_run() = default;

    void begin();
    void cancel(boost::asio::cancellation_type type);

private:
    /// A target in flight: its send or its look-up.
    struct target {
        enum class step : std::uint8_t { send, look_up };

        target(std::uint64_t number, chat where, std::string id, step first)
            : index(number), to(std::move(where)), msg_id(std::move(id)), operation(first) {}

        std::uint64_t index;
        chat to;
        std::string msg_id;
        step operation;
        bool resent = false;
        std::optional<failure> send_failure; ///< of its send, when a look-up follows
        target_trouble trouble;              ///< of its look-ups
        boost::asio::cancellation_signal cancelled;
    };
    using iterator = std::list<target>::iterator;

    void open();
    void validate_list() const;
    void fill();
    void process_target(std::uint64_t index, const chat& to);
    void resume(std::uint64_t index, const chat& to, journal_state::last was);
    void admit(std::uint64_t index, const chat& to, std::string msg_id, target::step operation);
    void pump();
    void schedule_pump();
    void start_waiting();
    void start(iterator at);
    void wait_for_pause(engine::time_point now);
    [[nodiscard]] bool may_start(engine::time_point now) const noexcept;
    [[nodiscard]] std::size_t most_in_flight() const noexcept;
    void send(iterator at);
    void look_up(iterator at);
    void on_sent(iterator at, const error_code& ec, sent_message response);
    void on_lookup(iterator at, const error_code& ec, const message_page& page);
    void on_listed(iterator at, const message_page& page);
    void on_trouble(const failure& f);
    void on_too_many_failures(const broadcast_outcome& last);
    void retry_later(iterator at, bool released);
    void finish(iterator at, broadcast_state state, std::optional<failure> problem = std::nullopt,
                std::string reason = {});
    void drop(iterator at, bool released);
    void release(std::uint64_t index);
    void report(const broadcast_outcome& outcome);
    void release_held();
    void check_callback();
    void end(broadcast_end how, std::optional<failure> why = std::nullopt);
    void finish_run();

    client through_;
    draft what_;
    broadcast_targets to_;
    broadcast_options options_;
    broadcast_monitor monitor_;
    broadcast_monitor::shared& counters_;
    boost::asio::any_io_executor strand_;
    boost::asio::steady_timer timer_; ///< of a pause
    guarded_handler<error_code, broadcast_summary> done_;

    journal_file journal_;
    journal_state previous_;
    chat_hash hash_;
    boost::unordered_flat_set<std::uint64_t> seen_; ///< hashes of the targets so far
    std::uint64_t next_index_ = 0;
    bool targets_exhausted_ = false;
    std::list<target> in_flight_;
    std::deque<iterator> waiting_; ///< to start when the pace allows it
    std::vector<iterator> ready_;  ///< to start once the journal is written
    std::size_t running_ = 0;      ///< calls in flight, and those in `ready_`
    outcome_log log_;
    pace pace_;
    bool pump_posted_ = false;
    bool abort_ = false; ///< in-flight requests are cancelled, none is started
    std::optional<broadcast_end> ending_;
    std::optional<failure> why_;
};

} // namespace detail
YUNHU_NAMESPACE_END
