// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/seen_messages.hpp"

#include <iterator>

YUNHU_NAMESPACE_BEGIN
namespace engine {
namespace {

// An id is chosen by its sender; the service's are 32 or 36 characters long.
std::string_view key_of(std::string_view msg_id) {
    constexpr std::size_t max_key = 256;
    return msg_id.substr(0, max_key);
}

} // namespace

seen_messages::entry* seen_messages::find(std::string_view msg_id) {
    msg_id = key_of(msg_id);
    const auto found = index_.find(msg_id);
    if (found == index_.end()) {
        return nullptr;
    }
    nodes_.splice(nodes_.begin(), nodes_, found->second);
    return &found->second->value;
}

seen_messages::entry& seen_messages::at(std::string_view msg_id) {
    msg_id = key_of(msg_id);
    if (entry* const known = find(msg_id)) {
        return *known;
    }
    if (index_.size() >= max_) {
        // The node is used again: steady traffic allocates nothing here.
        const auto last = std::prev(nodes_.end());
        index_.erase(last->msg_id);
        nodes_.splice(nodes_.begin(), nodes_, last);
        last->msg_id = msg_id;
        last->value = entry();
    } else {
        nodes_.push_front({std::string(msg_id), entry()});
    }
    index_.emplace(nodes_.front().msg_id, nodes_.begin());
    return nodes_.front().value;
}

} // namespace engine
YUNHU_NAMESPACE_END
