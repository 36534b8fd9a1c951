// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "help.hpp"

#include "message.hpp"
#include "print.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace cli {
namespace {

void localise_options(CLI::App& app) {
    for (CLI::Option* o : app.get_options()) {
        o->group(message("Options").translated());
    }
    app.get_help_ptr()->description(message("Print this help and end").translated());
}

// The option that the error is about: CLI11 has its name in the text only, before anything that was given.
const CLI::Option* culprit(const CLI::App& program, std::string_view text) {
    const std::size_t begin = std::min(text.find("--"), text.size());
    const std::size_t end = std::min(text.find_first_of(": ", begin), text.size());
    const std::string name(text.substr(begin, end - begin));
    std::vector<const CLI::App*> places{&program};
    for (const CLI::App* sub : program.get_subcommands()) {
        places.push_back(sub);
    }
    for (const CLI::App* place : places) {
        if (const CLI::Option* o = name.empty() ? nullptr : place->get_option_no_throw(name)) {
            return o;
        }
    }
    return nullptr;
}

std::string unexpected(const CLI::App& program) {
    std::string words;
    for (const std::string& word : program.remaining(true)) {
        words += ' ';
        words +=
            word.starts_with("-") ? on_one_line(word.substr(0, word.find('='))) : message("(a value)").translated();
    }
    return message("unknown arguments:").translated() + words;
}

std::string what_is_wrong(const CLI::App& program, const CLI::ParseError& e) {
    if (dynamic_cast<const CLI::ExtrasError*>(&e) != nullptr) {
        return unexpected(program);
    }
    const CLI::Option* option = culprit(program, e.what());
    if (option == nullptr) {
        return program.get_subcommands().empty() ? message("a subcommand is missing").translated()
                                                 : message("an argument is missing or invalid").translated();
    }
    if (dynamic_cast<const CLI::RequiredError*>(&e) != nullptr) {
        return translated("{0} is missing", {option->get_name()});
    }
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&e) != nullptr) {
        return translated("{0}: given more than once, or without a value", {option->get_name()});
    }
    return translated("{0}: invalid; must be {1}", {option->get_name(), option->get_type_name()});
}

} // namespace

void localise(CLI::App& program) {
    const auto formatter = program.get_formatter(); // its subcommands share it
    formatter->label("Usage", message("Usage").translated());
    formatter->label("OPTIONS", message("OPTIONS").translated());
    formatter->label("SUBCOMMAND", message("SUBCOMMAND").translated());
    formatter->label("Positionals", message("Positionals").translated());
    formatter->label("REQUIRED", message("REQUIRED").translated());
    formatter->label("Env", message("Env").translated());
    localise_options(program);
    program.get_version_ptr()->description(message("Print the version and end").translated());
    for (CLI::App* sub : program.get_subcommands({})) {
        sub->group(message("Subcommands").translated());
        localise_options(*sub);
    }
}

std::string example_footer(std::string_view example) {
    return message("Example:").translated().append("\n  yunhu ").append(example) + "\n" +
           message("Options of all subcommands: yunhu --help").translated();
}

void print_parse_error(std::ostream& out, const CLI::App& program, const CLI::ParseError& e) {
    out << "yunhu: " << what_is_wrong(program, e) << '\n'
        << message("Run with --help for more information.").translated() << '\n';
}

} // namespace cli
