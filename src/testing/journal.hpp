// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/testing/emulator.hpp>

#include <cstddef>
#include <deque>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// The last exchanges, at most `limit`.
class journal {
public:
    explicit journal(std::size_t limit) : limit_(limit) {}

    /// False: nothing is kept, so nothing needs to be written down.
    [[nodiscard]] bool keeps() const { return limit_ != 0; }
    void add(exchange e);
    void clear() { exchanges_.clear(); }
    [[nodiscard]] std::vector<exchange> all() const { return {exchanges_.begin(), exchanges_.end()}; }

private:
    std::size_t limit_;
    std::deque<exchange> exchanges_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
