// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>

/// Says hello to everybody who has said something in the chat since `seen`. Returns what to pass as `seen` next time.
boost::asio::awaitable<std::uint64_t> greet_newcomers(yunhu::client client, yunhu::chat chat, std::uint64_t seen);
