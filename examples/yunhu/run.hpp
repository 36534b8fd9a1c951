#pragma once

#include "calls.hpp"
#include "settings.hpp"

#include <boost/json/object.hpp>

#include <cstddef>

namespace cli {

/// Runs one call, prints what comes of it and returns the exit code. Ctrl-C cancels the call.
int run_call(const settings& common, const call& what, boost::json::object fields);

/// Runs the calls on standard input, one JSON object a line; prints one line for each as it completes.
int run_batch(const settings& common, std::size_t concurrency);

} // namespace cli
