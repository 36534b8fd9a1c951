// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>

/// Greets every user with a message in the chat since `seen`. Returns the next value of `seen`.
boost::asio::awaitable<std::uint64_t> greet_newcomers(yunhu::client client, yunhu::chat chat, std::uint64_t seen);
