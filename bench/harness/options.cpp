// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "options.hpp"

#include "units.hpp"

#include <yunhu/version.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace bench {
namespace {

// An option parsed by `read`, whose exceptions become CLI11's.
template <class Read>
CLI::Option* add(CLI::App& app, const std::string& name, const std::string& type, const std::string& help, Read read) {
    return app
        .add_option_function<std::string>(
            name,
            [name, read](const std::string& text) {
                try {
                    read(text);
                } catch (const std::invalid_argument& e) {
                    throw CLI::ValidationError(name, e.what());
                }
            },
            help)
        ->type_name(type);
}

CLI::Option* add_time(CLI::App& app, const std::string& name, const std::string& help,
                      std::function<void(nanoseconds)> take) {
    return add(app, name, "TIME", help,
               [take = std::move(take)](const std::string& text) { take(parse_duration(text)); });
}

nanoseconds positive_time(nanoseconds time) {
    if (time <= nanoseconds(0)) {
        throw std::invalid_argument("must be > 0");
    }
    return time;
}

double positive_number(const std::string& text) {
    std::string_view rest = text;
    const double value = take_number(rest);
    if (!rest.empty() || value <= 0 || value > 1e8) {
        throw std::invalid_argument("must be a number > 0, not \"" + text + '"');
    }
    return value;
}

yunhu::chat parse_chat(const std::string& text) {
    static const std::map<std::string, yunhu::chat_type, std::less<>> types = {
        {"user", yunhu::chat_type::user}, {"group", yunhu::chat_type::group}, {"bot", yunhu::chat_type::bot}};
    const auto colon = text.find(':');
    const auto type = types.find(text.substr(0, colon));
    if (colon == text.npos || colon + 1 == text.size() || type == types.end()) {
        throw std::invalid_argument("must be user:ID, group:ID or bot:ID");
    }
    return {type->second, text.substr(colon + 1)};
}

// Options of both `run` and `ramp`.
void add_common(CLI::App& app, options& o) {
    add(app, "--mix", "ENDPOINT=WEIGHT,...", "Endpoints to call and their weights [send-message]",
        [&o](const std::string& text) {
            o.load.calls_of = mix(text);
            o.mix = text;
        });
    add(app, "--arrivals", "constant|poisson", "Arrivals of an open loop [poisson]", [&o](const std::string& text) {
        if (text != "constant" && text != "poisson") {
            throw std::invalid_argument("must be constant or poisson");
        }
        o.load.arrivals = text == "poisson" ? arrival_kind::poisson : arrival_kind::constant;
    });
    add_time(app, "--warm-up", "Time before the measurement [1s; each step of a ramp 500ms]",
             [&o](nanoseconds t) { o.load.warm_up = t; });
    app.add_option("--connections", o.connections, "Maximum of connections per shard")
        ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
        ->capture_default_str();
    app.add_option("--shards", o.shards, "Independent pools of the client")
        ->check(CLI::Range(std::size_t{1}, std::size_t{256}))
        ->capture_default_str();
    app.add_option("--threads", o.threads, "Threads of the client")
        ->check(CLI::Range(std::size_t{1}, std::size_t{256}))
        ->capture_default_str();
    add_time(app, "--timeout", "Timeout of a whole call [30s]", [&o](nanoseconds t) { o.timeout = positive_time(t); });
    app.add_option("--attempts", o.attempts, "Maximum of attempts per call")
        ->check(CLI::Range(1U, 100U))
        ->capture_default_str();
    app.add_option("--seed", o.load.seed, "Seed of the calls and the arrivals")->capture_default_str();
    app.add_option("--text-bytes", o.text_bytes, "Length of a message's text")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 20U))
        ->capture_default_str();
    app.add_option("--page", o.page, "Messages per list call")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{10'000}))
        ->capture_default_str();
    add(app, "--chat", "TYPE:ID", "The chat to use [group:yunhu-bench]",
        [&o](const std::string& text) { o.chat = parse_chat(text); });
    app.add_option("--base-url", o.base_url, "The API's URL, instead of the built-in emulator")
        ->envname("YUNHU_BASE_URL");
    app.add_option("--ca-file", o.ca_file, "Trusted CAs (PEM) instead of the system's")->envname("YUNHU_CA_FILE");
    add(app, "--token", "TOKEN", "The account's token; the variable keeps it out of the process list",
        [&o](const std::string& text) { o.token = text; })
        ->envname("YUNHU_TOKEN");
    app.add_flag("--allow-plain-http", o.allow_plain_http, "Permit http:// to this machine in --base-url");
    app.add_option("--json", o.json, "File for the result, for compare and report")->type_name("FILE");
    app.add_option("--html", o.html, "File for a page with plots")->type_name("FILE");
    app.add_flag("--quiet", o.quiet, "Print the result only: no live view");
}

