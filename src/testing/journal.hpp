// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// The last entries, at most `limit`.
template <class Entry> class journal {
public:
    explicit journal(std::size_t limit) : limit_(limit) {}

    /// False: the limit is 0, so an entry need not be made.
    [[nodiscard]] bool enabled() const { return limit_ != 0; }
    void add(Entry e) {
        if (limit_ == 0) {
            return;
        }
        if (entries_.size() == limit_) {
            entries_.pop_front();
        }
        entries_.push_back(std::move(e));
    }
    void clear() { entries_.clear(); }
    [[nodiscard]] std::vector<Entry> all() const { return {entries_.begin(), entries_.end()}; }

private:
    std::size_t limit_;
    std::deque<Entry> entries_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
