// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/seen_messages.hpp"
#include "model/frame.hpp"

#include <yunhu/config.hpp>
#include <yunhu/event.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// Position in a chat: events up to here were delivered, by number or, if it is 0, by time.
struct chat_position {
    std::uint64_t seq = 0;
    std::uint64_t time = 0; ///< ms since the epoch
};

/// An event, and the position in its chat once it was taken; `seq` is 0 if it does not move that.
struct queued_event {
    event value;
    chat_position at;
};

/// Events on their way to the user, each once: a message by its id, a change by its id and time. The queue's bound is a
/// mark: above it no frame is read and no page requested, so that nothing has to be dropped but deltas and drafts,
/// whose bound is half of it.
class event_queue {
public:
    event_queue(std::string own_id, std::size_t max_events, std::size_t max_seen)
        : own_id_(std::move(own_id)), max_events_(max_events), seen_(max_seen) {}

    /// A message that was not delivered before. One that is recalled already becomes a recall.
    void add_message(const chat& in, message&& m, chat_position at);
    /// An edit, a recall or a block that was pushed. Dropped if it or a later version was delivered.
    void add_change(const chat& in, gateway::pushed_message&& change, chat_position at);
    /// A listed message below the chat's position: an edit or a recall if its times are new, else nothing.
    void add_listed_change(const chat& in, message&& m, chat_position at);
    void add_delta(const chat& in, gateway::pushed_delta delta);
    void add_draft(const chat& in, gateway::pushed_draft draft);
    void add(event&& e, chat_position at = {}) { events_.push_back({std::move(e), at}); }

    /// A message that this account sends.
    void register_own(std::string_view msg_id) { seen_.at(msg_id).own = true; }
    [[nodiscard]] bool delivered(std::string_view msg_id);
    [[nodiscard]] seen_messages& seen() noexcept { return seen_; }
    [[nodiscard]] const std::string& own_id() const noexcept { return own_id_; }

    [[nodiscard]] bool empty() const noexcept { return events_.empty(); }
    [[nodiscard]] bool full() const noexcept { return events_.size() >= max_events_; }
    [[nodiscard]] std::size_t size() const noexcept { return events_.size(); }
    [[nodiscard]] queued_event take();

    [[nodiscard]] std::uint64_t duplicates() const noexcept { return duplicates_; }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; } ///< deltas and drafts
    void count_duplicate() noexcept { ++duplicates_; }

private:
    void add_recall(const chat& in, seen_messages::entry& known, message&& m, std::optional<sender> by,
                    chat_position at);
    [[nodiscard]] bool is_own_message(const message& m, bool registered) const;

    std::string own_id_;
    std::size_t max_events_;
    seen_messages seen_;
    std::deque<queued_event> events_;
    std::uint64_t duplicates_ = 0;
    std::uint64_t dropped_ = 0;
};

/// The latest of a message's times.
[[nodiscard]] std::uint64_t last_time(const message& m) noexcept;

} // namespace engine
YUNHU_NAMESPACE_END
