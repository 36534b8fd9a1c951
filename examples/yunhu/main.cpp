// yunhu: the message API on the command line, one subcommand an endpoint, and `yunhu batch` for many calls over one
// pool of connections.

#include "calls.hpp"
#include "exit_code.hpp"
#include "print.hpp"
#include "run.hpp"
#include "settings.hpp"
#include "to_json.hpp"

#include <yunhu/error.hpp>
#include <yunhu/version.hpp>

#include <CLI/CLI.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace json = boost::json;

// `msg_id` -> `--msg-id`
std::string dashed(std::string name) {
    std::ranges::replace(name, '_', '-');
    return "--" + name;
}

// A subcommand made from a row of the table.
class subcommand {
public:
    subcommand(CLI::App& program, const cli::call& what) : what_(&what) {
        app_ = program.add_subcommand(std::string(what.name), std::string(what.help));
        app_->footer("Example:\n  yunhu " + std::string(what.name) + " " + std::string(what.example) +
                     "\nWhat all subcommands take: yunhu --help");
        for (const cli::option& o : what.options) {
            const std::string names = dashed(o.name) + (o.other.empty() ? "" : "," + dashed(o.other));
            CLI::Option* added = app_->add_option(names, CLI::callback_t(), o.help)->type_name(o.type);
            if (o.repeated) {
                added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
            }
            options_.push_back(added);
        }
    }

    [[nodiscard]] bool chosen() const { return app_->parsed(); }
    [[nodiscard]] const cli::call& what() const { return *what_; }

    // What was given, as a batch line would have it.
    [[nodiscard]] json::object fields() const {
        json::object given;
        for (std::size_t i = 0; i < options_.size(); ++i) {
            const std::vector<std::string>& values = options_[i]->results();
            if (values.empty()) {
                continue;
            }
            const cli::option& o = what_->options[i];
            given.emplace(o.name, o.repeated ? json::value(json::array(values.begin(), values.end()))
                                             : json::value(values.front()));
        }
        return given;
    }

private:
    const cli::call* what_;
    CLI::App* app_;
    std::vector<CLI::Option*> options_; // one for each of the call's, in the same order
};

// CLI11 would print what it did not understand, and that may be a token; names of options are enough.
void print_unexpected(const CLI::App& program) {
    std::cerr << "yunhu: not understood:";
    for (const std::string& word : program.remaining(true)) {
        std::cerr << ' ' << (word.starts_with("-") ? cli::on_one_line(word.substr(0, word.find('='))) : "(a value)");
    }
    std::cerr << "\nRun with --help for more information.\n";
}

int print_configuration_error(const cli::settings& common, const yunhu::failure& f) {
    if (common.json) {
        std::cout << json::serialize(json::object{{"error", cli::to_json(f)}}) << std::endl;
    } else {
        cli::print_failure(std::cerr, f);
    }
    return cli::usage;
}

int run(int argc, char** argv) {
    CLI::App program{"The Yunhu message API on the command line.", "yunhu"};
    program.require_subcommand(1);
    program.fallthrough(); // common options before or after the subcommand
    program.set_version_flag("--version", std::string(yunhu::version));
    program.footer(cli::exit_code_help);
    cli::settings common;
    common.add_to(program);

    std::vector<subcommand> subcommands;
    for (const cli::call& what : cli::calls()) {
        subcommands.emplace_back(program, what);
    }
    std::size_t concurrency = 16;
    CLI::App* batch = program.add_subcommand("batch", "Run many calls over one pool: one JSON object a line on stdin");
    batch->add_option("--concurrency", concurrency, "Calls on their way at once; 1: strictly in order")
        ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
        ->capture_default_str();
    batch->footer("A line names a call and its fields as the API does, with an optional tag, wait_ms and deadline_ms:\n"
                  R"(  {"call":"recall-msg","chat":"group:big","msg_id":"m1","tag":"any","wait_ms":100})"
                  "\nOne line comes out for each as it completes, {\"tag\",\"ok\":true,\"result\"} or\n"
                  "{\"tag\",\"ok\":false,\"error\"}. Exit code 0 when every line was processed.\n"
                  "Example:\n  yunhu batch --concurrency 1 < calls.jsonl");

    try {
        program.parse(argc, argv);
    } catch (const CLI::ExtrasError&) {
        print_unexpected(program);
        return cli::usage;
    } catch (const CLI::ParseError& e) {
        return program.exit(e) == 0 ? cli::fine : cli::usage;
    }
    if (common.token.empty()) {
        return print_configuration_error(common, cli::refused({}, "token: none; give --token or set YUNHU_TOKEN"));
    }
    try {
        if (batch->parsed()) {
            return cli::run_batch(common, concurrency);
        }
        const auto chosen = std::ranges::find_if(subcommands, &subcommand::chosen);
        return cli::run_call(common, chosen->what(), chosen->fields());
    } catch (const yunhu::error& e) { // by the client's constructor
        return print_configuration_error(common, e.info());
    }
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& e) {
        std::cerr << "yunhu: " << e.what() << '\n';
        return cli::transport;
    }
}
