// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Sorts a page, the highest `msg_seq` first; messages with the same one keep their order. Not by `std::stable_sort`,
/// which uses a part of libstdc++ that C++17 deprecates, and which clang refuses.
inline void put_newest_first(std::vector<message>& page) {
    std::vector<std::size_t> order(page.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&page](std::size_t a, std::size_t b) {
        return page[a].msg_seq != page[b].msg_seq ? page[a].msg_seq > page[b].msg_seq : a < b;
    });
    std::vector<message> sorted;
    sorted.reserve(page.size());
    for (const std::size_t index : order) {
        sorted.push_back(std::move(page[index]));
    }
    page = std::move(sorted);
}

} // namespace detail
YUNHU_NAMESPACE_END
