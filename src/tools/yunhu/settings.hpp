// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/call_options.hpp>
#include <yunhu/client_config.hpp>
#include <yunhu/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace cli {

/// The options that every subcommand has.
struct settings {
    void add_to(CLI::App& app);

    [[nodiscard]] yunhu::client_config config() const;
    [[nodiscard]] yunhu::call_options call_options() const;

    bool json = false;
    std::string base_url = yunhu::client_config().base_url;
    std::string ca_file;
    yunhu::secret token; ///< taken from the command line before it is parsed
    bool allow_plain_http = false;
    std::int64_t timeout_ms = 30'000;
    unsigned attempts = 3;
    std::size_t connections = 16;
};

/// The longest time of an option or a line, in ms: no clock overflows by adding it.
inline constexpr std::int64_t longest_ms = 1'000'000'000'000;

} // namespace cli
