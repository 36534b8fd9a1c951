// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/exchange_log.hpp"

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

void exchange_log::add(exchange e) {
    if (limit_ == 0) {
        return;
    }
    if (exchanges_.size() == limit_) {
        exchanges_.pop_front();
    }
    exchanges_.push_back(std::move(e));
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
