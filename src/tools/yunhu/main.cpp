// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// yunhu: the message API on the command line. One subcommand per endpoint, and some for common tasks.

#include "calls.hpp"
#include "command.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "message.hpp"
#include "output.hpp"
#include "print.hpp"
#include "settings.hpp"
#include "standard_streams.hpp"
#include "terminal.hpp"
#include "to_json.hpp"
#include "token_argument.hpp"

#include <yunhu/error.hpp>
#include <yunhu/version.hpp>

#include <CLI/CLI.hpp>

#include <boost/json/object.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace json = boost::json;

int print_configuration_error(bool in_json, const yunhu::failure& f) {
    if (in_json) {
        std::cout << tools::json_line(json::object{{"error", cli::to_json(f)}}) << std::endl;
    } else {
        cli::print_failure(std::cerr, f);
    }
    return cli::usage;
}

// The parser has not reached it when an earlier argument is wrong.
bool wants_json(int argc, char** argv) {
    const std::vector<std::string_view> arguments(argv, argv + argc);
    const auto options_end = std::ranges::find(arguments, "--");
    const auto has = [&](std::string_view word) {
        return std::find(arguments.begin(), options_end, word) != options_end;
    };
    return has("--json") || (has("tail") && has("--jsonl"));
}

int run(int argc, char** argv) {
    CLI::App program{cli::message("The Yunhu message API on the command line.").translated(), "yunhu"};
    program.require_subcommand(1);
    program.fallthrough(); // common options before or after the subcommand
    program.set_version_flag("--version", std::string(yunhu::version));
    program.footer(cli::exit_code_help() + "\n" +
                   cli::message("HTTPS_PROXY and NO_PROXY name a proxy, as for other programs.").translated());
    cli::settings common;
    common.token = tools::take_token(argc, argv);
    common.add_to(program);

    std::vector<cli::command> commands;
    for (const cli::call& what : cli::calls()) {
        commands.push_back(cli::endpoint_command(program, what));
    }
    commands.push_back(cli::say_command(program));
    commands.push_back(cli::upload_command(program));
    commands.push_back(cli::download_command(program));
    commands.push_back(cli::listen_command(program));
    commands.push_back(cli::batch_command(program));
    commands.push_back(cli::tail_command(program));
    commands.push_back(cli::history_command(program));
    commands.push_back(cli::broadcast_command(program));
#ifdef YUNHU_OUTBOX
    commands.push_back(cli::outbox_command(program));
#endif
    commands.push_back(cli::completion_command(program));
    cli::localise(program);

    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) { // help or version
            return program.exit(e);
        }
        if (wants_json(argc, argv)) {
            return print_configuration_error(true, cli::refused(cli::parse_error_text(program, e)));
        }
        cli::print_parse_error(std::cerr, program, e);
        return cli::usage;
    }
    const auto chosen = std::ranges::find_if(commands, [](const cli::command& c) { return c.app->parsed(); });
    if (chosen->needs_token && common.token.empty()) {
        const cli::bad_field no_token("token", "must be given by --token or YUNHU_TOKEN");
        return print_configuration_error(common.json, cli::refused({}, no_token));
    }
    try {
        return chosen->run(common);
    } catch (const cli::bad_field& e) {
        return print_configuration_error(common.json, cli::refused({}, e));
    } catch (const yunhu::error& e) { // by the client's constructor
        return print_configuration_error(common.json, e.info());
    }
}

} // namespace

int main(int argc, char** argv) {
    const tools::standard_streams streams;
    cli::know_widths();
    int exit_code = cli::transport;
    try {
        exit_code = run(argc, argv);
    } catch (const std::exception& e) {
        std::cerr << "yunhu: " << tools::on_one_line(e.what()) << '\n';
    }
    return cli::report_lost_output(exit_code);
}
