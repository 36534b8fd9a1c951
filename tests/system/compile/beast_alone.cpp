// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The reference for cost.sh: includes the underlying libraries and uses nothing of them.
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast.hpp>
#include <boost/beast/ssl.hpp>
