// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "compare.hpp"
#include "load.hpp"
#include "ramp.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/secret.hpp>
#include <yunhu/types.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace bench {

/// The command line.
struct options {
    enum class command : std::uint8_t { run, ramp, compare, report };

    command what = command::run;

    // run and ramp
    load_settings load;
    std::string mix = "send-message"; ///< as written
    std::size_t connections = 16;     ///< per shard
    std::size_t shards = 1;
    std::size_t threads = 1;
    nanoseconds timeout = std::chrono::seconds(30);
    unsigned attempts = 3;
    std::size_t text_bytes = 64;
    std::uint64_t page = 30;
    yunhu::chat chat = yunhu::group("yunhu-bench");
    std::string base_url; ///< empty: the built-in emulator
    std::string ca_file;
    yunhu::secret token;
    bool allow_plain_http = false;
    bool quiet = false;
    std::string json;
    std::string html;

    ramp_settings ramp;
    nanoseconds step = std::chrono::seconds(5);

    // compare and report
    std::vector<std::string> files;
    std::vector<condition> fail_if;
    bool all_metrics = false;

    /// All options except the token, for the result.
    [[nodiscard]] boost::json::object flags() const;
};

/// A parsed command line: options, or the exit code to end with now.
struct parsed {
    bench::options options;
    std::optional<int> exit;
};

/// Prints help and errors itself; errors exit with 2.
[[nodiscard]] parsed parse_options(int argc, const char* const* argv);

} // namespace bench
