// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "runtime/support.hpp"

#include <yunhu/history.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace yunhu::test {

inline const chat big = group("big");

/// A message of the account, which may recall it.
inline message own(std::string text) {
    message m;
    m.direction = "right";
    m.content_type = content_type::text;
    m.content->text = std::move(text);
    return m;
}

inline void fill(testing::emulator& server, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        server.deliver(big, own("m"));
    }
}

/// Delivers `count` messages of an iteration, or fewer at its end.
inline asio::awaitable<std::vector<std::uint64_t>> take(history& iteration, std::size_t count = SIZE_MAX) {
    std::vector<std::uint64_t> seqs;
    while (seqs.size() < count) {
        const auto m = co_await iteration.next();
        if (!m) {
            break;
        }
        seqs.push_back(m->msg_seq);
    }
    co_return seqs;
}

/// From `first` to `last`, in either direction.
inline std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> all{first};
    while (all.back() != last) {
        all.push_back(first < last ? all.back() + 1 : all.back() - 1);
    }
    return all;
}

inline history_options paged(std::uint64_t page_size, history_order order = history_order::newest_first) {
    history_options options;
    options.page_size = page_size;
    options.order = order;
    return options;
}

inline testing::fault strike(testing::fault::action what, std::string endpoint, std::uint64_t times = 0) {
    testing::fault f;
    f.what = what;
    f.endpoint = std::move(endpoint);
    f.times = times;
    return f;
}

} // namespace yunhu::test
