// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/chat_timeline.hpp"
#include "engine/event_queue.hpp"
#include "engine/time.hpp"
#include "model/frame.hpp"

#include <yunhu/config.hpp>
#include <yunhu/cursor_store.hpp>
#include <yunhu/event.hpp>
#include <yunhu/types.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// Limits and durations of an account's catch-up.
struct catch_up_options {
    std::string own_id;
    std::vector<chat> follow;         ///< the chats that are heard; empty: all
    std::size_t max_per_chat = 1'000; ///< messages that are caught up or held in a chat
    std::size_t max_total = 10'000;   ///< messages that are caught up or held in all chats
    std::size_t max_events = 1'000;   ///< mark of the queue to the user
    std::size_t max_seen = 16'384;    ///< messages that are remembered by their id
    std::size_t max_chats = 100'000;  ///< chats that are remembered
    std::size_t max_requests = 4;     ///< at a time
    std::uint64_t page_size = 50;     ///< messages per list-message
    bool list_changes = true;         ///< asks for edits and recalls that were missed
    unsigned max_attempts = 6;        ///< of a request, before its chat has a gap
    std::chrono::nanoseconds hole_grace = std::chrono::milliseconds(200); ///< frames in the wrong order arrive within
    std::chrono::nanoseconds backoff_base = std::chrono::seconds(1);
    std::chrono::nanoseconds backoff_max = std::chrono::seconds(30);
};

using gateway::listed_conversation;

/// Gives the events of an account, each once, those of a chat in order, without a gap that is not an event. Pure: each
/// input has the time; no I/O is done, and no clock or randomness is read.
///
/// After every connect the conversations are listed (nothing has changed: one request), then the missed messages of
/// those that moved; meanwhile pushes are held. A hole in a chat's sequence is listed, too, unless it closes within the
/// grace. The same machine goes on over all connections of a session.
///
/// After each input, and after `take`, call `next_request` until there is none. While `wants_frames` is false no frame
/// should be read.
class catch_up_fsm {
public:
    using request_id = std::uint64_t;

    struct request {
        request_id id = 0;
        bool conversations = false; ///< conversation/list with `md5`; else `query` in `chat`
        std::string md5;
        yunhu::chat chat;
        page_query query;
    };

    catch_up_fsm(catch_up_options options, const inbox_cursors& from);

    void connected(time_point now);
    void disconnected();
    /// A frame that carries an event. Others are ignored.
    void pushed(gateway::frame&& frame, time_point now);
    /// A frame that can't be read. Messages are missed by their number; a change may be lost, in any chat: that is a
    /// gap.
    void lost_frame() { report_unreadable(chat()); }
    /// The answer of conversation/list; no chats and the md5 of the request: nothing has changed.
    void on_conversations(request_id id, const std::vector<listed_conversation>& listed, std::string md5,
                          time_point now);
    /// `unreadable`: messages of the page that can't be read; they become a gap.
    void on_page(request_id id, std::vector<message> page, time_point now, std::size_t unreadable = 0);
    /// `transient`: the same request may succeed later.
    void on_failure(request_id id, bool transient, time_point now);
    /// `due()` has passed.
    void timer(time_point now);
    /// The account sends a message with that id: before the request is written.
    void sending(std::string_view msg_id) { events_.register_own(msg_id); }

    [[nodiscard]] std::optional<request> next_request(time_point now);
    [[nodiscard]] std::optional<time_point> due() const noexcept;
    [[nodiscard]] bool has_event() const noexcept { return !events_.empty(); }
    [[nodiscard]] queued_event take() { return events_.take(); }
    /// An event of the session, in its place among the others.
    void report(session_event e) { events_.add(event(std::move(e))); }
    [[nodiscard]] bool wants_frames() const noexcept { return !events_.full(); }

