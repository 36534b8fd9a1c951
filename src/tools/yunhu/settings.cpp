// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "settings.hpp"

#include "phrase.hpp"

#include <CLI/CLI.hpp>

#include <chrono>

namespace cli {

void settings::add_to(CLI::App& app) {
    app.add_flag("--json", json, phrase("One JSON object on standard output, also for errors").said());
    app.add_option("--base-url", base_url, phrase("Where the API is").said())
        ->envname("YUNHU_BASE_URL")
        ->capture_default_str()
        ->type_name("URL");
    app.add_option("--ca-file", ca_file, phrase("Trusted CAs (PEM) instead of the system's").said())
        ->envname("YUNHU_CA_FILE")
        ->type_name("FILE");
    app.add_option("--token", token,
                   phrase("The account's token; the variable hides it from others on this machine").said())
        ->envname("YUNHU_TOKEN");
    app.add_flag("--allow-plain-http", allow_plain_http, phrase("Let --base-url be http:// to this machine").said());
    app.add_option("--deadline", deadline_ms, phrase("Most that a call may take in all, in ms").said())
        ->check(CLI::Range(std::int64_t{0}, longest_ms))
        ->capture_default_str();
    app.add_option("--attempts", attempts, phrase("Most attempts of a call, the first included").said())
        ->check(CLI::Range(1U, 100U))
        ->capture_default_str();
    app.add_option("--connections", connections, phrase("Most connections at once").said())
        ->check(CLI::Range(std::size_t{1}, std::size_t{10'000}))
        ->capture_default_str();
}

yunhu::client_config settings::config() const {
    yunhu::client_config c{yunhu::secret(token)};
    c.base_url = base_url;
    c.tls.ca_file = ca_file;
    c.allow_plain_http_to_loopback = allow_plain_http;
    c.retry.max_attempts = attempts;
    c.pool.max_connections = connections;
    c.user_agent = "yunhu-cli";
    return c;
}

yunhu::call_options settings::call_options() const {
    return yunhu::call_options(std::chrono::milliseconds(deadline_ms));
}

} // namespace cli
