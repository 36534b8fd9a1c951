// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/outbox_types.hpp>

#include <chrono>
#include <cstdint>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// What a store counts in one state. `oldest_queued`: how long the first of them could have been sent;
/// `oldest_settled`: how long ago the first of them got its state.
inline void set_count(outbox_counts& in, outbox_state of, std::uint64_t number, std::chrono::milliseconds oldest_queued,
                      std::chrono::milliseconds oldest_settled) {
    switch (of) {
    case outbox_state::queued:
        in.queued = number;
        in.oldest_queued = oldest_queued;
        break;
    case outbox_state::claimed:
        in.claimed = number;
        break;
    case outbox_state::sending:
        in.sending = number;
        break;
    case outbox_state::sent:
        in.sent = number;
        break;
    case outbox_state::failed:
        in.failed = number;
        break;
    case outbox_state::unknown:
        in.unknown = number;
        in.oldest_unknown = oldest_settled;
        break;
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
