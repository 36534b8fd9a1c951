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

/// Messages that the measured calls refer to, sent before the measurement.
struct message_fixtures {
    std::vector<std::string> texts; ///< each edited once if the mix has list-message-edit-record
    std::vector<std::string> files;
    std::vector<std::uint64_t> pictures; ///< their `msg_seq`
    std::vector<std::string> to_recall;  ///< recalled repeatedly: idempotent
    std::vector<std::string> to_delete;  ///< deleted repeatedly: idempotent
};

/// Sends the messages that the endpoints of a mix need. Throws `yunhu::error`.
[[nodiscard]] boost::asio::awaitable<message_fixtures> prepare(yunhu::client client, const mix& calls_of,
                                                               yunhu::chat in, std::string text);

} // namespace bench
