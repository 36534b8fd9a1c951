// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/fleet.hpp>
#include <yunhu/outbox_types.hpp>
#include <yunhu/outbox_worker.hpp>

#include <span>
#include <string>

YUNHU_NAMESPACE_BEGIN

/// Returns the Prometheus text format of what an outbox holds, as gauges by state, with the ages that deserve an alarm.
/// Names begin with `yunhu_outbox_`. Shown by one process of a fleet: it is the same for all.
///
/// \par Parameters
/// `now`: the result of `outbox_store::counts` or `outbox::status`.
///
/// \par Errors
/// Throws `std::bad_alloc`.
///
/// \par Thread safety
/// Any thread.
///
/// \par Lifetime
/// The result is a copy.
[[nodiscard]] YUNHU_EXPORT std::string to_prometheus(const outbox_counts& now);
/// Returns the Prometheus text format of the outbox workers of this process, for all of them together. Names begin with
/// `yunhu_outbox_worker_`; `yunhu_outbox_workers` is their number.
///
/// \par Parameters
/// `workers`: the result of `outbox_worker::stats` of each, e.g. a `std::vector`. Numbers are summed.
///
/// \par Errors
/// Throws `std::bad_alloc`.
///
/// \par Thread safety
/// Any thread.
///
/// \par Lifetime
/// `workers` is read before the function returns; the result is a copy.
[[nodiscard]] YUNHU_EXPORT std::string to_prometheus(std::span<const outbox_worker_stats> workers);
/// Returns the Prometheus text format of the fleet's workers in this process, for all of them together. Names begin
/// with `yunhu_fleet_`; `yunhu_fleet_workers` is their number.
///
/// \par Parameters
/// `workers`: the result of `fleet::stats` of each, e.g. a `std::vector`. Numbers are summed.
///
/// \par Errors
/// Throws `std::bad_alloc`.
///
/// \par Thread safety
/// Any thread.
///
/// \par Lifetime
/// `workers` is read before the function returns; the result is a copy.
[[nodiscard]] YUNHU_EXPORT std::string to_prometheus(std::span<const fleet_stats> workers);

YUNHU_NAMESPACE_END
