// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "calls.hpp"
#include "settings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>

#include <functional>

namespace cli {

/// The effect of lost output on the work.
enum class when_output_is_lost {
    stop,   ///< as Ctrl-C: no work is started if its result can't be shown
    finish, ///< the work is one call: its outcome would become unknown
};

/// Runs the work to its end, which gives the exit code. Ctrl-C, SIGTERM and lost output cancel it; with `polite`, the
/// first of them calls that instead.
int run_to_end(boost::asio::io_context& io, boost::asio::awaitable<int> work, std::function<void()> polite = {},
               when_output_is_lost then = when_output_is_lost::stop);

/// Prints the outcome of a call and returns the exit code.
[[nodiscard]] int print_outcome(const settings& common, const call& what, const outcome& end);

/// Makes a call, prints its outcome and returns the exit code.
[[nodiscard]] boost::asio::awaitable<int> call_and_print(settings common, const call* what, yunhu::client client,
                                                         boost::json::object fields);

/// Prints the failure that the work ends with, as JSON or for people, and returns its exit code.
[[nodiscard]] int report_failure(bool in_json, const yunhu::failure& f,
                                 yunhu::retry_class retry = yunhu::retry_class::safe);

/// Runs one call, prints its outcome and returns the exit code. Ctrl-C cancels the call.
int run_call(const settings& common, const call& what, boost::json::object fields);

} // namespace cli