void add_run(CLI::App& app, options& o) {
    auto* const concurrency = app.add_option("--concurrency", o.load.concurrency, "Closed loop: calls in flight")
                                  ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
                                  ->capture_default_str();
    add(app, "--rate", "CALLS/S", "Open loop: calls started per second, whether or not others have ended",
        [&o](const std::string& text) { o.load.rate = positive_number(text); })
        ->excludes(concurrency);
    add_time(app, "--duration", "Duration of the measurement [10s, unless --calls is given]",
             [&o](nanoseconds t) { o.load.duration = positive_time(t); });
    add(app, "--calls", "N", "Number of measured calls", [&o](const std::string& text) {
        std::uint64_t calls = 0;
        if (!CLI::detail::lexical_cast(text, calls) || calls == 0 || text.starts_with('-')) {
            throw std::invalid_argument("must be a whole number > 0");
        }
        o.load.calls = calls;
    });
    add_common(app, o);
}

void add_ramp(CLI::App& app, options& o) {
    add(app, "--from", "CALLS/S", "The first rate [500]",
        [&o](const std::string& text) { o.ramp.from = positive_number(text); });
    add(app, "--to", "CALLS/S", "The highest rate",
        [&o](const std::string& text) { o.ramp.to = positive_number(text); });
    add(app, "--factor", "X", "Ratio of successive rates [1.5]", [&o](const std::string& text) {
        o.ramp.factor = positive_number(text);
        if (o.ramp.factor <= 1) {
            throw std::invalid_argument("must be > 1");
        }
    });
    app.add_option("--refine", o.ramp.refine, "Rates tried between the last served and the first saturated one")
        ->check(CLI::Range(0U, 20U))
        ->capture_default_str();
    add_time(app, "--step", "Duration of each rate's measurement [5s]",
             [&o](nanoseconds t) { o.step = positive_time(t); });
    add_time(app, "--p99-limit", "A rate with a higher p99 counts as saturated",
             [&o](nanoseconds t) { o.ramp.most_p99 = t; });
    add_common(app, o);
}

void add_compare(CLI::App& app, options& o) {
    app.add_option("files", o.files, "Two results (--json)")->required()->expected(2)->type_name("A B");
    add(app, "--fail-if", "CONDITION",
        "Exit with 1 if it holds: p99>1.1x (B against A), p99>5ms (B), rate<0.9x; separated by commas or repeated",
        [&o](const std::string& text) {
            for (std::string_view rest = text;;) {
                const auto comma = rest.find(',');
                o.fail_if.push_back(parse_condition(rest.substr(0, comma)));
                if (comma == rest.npos) {
                    return;
                }
                rest.remove_prefix(comma + 1);
            }
        })
        ->trigger_on_parse();
    app.add_flag("--all", o.all_metrics, "Print all metrics, not only those of all calls together");
}

void add_report(CLI::App& app, options& o) {
    app.add_option("files", o.files, "Results (--json)")->required()->type_name("FILE...");
    app.add_option("--html", o.html, "File for the page")->required()->type_name("FILE");
}

constexpr std::string_view footer = "`run` is the default. Exit codes: 0 success; 1 no call succeeded, or a condition\n"
                                    "of `compare` holds; 2 usage; 7 the output could not be written.\n"
                                    "One interrupt (Ctrl-C) ends a run and reports; a second one aborts the calls in\n"
                                    "flight.";

void set_defaults(options& o, bool warm_up_given) {
    if (!warm_up_given) {
        o.load.warm_up = o.what == options::command::ramp ? std::chrono::milliseconds(500) : std::chrono::seconds(1);
    }
    if (o.what == options::command::ramp) {
        o.load.duration = o.step;
    } else if (!o.load.duration && !o.load.calls) {
        o.load.duration = std::chrono::seconds(10);
    }
}

