// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/error.hpp>

#include <chrono>

// Whether `yunhu tail` continues after a failed look-up.
namespace cli {

/// Whether no later look-up can succeed: it was cancelled, or the API refuses the request or the token. A gateway's
/// 403, a page of maintenance or a certificate that is renewed late will pass.
[[nodiscard]] bool is_final(const yunhu::failure& f);

/// The pause after so many failures in a row: the interval, doubled with each, up to a minute or the interval.
[[nodiscard]] std::chrono::milliseconds pause_after(std::chrono::milliseconds interval, unsigned failures);

} // namespace cli
