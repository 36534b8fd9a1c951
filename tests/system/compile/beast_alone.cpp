// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The yardstick: what including the libraries underneath costs, nothing of them used.
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast.hpp>
#include <boost/beast/ssl.hpp>
