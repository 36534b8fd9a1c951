// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// What is known of recent messages, by their id: the chat, which changes lack, and the versions that were delivered.
/// Bounded: the message used least recently is forgotten first.
class seen_messages {
public:
    struct entry {
        yunhu::chat chat; ///< empty id: unknown
        std::uint64_t edit_time = 0;
        bool delivered = false;
        bool recalled = false;
        bool blocked = false;
        bool own = false;
    };

    explicit seen_messages(std::size_t max) : max_(max == 0 ? 1 : max) {}

    /// The entry of a message, or null.
    [[nodiscard]] entry* find(std::string_view msg_id);
    /// The entry of a message; a new one if there is none. Valid until the next call.
    [[nodiscard]] entry& at(std::string_view msg_id);
    [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }

private:
    struct node {
        std::string msg_id;
        entry value;
    };

    std::size_t max_;
    std::list<node> nodes_;                                                 ///< the one used last first
    std::unordered_map<std::string_view, std::list<node>::iterator> index_; ///< by the texts in the nodes
};

} // namespace engine
YUNHU_NAMESPACE_END
