// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoint_options.hpp"

#include "fields.hpp"
#include "message.hpp"
#include "text_input.hpp"

#include <CLI/CLI.hpp>

#include <boost/json/array.hpp>

#include <algorithm>
#include <string>

namespace cli {
namespace {

// `msg_id` -> `--msg-id`
std::string dashed(std::string name) {
    std::ranges::replace(name, '_', '-');
    return "--" + name;
}

} // namespace

endpoint_options::endpoint_options(CLI::App& app, const call& what, std::initializer_list<std::string_view> without) {
    for (const option& o : what.options) {
        if (std::ranges::find(without, o.name) != without.end()) {
            continue;
        }
        const std::string names =
            dashed(o.name) + (o.is_secret ? "-file" : "") + (o.alias.empty() ? "" : "," + dashed(o.alias));
        const std::string help =
            o.help.translated() + (o.is_secret ? message(", in a file; -: standard input").translated() : "");
        CLI::Option* added = app.add_option(names, CLI::callback_t(), help)->type_name(o.type);
        if (o.repeated) {
            added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        }
        options_.emplace_back(&o, added);
        if (o.name == "text") {
            text_file_ = app.add_option("--text-file", CLI::callback_t(),
                                        message("the text, from a file, or from standard input for -; an argument can "
                                                "hold 128 kB at most")
                                            .translated())
                             ->type_name("FILE");
        }
    }
}

json::object endpoint_options::fields() const {
    json::object given;
    for (const auto& [o, parsed] : options_) {
        const std::vector<std::string>& values = parsed->results();
        if (!values.empty() && o->is_secret) { // other users of the machine can read a command line
            given.emplace(o->name, read_text(o->name + "_file", values.front()));
        } else if (!values.empty()) {
            given.emplace(o->name, o->repeated ? json::value(json::array(values.begin(), values.end()))
                                               : json::value(values.front()));
        }
    }
    if (text_file_ != nullptr && !text_file_->results().empty()) {
        if (given.contains("text")) {
            throw bad_field("text", "must not be given with text_file");
        }
        given.emplace("text", read_text("text_file", text_file_->results().front()));
    }
    return given;
}

} // namespace cli
