#include "calls.hpp"
#include "command.hpp"
#include "help.hpp"
#include "run.hpp"

#include <CLI/CLI.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace cli {
namespace {

// `msg_id` -> `--msg-id`
std::string dashed(std::string name) {
    std::ranges::replace(name, '_', '-');
    return "--" + name;
}

// What was given, as a batch line would have it. The options are the call's, in the same order.
json::object fields_given(const call& what, const std::vector<CLI::Option*>& options) {
    json::object given;
    for (std::size_t i = 0; i < options.size(); ++i) {
        const std::vector<std::string>& values = options[i]->results();
        if (values.empty()) {
            continue;
        }
        const option& o = what.options[i];
        given.emplace(o.name, o.repeated ? json::value(json::array(values.begin(), values.end()))
                                         : json::value(values.front()));
    }
    return given;
}

} // namespace

command endpoint_command(CLI::App& program, const call& what) {
    CLI::App* app = program.add_subcommand(std::string(what.name), what.help.said());
    app->footer(example_footer(std::string(what.name) + " " + std::string(what.example)));
    std::vector<CLI::Option*> options;
    for (const option& o : what.options) {
        const std::string names = dashed(o.name) + (o.other.empty() ? "" : "," + dashed(o.other));
        CLI::Option* added = app->add_option(names, CLI::callback_t(), o.help.said())->type_name(o.type);
        if (o.repeated) {
            added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        }
        options.push_back(added);
    }
    return {app, [&what, options = std::move(options)](const settings& common) {
                return run_call(common, what, fields_given(what, options));
            }};
}

} // namespace cli
