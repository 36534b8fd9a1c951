// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "calls.hpp"
#include "command.hpp"
#include "endpoint_options.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "message.hpp"
#include "run.hpp"
#include "token_file.hpp"

#include <yunhu/client.hpp>
#include <yunhu/requests.hpp>

#include <CLI/CLI.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace cli {
namespace {

// The token of the reply goes to the file, and not to the output.
asio::awaitable<int> call_and_store(settings common, const call* what, yunhu::client client, json::object fields,
                                    std::shared_ptr<token_file> into) {
    outcome end = co_await what->run(client, std::move(fields), common.call_options());
    if (auto* const reply = std::get_if<json::object>(&end)) {
        json::object& data = reply->at("data").as_object();
        const std::error_code failed = into->store(std::string_view(data.at("token").as_string()));
        data.erase("token");
        if (failed) {
            std::cerr << translated("yunhu: the token could not be written: {0}", {failed.message()}) << '\n';
            co_return output_lost;
        }
        if (!common.json) {
            std::cout << message("done").translated() << '\n';
        }
    }
    co_return print_outcome(common, *what, end);
}

int run_and_store(const settings& common, const call& what, json::object fields, const std::string& path) {
    auto into = std::make_shared<token_file>(path);
    asio::io_context io;
    return run_to_end(
        io, call_and_store(common, &what, yunhu::client(io, common.config()), std::move(fields), std::move(into)), {},
        when_output_is_lost::finish);
}

// A call that gives a token, which is printed in JSON only.
command token_command(CLI::App& app, const call& what, const endpoint_options& options) {
    const auto path = std::make_shared<std::string>();
    app.add_option("--token-out", *path, message("file for the token, which only its owner can read").translated())
        ->type_name("FILE");
    return {&app,
            [&what, options, path](const settings& common) {
                if (!path->empty()) {
                    return run_and_store(common, what, options.fields(), *path);
                }
                if (!common.json) {
                    throw bad_field("token_out", "must be given, or --json: the token is printed nowhere else");
                }
                return run_call(common, what, options.fields());
            },
            what.needs_token};
}

} // namespace

command endpoint_command(CLI::App& program, const call& what) {
    if (what.name == yunhu::endpoints::send_message.name()) {
        return send_command(program, what);
    }
    CLI::App* app = program.add_subcommand(what.name, what.help.translated());
    app->footer(example_footer(what.name + (what.example.empty() ? "" : " ") + std::string(what.example)));
    const endpoint_options options(*app, what);
    if (what.gives_token) {
        return token_command(*app, what, options);
    }
    return {app, [&what, options](const settings& common) { return run_call(common, what, options.fields()); },
            what.needs_token};
}

} // namespace cli
