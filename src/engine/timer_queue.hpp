// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/time.hpp"

#include <yunhu/config.hpp>

#include <boost/intrusive/set.hpp>

#include <cstdint>
#include <optional>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// Something that is due at a time.
class timed : public boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
    enum class kind : std::uint8_t { call, dial, drain };

    explicit timed(kind what) noexcept : kind_(what) {}
    [[nodiscard]] kind what() const noexcept { return kind_; }
    [[nodiscard]] time_point due() const noexcept { return due_; }

private:
    friend class timer_queue;
    friend bool operator<(const timed& a, const timed& b) noexcept { return a.due_ < b.due_; }
    time_point due_;
    kind kind_;
};

/// Deadlines of a shard, served by one timer. Most timeouts are equal, so a new deadline is mostly the last. Pure.
class timer_queue {
public:
    void set(timed& what, time_point due) {
        if (what.is_linked() && what.due_ == due) {
            return;
        }
        clear(what);
        what.due_ = due;
        queue_.insert(queue_.end(), what);
    }
    void clear(timed& what) {
        if (what.is_linked()) {
            queue_.erase(queue_.iterator_to(what));
        }
    }
    /// Takes out one that is due.
    [[nodiscard]] timed* expired(time_point now) {
        if (queue_.empty() || queue_.begin()->due_ > now) {
            return nullptr;
        }
        timed& first = *queue_.begin();
        queue_.erase(queue_.begin());
        return &first;
    }
    [[nodiscard]] std::optional<time_point> next() const {
        return queue_.empty() ? std::nullopt : std::optional(queue_.begin()->due_);
    }
    [[nodiscard]] bool empty() const noexcept { return queue_.empty(); }

private:
    boost::intrusive::multiset<timed> queue_;
};

} // namespace engine
YUNHU_NAMESPACE_END
