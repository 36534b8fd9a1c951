// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/time.hpp"

#include <yunhu/config.hpp>
#include <yunhu/event.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// Messages that bots write bit by bit. The gateway marks no end: a message is complete after a silence. Pure.
class stream_assembler {
public:
    struct whole {
        std::uint64_t event = 0;
        message_event message;
    };

    explicit stream_assembler(std::chrono::nanoseconds silence) : silence_(silence) {}

    /// The first part, as the event of that number.
    void begin(std::uint64_t event, message_event first, time_point now);
    /// Appends a delta. False: it belongs to no message that is being written.
    bool append(const stream_event& delta, time_point now);
    /// The text was replaced.
    void replace(const edit_event& edit, time_point now);
    /// A message that was silent for long enough.
    [[nodiscard]] std::optional<whole> take(time_point now);
    [[nodiscard]] std::optional<time_point> due() const;
    [[nodiscard]] std::size_t size() const noexcept { return streams_.size(); }

private:
    struct stream {
        whole so_far;
        time_point due;
    };
    using streams = std::map<std::string, stream>;

    void postpone(streams::iterator which, time_point now);

    std::chrono::nanoseconds silence_;
    streams streams_; ///< by `msg_id`
    std::set<std::pair<time_point, std::string>> dues_;
};

} // namespace engine
YUNHU_NAMESPACE_END
