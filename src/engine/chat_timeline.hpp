// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/event_queue.hpp"
#include "model/frame.hpp"

#include <yunhu/config.hpp>
#include <yunhu/event.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// What the timelines of an account share.
struct timeline_context {
    timeline_context(event_queue& to, std::size_t most_per_chat, std::size_t most_in_total)
        : events(to), max_per_chat(most_per_chat), max_total(most_in_total) {}

    event_queue& events;
    std::size_t max_per_chat; ///< messages that a chat may buffer
    std::size_t max_total;    ///< messages that all chats may buffer; pushes take half of it at most
    std::size_t buffered = 0; ///< messages that they do
    std::uint64_t gaps = 0;
    bool list_changes = true; ///< the service lists changes by their time
    unsigned empty_holes = 0; ///< holes in a row in which the service lists nothing
    std::uint64_t page_size = 50;
    std::uint64_t changes_size = 100; ///< changes that are asked for, besides the new messages

    /// Numbers of messages are not dense here: a hole says nothing, and is not looked into.
    [[nodiscard]] bool sparse() const noexcept { return empty_holes >= 8; }
};

/// A request for messages of a chat.
struct page_query {
    enum class kind : std::uint8_t {
        by_seq,  ///< list-message-by-seq: after `seq`; 0: the newest
        before,  ///< list-message: `count` before `msg_id`
        changes, ///< list-message-by-update: `count` of those sent, edited or recalled after `time`
    };

    kind what{};
    std::uint64_t seq = 0;
    std::uint64_t time = 0;
    std::uint64_t count = 0;
    std::string msg_id;
};

/// The events of one chat, in order. Pure: no I/O, no clock.
///
/// A message is delivered when the one before it was. Pushes that can't be delivered yet are held: until it is known
/// what was missed (`unverified`), while the missed messages are listed (`listing`), or behind a hole in the sequence.
/// A round of requests lists the messages after the position; what the service lists closes the holes. A change is
/// delivered after the message that it changes.
///
/// Bounded: beyond the limits the oldest missed messages become a `gap_event`, and pushes are left to the next round.
class chat_timeline {
public:
    enum class state : std::uint8_t { unverified, live, listing };

    chat_timeline(yunhu::chat in, chat_position from)
        : chat_(std::move(in)), position_(from), known_until_(from.time) {}

    // Pushes.
    void push(gateway::pushed_message&& pushed, timeline_context& c);
    void push(gateway::pushed_delta pushed, timeline_context& c);

    /// The connection is a new one: it is not known what was missed.
    void invalidate() noexcept;
    /// Nothing was missed.
    void verify(timeline_context& c);
    /// Of a chat without messages so far: the position is that time.
    void set_start(std::uint64_t time) noexcept;

    /// Starts to list what was missed. `review`: changes of older messages, too.
    void begin_round(bool review);
    /// The request of the round.
    [[nodiscard]] page_query query(const timeline_context& c) const;
    /// The answer; true: the round has ended.
    [[nodiscard]] bool on_page(std::vector<message> page, timeline_context& c);
    /// The request failed for good; true: the round has ended.
    [[nodiscard]] bool on_failure(gap_reason why, timeline_context& c);

    [[nodiscard]] state now_in() const noexcept { return state_; }
    [[nodiscard]] const yunhu::chat& chat() const noexcept { return chat_; }
    [[nodiscard]] const chat_position& now_at() const noexcept { return position_; }
    /// All messages and changes up to that time were delivered or are held. Later ones of `now_at` may follow missed
    /// ones.
    [[nodiscard]] std::uint64_t known_until() const noexcept { return saved_position().time; }
    /// Events wait for earlier ones: a round is needed, unless they arrive.
    [[nodiscard]] bool has_hole() const noexcept { return state_ == state::live && !held_.empty(); }
    /// Pushes were left to the next round, or arrived while it was not known whether the round has them.
    [[nodiscard]] bool needs_round() const noexcept { return dirty_; }
    /// Rounds in a row that did not close the hole.
    [[nodiscard]] unsigned failed_checks() const noexcept { return failed_checks_; }
    [[nodiscard]] bool idle() const noexcept { return state_ != state::listing && held_.empty() && !dirty_; }

private:
    /// A pushed message or change that waits, in the order of delivery.
    struct held {
        std::uint64_t key = 0; ///< the number of the message that it is, or changes
        gateway::pushed_message pushed;