void check(const options& o) {
    const bool runs = o.what == options::command::run || o.what == options::command::ramp;
    if (runs && !o.base_url.empty() && o.token.empty()) {
        throw CLI::ValidationError("--base-url", "requires a token: YUNHU_TOKEN or --token");
    }
    if (o.what == options::command::ramp && o.ramp.to && *o.ramp.to < o.ramp.from) {
        throw CLI::ValidationError("--to", "must be at least --from");
    }
}

// `run` is inserted if no subcommand is given. CLI11 takes the arguments from the back.
std::vector<std::string> arguments(int argc, const char* const* argv, const CLI::App& app) {
    std::vector<std::string> all(argv + 1, argv + argc);
    const bool about_all = !all.empty() && (all[0] == "--help" || all[0] == "-h" || all[0] == "--version");
    const auto named = [&](const CLI::App* sub) { return !all.empty() && sub->get_name() == all[0]; };
    const auto subcommands = app.get_subcommands([](const CLI::App*) { return true; });
    if (!about_all && std::none_of(subcommands.begin(), subcommands.end(), named)) {
        all.insert(all.begin(), "run");
    }
    std::reverse(all.begin(), all.end());
    return all;
}

} // namespace

boost::json::object options::flags() const {
    const auto seconds = [](nanoseconds t) { return std::chrono::duration<double>(t).count(); };
    boost::json::object f{{"mix", mix},
                          {"warm_up_s", seconds(load.warm_up)},
                          {"connections", connections},
                          {"shards", shards},
                          {"threads", threads},
                          {"timeout_s", seconds(timeout)},
                          {"attempts", attempts},
                          {"seed", load.seed},
                          {"text_bytes", text_bytes},
                          {"page", page},
                          {"server", base_url.empty() ? "emulator" : base_url}};
    if (load.rate || what == command::ramp) {
        f["loop"] = "open";
        f["arrivals"] = load.arrivals == arrival_kind::poisson ? "poisson" : "constant";
    } else {
        f["loop"] = "closed";
        f["concurrency"] = load.concurrency;
    }
    if (what == command::ramp) {
        f["from"] = ramp.from;
        f["factor"] = ramp.factor;
        f["refine"] = ramp.refine;
        f["step_s"] = seconds(step);
        f["to"] = ramp.to ? boost::json::value(*ramp.to) : boost::json::value(nullptr);
        f["p99_limit_s"] = ramp.most_p99 ? boost::json::value(seconds(*ramp.most_p99)) : boost::json::value(nullptr);
        return f;
    }
    f["rate"] = load.rate ? boost::json::value(*load.rate) : boost::json::value(nullptr);
    f["duration_s"] = load.duration ? boost::json::value(seconds(*load.duration)) : boost::json::value(nullptr);
    f["calls"] = load.calls ? boost::json::value(*load.calls) : boost::json::value(nullptr);
    return f;
}

parsed parse_options(int argc, const char* const* argv) {
    parsed result;
    options& o = result.options;
    CLI::App app("Generates load on a Yunhu server through the library's client, and reports latencies and rates.",
                 "yunhu-bench");
    app.set_version_flag("--version", std::string(yunhu::version));
    app.footer(std::string(footer));
    app.require_subcommand(1);
    auto* const run = app.add_subcommand("run", "Run one load (the default)");
    auto* const ramp = app.add_subcommand("ramp", "Raise the rate until it is saturated");
    auto* const compare = app.add_subcommand("compare", "Compare two results; conditions set the exit code");
    auto* const report = app.add_subcommand("report", "Write results as a page with plots");
    add_run(*run, o);
    add_ramp(*ramp, o);
    add_compare(*compare, o);
    add_report(*report, o);
    try {
        app.parse(arguments(argc, argv, app));
        o.what = ramp->parsed()      ? options::command::ramp
                 : compare->parsed() ? options::command::compare
                 : report->parsed()  ? options::command::report
                                     : options::command::run;
        auto* const chosen = ramp->parsed() ? ramp : run;
        set_defaults(o, chosen->count("--warm-up") > 0);
        check(o);
    } catch (const CLI::ParseError& e) {
        result.exit = app.exit(e) == 0 ? 0 : 2;
    }
    return result;
}

} // namespace bench
