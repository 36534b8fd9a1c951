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
class exchange_log {
public:
    explicit exchange_log(std::size_t limit) : limit_(limit) {}

    /// False: the limit is 0, so an exchange need not be made.
    [[nodiscard]] bool enabled() const { return limit_ != 0; }
    void add(exchange e);
    void clear() { exchanges_.clear(); }
    [[nodiscard]] std::vector<exchange> all() const { return {exchanges_.begin(), exchanges_.end()}; }

private:
    std::size_t limit_;
    std::deque<exchange> exchanges_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
