// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "calls.hpp"
#include "command.hpp"
#include "endpoint_options.hpp"
#include "help.hpp"
#include "run.hpp"

#include <yunhu/requests.hpp>

#include <CLI/CLI.hpp>

#include <string>

namespace cli {

command endpoint_command(CLI::App& program, const call& what) {
    if (what.name == yunhu::endpoints::send_message.name()) {
        return send_command(program, what);
    }
    CLI::App* app = program.add_subcommand(what.name, what.help.translated());
    app->footer(example_footer(what.name + (what.example.empty() ? "" : " ") + std::string(what.example)));
    const endpoint_options options(*app, what);
    return {app, [&what, options](const settings& common) { return run_call(common, what, options.fields()); }};
}

} // namespace cli
