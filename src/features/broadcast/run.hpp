// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/broadcast/journal_file.hpp"
#include "features/broadcast/journal_state.hpp"
#include "features/broadcast/monitor.hpp"

#include <yunhu/broadcast.hpp>
#include <yunhu/config.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/strand.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A broadcast that runs. Everything on its strand but the constructor, `begin` and `cancel`.
class broadcast_run : public std::enable_shared_from_this<broadcast_run> {
public:
    broadcast_run(client through, draft what, broadcast_targets to, broadcast_options options, broadcast_done done);
    broadcast_run(const broadcast_run&) = delete;
    broadcast_run& operator=(const broadcast_run&) = delete;
    ~broadcast_run() = default;

    void begin();
    void cancel(boost::asio::cancellation_type type);

private:
    /// A target that something is being done about.
    struct target {
        enum class next : std::uint8_t { send, look_up };

        target(std::uint64_t number, chat where, std::string id, next first)
            : index(number), to(std::move(where)), msg_id(std::move(id)), todo(first) {}

        std::uint64_t index;
        chat to;
        std::string msg_id;
        next todo;
        bool resent = false;
        std::optional<failure> doubt; ///< how its send ended
        boost::asio::cancellation_signal cancelled;
    };
    using place = std::list<target>::iterator;

    void open();
    void check_list() const;
    void fill();
    void take(std::uint64_t index, const chat& to);
    void go_on(std::uint64_t index, const chat& to, journal_state::last was);
    void enter(std::uint64_t index, const chat& to, std::string msg_id, target::next todo);
    void prepare(place at);
    void pump();
    void pump_soon();
    void send(place at);
    void look_up(place at);
    void sent(place at, const error_code& ec, sent_message response);
    void lookups(place at, const error_code& ec, const message_page& page);
    void settle(place at, broadcast_state state, std::optional<failure> problem = std::nullopt,
                std::string reason = {});
    void leave(place at, bool released);
    void tell(const broadcast_outcome& outcome);
    void count(const broadcast_outcome& outcome);
    void end(broadcast_end how, std::optional<failure> why = std::nullopt);
    void complete(result<broadcast_summary> r);
    [[nodiscard]] std::optional<std::string> fault_of(const chat& to, std::uint64_t index) const;

    client through_;
    draft what_;
    broadcast_targets to_;
    broadcast_options options_;
    broadcast_monitor monitor_;
    broadcast_monitor::shared& numbers_;
    boost::asio::strand<boost::asio::any_io_executor> strand_;
    std::optional<broadcast_done> done_;
    std::optional<boost::asio::any_completion_executor> work_; ///< where `done_` runs

    journal_file journal_;
    journal_state earlier_;
    boost::unordered_flat_set<std::uint64_t> seen_; ///< hashes of targets
    std::uint64_t next_index_ = 0;
    bool no_more_ = false; ///< targets
    std::list<target> under_way_;
    std::vector<place> ready_; ///< to start when the journal says so
    bool pump_posted_ = false;
    bool at_once_ = false; ///< it ends
    std::uint64_t failed_in_a_row_ = 0;
    std::optional<broadcast_end> ending_;
    std::optional<failure> why_;
};

} // namespace detail
YUNHU_NAMESPACE_END