        [[nodiscard]] bool is_message() const noexcept { return pushed.what == gateway::pushed_message::kind::message; }
    };
    struct range {
        std::uint64_t from = 0;
        std::uint64_t to = 0;
    };

    [[nodiscard]] bool is_old(const message& m) const noexcept;
    [[nodiscard]] bool may_deliver(std::uint64_t key, bool is_message, const timeline_context& c) const noexcept;
    [[nodiscard]] const held* held_message(std::string_view msg_id) const;
    void note_push(const message& m) noexcept;
    void set_verified() noexcept;
    void hold(gateway::pushed_message&& pushed, timeline_context& c);
    void insert(held h);
    void assign_keys(const std::function<std::uint64_t(const std::string&)>& number_of);
    void on_old_message(const message& m, timeline_context& c);
    void deliver(message&& m, timeline_context& c);
    void deliver_first(timeline_context& c);
    void settle(timeline_context& c);
    void release_deltas(timeline_context& c);
    void close_hole(timeline_context& c);

    void absorb(std::vector<message>& page, timeline_context& c);
    [[nodiscard]] bool advance_round(bool page_was_empty, std::uint64_t lowest_before, timeline_context& c);
    [[nodiscard]] const message* lowest_found(std::uint64_t above = 0) const;
    [[nodiscard]] bool try_other_anchor();
    [[nodiscard]] bool lists_all_changes(std::size_t listed, const timeline_context& c) const noexcept;
    [[nodiscard]] bool end_listing(timeline_context& c);
    void end_round(timeline_context& c);
    void merge(timeline_context& c);
    void report_gap(std::uint64_t from, std::uint64_t to, gap_reason why, timeline_context& c);
    void give_up_below(std::uint64_t to, gap_reason why);
    [[nodiscard]] bool report_missing(std::uint64_t next, timeline_context& c);
    void skip_to(std::uint64_t seq) noexcept;
    [[nodiscard]] chat_position saved_position() const noexcept;
    [[nodiscard]] std::uint64_t first_wanted() const noexcept { return position_.seq + 1; }

    yunhu::chat chat_;
    chat_position position_;
    state state_ = state::unverified;
    bool verified_ = false;          ///< since the last connect nothing was missed, or all that was is known
    std::uint64_t known_until_;      ///< changes up to that time are known
    std::uint64_t pushed_until_ = 0; ///< the latest time of a push since the last connect
    bool dirty_ = false;
    std::vector<held> held_;
    std::vector<gateway::pushed_delta> held_deltas_;
    std::vector<range> skipped_; ///< numbers that no message had when they were passed

    // Of the round.
    struct round {
        round(); // out of line: clang needs it before the members' initial values are known

        page_query::kind step{};
        bool review = false;
        bool saw_old = false;           ///< a message at or below the position: there is no hole
        bool tried_other = false;       ///< another anchor, for this page
        std::uint64_t listed_until = 0; ///< the latest time on the first page
        std::uint64_t from = 0;         ///< the first number that is wanted; 0: unknown
        std::uint64_t since = 0;        ///< changes after that time are new
        std::uint64_t hole_to = 0;      ///< the first held number, or 0
        bool hole_filled = false;
        bool gave_up = false;
        std::optional<range> missing; ///< numbers that the round can't list; `to` is 0 if unknown
        gap_reason why{};             ///< they are missing
        std::vector<message> found;   ///< above the position
        std::vector<message> changed; ///< below it
        std::string anchor;
    };
    std::optional<round> round_;
    unsigned failed_checks_ = 0;
};

} // namespace engine
YUNHU_NAMESPACE_END