    /// The position in chats without one; 0 before the first answer of conversation/list.
    [[nodiscard]] std::uint64_t since() const noexcept { return since_; }
    /// No request is outstanding or due, and no event waits for another one.
    [[nodiscard]] bool settled() const noexcept;
    [[nodiscard]] std::size_t buffered() const noexcept { return context_.buffered; }
    [[nodiscard]] std::uint64_t duplicates() const noexcept { return events_.duplicates(); }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return events_.dropped(); }
    [[nodiscard]] std::uint64_t gaps() const noexcept { return context_.gaps; }
    [[nodiscard]] std::size_t chats() const noexcept { return chats_.size(); }
    [[nodiscard]] std::size_t queued() const noexcept { return events_.size(); }
    [[nodiscard]] std::size_t running() const noexcept { return requests_.size() + (list_id_ != 0 ? 1 : 0); }
    /// Requests since the start.
    [[nodiscard]] std::uint64_t requested() const noexcept { return last_id_; }

private:
    struct chat_hash {
        std::size_t operator()(const chat& c) const noexcept {
            return std::hash<std::string>()(c.id) * 31U + static_cast<std::size_t>(c.type);
        }
    };
    struct tracked {
        tracked(chat in, chat_position from) : timeline(std::move(in), from) {}

        chat_timeline timeline;
        std::uint64_t listed_time = 0;   ///< of the last list; a round is for it
        std::uint64_t verified_time = 0; ///< of the list whose messages are known
        time_point listed_since;         ///< the first list with that time arrived then
        bool listed_for_good = false;    ///< no more messages can get that time: a round verifies it
        bool cut = false;                ///< when the connection ended, more could get the time of its last message
        unsigned failures = 0;           ///< of the round's request
        bool queued = false;             ///< a request may be sent
        bool moved = false;              ///< the round is for a list, not for a hole
        request_id outstanding = 0;
        time_point due = time_point::max(); ///< of the hole's grace, or of the next attempt
    };
    enum class list_state : std::uint8_t { idle, wanted, outstanding, backing_off };

    [[nodiscard]] bool follows(const chat& in) const;
    [[nodiscard]] tracked* find(const chat& in);
    [[nodiscard]] tracked* find_by_id(const std::string& id);
    [[nodiscard]] tracked& track(const chat& in);
    [[nodiscard]] std::optional<chat> known_chat(const std::string& msg_id);
    void evict();

    void report_unreadable(const chat& in);
    void route(gateway::pushed_message&& pushed, time_point now);
    void place(const chat& in, gateway::pushed_message&& pushed, time_point now);
    [[nodiscard]] chat resolve(const gateway::pushed_message& pushed);
    void route(gateway::pushed_delta pushed, time_point now);
    void route(gateway::pushed_draft pushed);
    void route_board(board_event board);
    void release_unplaced(time_point now);
    [[nodiscard]] bool may_list_more() const noexcept;

    void note_listed(tracked& t, std::uint64_t time, std::uint64_t newest_listed, time_point now) const;
    void look_again(time_point now);
    void mark_cut();
    static void judge(tracked& t);
    [[nodiscard]] static bool has_moved(const tracked& t);
    void verify_all(time_point now);
    void fall_back(time_point now);
    void look_at(tracked& t, time_point now);
    void enqueue(tracked& t);
    void end_request(tracked& t, bool round_ended, time_point now);
    void set_due(tracked& t, time_point at);
    [[nodiscard]] std::chrono::nanoseconds pause(unsigned failures) const;

    catch_up_options options_;
    event_queue events_;
    timeline_context context_;
    std::unordered_map<chat, tracked, chat_hash> chats_;
    std::deque<chat> queue_; ///< chats whose request may be sent
    std::unordered_map<request_id, chat> requests_;
    std::set<std::pair<time_point, tracked*>> timers_;
    struct unplaced {
        time_point due; ///< its message was not pushed within the grace
        gateway::pushed_message pushed;
    };
    std::deque<unplaced> unplaced_; ///< changes whose chat may become known

    bool connected_ = false; ///< logged in
    list_state list_ = list_state::idle;
    request_id list_id_ = 0;
    unsigned list_failures_ = 0;
    time_point list_due_ = time_point::max();
    time_point list_sent_;
    std::string md5_;
    request_id last_id_ = 0;
    std::uint64_t since_ = 0;
};

} // namespace engine
YUNHU_NAMESPACE_END
