// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "settings.hpp"

#include "message.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <string>

namespace cli {

void settings::add_to(CLI::App& app) {
    app.add_flag("--json", json, message("One JSON object on standard output, also for errors").translated());
    app.add_option("--base-url", base_url, message("URL of the API").translated())
        ->envname("YUNHU_BASE_URL")
        ->capture_default_str()
        ->type_name("URL");
    app.add_option("--ca-file", ca_file, message("Trusted CAs (PEM) in place of the system's").translated())
        ->envname("YUNHU_CA_FILE")
        ->type_name("FILE");
    app.add_option_function<std::string>(
           "--token", [](const std::string& /*masked*/) {},
           message("The account's token; the variable hides it from other users of this machine").translated())
        ->envname("YUNHU_TOKEN");
    app.add_flag("--allow-plain-http", allow_plain_http,
                 message("Allow http:// in --base-url for this machine").translated());
    app.add_option("--timeout", timeout_ms, message("Timeout of a call with all its attempts, in ms").translated())
        ->check(CLI::Range(std::int64_t{0}, longest_ms))
        ->capture_default_str();
    app.add_option("--attempts", attempts,
                   message("Maximum number of attempts of a call, including the first").translated())
        ->check(CLI::Range(1U, 100U))
        ->capture_default_str();
    app.add_option("--connections", connections, message("Maximum number of connections").translated())
        ->check(CLI::Range(std::size_t{1}, std::size_t{10'000}))
        ->capture_default_str();
}

yunhu::client_config settings::config() const {
    yunhu::client_config c{token};
    c.token_optional = true; // a subcommand that needs one has been refused without it
    c.base_url = base_url;
    c.tls.ca_file = ca_file;
    c.allow_plain_http_to_loopback = allow_plain_http;
    c.retry.max_attempts = attempts;
    c.pool.max_connections = connections;
    c.user_agent = "yunhu-cli";
    c.proxy = yunhu::proxy_config::from_environment(base_url);
    return c;
}

yunhu::call_options settings::call_options() const {
    return yunhu::call_options(std::chrono::milliseconds(timeout_ms));
}

} // namespace cli
