// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/event_queue.hpp"

#include <yunhu/config.hpp>
#include <yunhu/event.hpp>

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// The positions of events that the user has taken and not acknowledged, by their chat and in their order. Pure.
class taken_events {
public:
    /// A position in a chat that is acknowledged.
    struct position {
        yunhu::chat chat;
        engine::chat_position at;
    };

    void add(const engine::queued_event& taken);
    /// The position that is reached when that event and those before it in its chat are done; none if it is unknown.
    [[nodiscard]] std::vector<position> acknowledge(const event& done);
    /// The positions of all; they count as acknowledged.
    [[nodiscard]] std::vector<position> acknowledge_all();

private:
    using key = std::pair<chat_type, std::string>;
    struct entry {
        std::string msg_id; ///< empty: a gap
        engine::chat_position at;
    };

    std::map<key, std::deque<entry>> chats_;
};

} // namespace detail
YUNHU_NAMESPACE_END
