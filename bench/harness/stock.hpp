// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "mix.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// The messages that calls are about, all sent by the bench itself before it starts to measure.
struct stock {
    std::vector<std::string> texts; ///< each edited once, where edit records are asked for
    std::vector<std::string> files;
    std::vector<std::uint64_t> pictures; ///< their `msg_seq`
    std::vector<std::string> to_recall;  ///< again and again: the end is the same
    std::vector<std::string> to_delete;  ///< likewise
};

/// Sends what the endpoints of a mix need. Throws `yunhu::error`.
[[nodiscard]] boost::asio::awaitable<stock> prepare(yunhu::client client, const mix& calls_of, yunhu::chat in,
                                                    std::string text);

} // namespace bench
