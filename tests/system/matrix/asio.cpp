// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Asio, compiled separately: BOOST_ASIO_SEPARATE_COMPILATION.
#include <boost/asio/impl/src.hpp>
