// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "command.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "message.hpp"
#include "outbox_command.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace cli {
namespace {

struct outbox_arguments : outbox_settings {
    std::string action;
};

int run_outbox(const settings& common, const outbox_arguments& how) {
    const bool has_keys = how.action == "resend";
    if (has_keys == how.keys.empty()) {
        throw bad_field("key", has_keys ? message("must not be empty") : message("is an argument of resend only"));
    }
    if (how.action == "worker") {
        if (common.token.empty()) {
            throw bad_field("token", "must be given by --token or YUNHU_TOKEN");
        }
        return outbox_worker(common, how);
    }
    return how.action == "init"      ? outbox_init(common, how)
           : how.action == "enqueue" ? outbox_enqueue(common, how)
           : how.action == "status"  ? outbox_status(common, how)
           : how.action == "list"    ? outbox_list(common, how)
           : how.action == "resend"  ? outbox_resend(common, how)
                                     : outbox_repair(common, how);
}

} // namespace

command outbox_command(CLI::App& program) {
    const auto how = std::make_shared<outbox_arguments>();
    CLI::App* app = program.add_subcommand(
        "outbox", message("Store messages, and send them from any number of processes").translated());
    const std::string actions = "init|enqueue|worker|status|list|resend|repair";
    app->add_option("action", how->action, message("what to do with the store").translated())
        ->check(CLI::IsMember({"init", "enqueue", "worker", "status", "list", "resend", "repair"}).description(""))
        ->type_name(actions)
        ->required();
    app->add_option("key", how->keys, message("resend: keys or ids of unknown messages").translated())
        ->type_name("KEY");
    app->add_option("--store", how->store, message("where the messages are: sqlite:FILE or postgres:URI").translated())
        ->type_name("STORE")
        ->required();
    app->add_option("--account", how->account,
                    message("name of the account that sends: of new messages without one, of a worker's").translated())
        ->type_name("NAME");
    app->add_option("--rate", how->rate,
                    message("init: messages per second of the account, over all workers; 0: unlimited").translated())
        ->check(CLI::Range(0.0, 1'000'000.0))
        ->type_name("N");
    app->add_option("--burst", how->burst, message("init: messages at once under --rate").translated())
        ->check(CLI::Range(1U, 1'000'000U))
        ->capture_default_str();
    app->add_option("--jsonl", how->jsonl,
                    message("enqueue: file with one message per line; -: standard input").translated())
        ->type_name("FILE")
        ->capture_default_str();
    app->add_option("--lease", how->lease_ms,
                    message("worker: after so many ms others look for what a dead one left").translated())
        ->check(CLI::Range(std::int64_t{100}, std::int64_t{86'400'000}))
        ->type_name("MS")
        ->capture_default_str();
    app->add_option("--concurrency", how->concurrency, message("maximum number of messages in flight").translated())
        ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
        ->capture_default_str();
    app->add_flag("--until-empty", how->until_empty, message("worker: ends when nothing is left to send").translated());
    app->add_option("--state", how->state, message("list: only messages in this state").translated())
        ->check(CLI::IsMember({"queued", "claimed", "sending", "sent", "failed", "unknown"}).description(""))
        ->type_name("queued|claimed|sending|sent|failed|unknown");
    app->add_option("--quarantine", how->quarantine_ms,
                    message("resend: refuse it so many ms after the last lease").translated())
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{86'400'000}))
        ->type_name("MS")
        ->capture_default_str();
    app->footer(
        message("A line of enqueue has a key, a chat and the fields of send-message; account, delay_ms and priority "
                "are optional:")
            .translated() +
        "\n  {\"key\":\"order 17\",\"chat\":\"group:big\",\"text\":\"shipped\"}\n" +
        message(
            "A key is one message, however often it is stored. No worker sends a message twice, whatever dies: one\n"
            "that may have arrived and is not found is unknown, and is sent again by resend only. A worker ends\n"
            "with SIGTERM, exit code 0. repair: after a backup was restored, before any worker runs.")
            .translated() +
        "\n" + example_footer("outbox worker --store sqlite:outbox.db"));
    return {app, [how](const settings& common) { return run_outbox(common, *how); }, false};
}

} // namespace cli
