// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "command.hpp"
#include "event_json.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "message.hpp"
#include "print.hpp"
#include "run.hpp"
#include "standard_streams.hpp"
#include "terminal.hpp"

#include <yunhu/cursor_store.hpp>
#include <yunhu/inbox.hpp>

#include <CLI/CLI.hpp>

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <unistd.h>

namespace cli {
namespace {

struct listen_settings {
    std::vector<std::string> follow;
    std::string cursors;
    std::string gateway_url;
    std::string user_id;
};

yunhu::inbox_options inbox_options_of(const settings& common, const listen_settings& what) {
    if (what.user_id.empty()) {
        throw bad_field("user_id", "must be given by --user-id or YUNHU_USER_ID");
    }
    yunhu::inbox_options options(what.user_id, common.token);
    if (!what.gateway_url.empty()) {
        options.gateway_url = what.gateway_url;
    } else if (common.base_url != yunhu::client_config().base_url) { // another service: its gateway is not known
        throw bad_field("gateway", "must be given by --gateway or YUNHU_GATEWAY_URL, as --base-url is");
    }
    options.allow_plain_ws_to_loopback = common.allow_plain_http;
    for (const std::string& chat : what.follow) {
        options.follow.push_back(parse_chat("follow", chat));
    }
    if (!what.cursors.empty()) {
        options.cursors = std::make_shared<yunhu::cursor_file>(what.cursors);
    }
    options.acknowledge = yunhu::acknowledgement::by_request;
    return options;
}

class listener {
public:
    listener(bool json, yunhu::client client, yunhu::inbox_options options)
        : json_(json), inbox_(std::move(client), std::move(options)) {}

    /// Until it is cancelled, output is lost, or the session can't go on.
    asio::awaitable<int> listen() {
        co_await asio::this_coro::throw_if_cancelled(false); // what `next` has returned is printed first
        std::optional<yunhu::failure> failed;
        while (!failed && (co_await asio::this_coro::cancellation_state).cancelled() == asio::cancellation_type::none) {
            auto got = co_await inbox_.next(yunhu::as_result);
            if (got.has_error()) {
                failed = got.error();
            } else if (*got && print(**got)) {
                failed = refusal_in(**got);
            } else {
                break; // output is lost
            }
        }
        if (failed && failed->code == asio::error::operation_aborted) {
            failed.reset(); // Ctrl-C is how this ends
        }
        co_await asio::this_coro::reset_cancellation_state();
        co_await asio::this_coro::throw_if_cancelled(false);
        auto stopped = co_await inbox_.async_stop(yunhu::as_result);
        if (!failed && stopped.has_error()) {
            failed = stopped.error();
        }
        co_return failed ? report_failure(json_, *failed) : fine;
    }

private:
    // An event is acknowledged when its line is written: one that was lost is printed again by the next run.
    bool print(const yunhu::event& e) {
        if (json_) {
            std::cout << tools::json_line(to_json(e)) << std::endl;
        } else {
            print_event(std::cout, e,
                        is_terminal(STDOUT_FILENO) ? std::optional(terminal_columns(STDOUT_FILENO)) : std::nullopt);
            std::cout.flush();
        }
        if (tools::error_of(std::cout)) {
            return false;
        }
        inbox_.acknowledge(e);
        return true;
    }

    // The failure that a refused token is.
    static std::optional<yunhu::failure> refusal_in(const yunhu::event& e) {
        const auto* session = std::get_if<yunhu::session_event>(&e);
        if (session == nullptr || session->state != yunhu::session_state::refused) {
            return std::nullopt;
        }
        yunhu::failure f;
        f.code = session->reason;
        f.delivery = yunhu::delivery::answered;
        f.attempts = 1;
        f.api_code = session->api_code;
        f.api_msg = session->text;
        f.detail = session->detail;
        return f;
    }

    bool json_;
    yunhu::inbox inbox_;
};

asio::awaitable<int> listen(std::unique_ptr<listener> account) {
    co_return co_await account->listen();
}

int run_listen(const settings& common, const listen_settings& what) {
    asio::io_context io;
    yunhu::inbox_options options = inbox_options_of(common, what);
    yunhu::client_config config = common.config();
    config.timeout = std::chrono::milliseconds(common.timeout_ms);
    auto account = std::make_unique<listener>(common.json, yunhu::client(io, config), std::move(options));
    return run_to_end(io, listen(std::move(account)));
}

} // namespace

command listen_command(CLI::App& program) {
    const auto what = std::make_shared<listen_settings>();
    CLI::App* app =
        program.add_subcommand("listen", message("Print the events of the account as they happen").translated());
    app->add_option("--follow", what->follow, message("only the events of this chat; repeatable").translated())
        ->type_name("TYPE:ID")
        ->expected(1)
        ->take_all();
    app->add_option("--cursors", what->cursors,
                    message("file with the positions, from which the next run goes on").translated())
        ->type_name("FILE");
    app->add_option("--gateway", what->gateway_url, message("URL of the push gateway").translated())
        ->envname("YUNHU_GATEWAY_URL")
        ->type_name("URL");
    app->add_option("--user-id", what->user_id, message("the account's own id").translated())
        ->envname("YUNHU_USER_ID")
        ->type_name("ID");
    app->footer(
        message("Ends with Ctrl-C, exit code 0. Connects again by itself; what was missed meanwhile is printed in its "
                "place, and what can't be is named by a gap. A refused token ends it.")
            .translated() +
        "\n" +
        message("With --cursors every message is printed at least once over all runs: one that is killed leaves to the "
                "next what it printed within the last second. Without, it begins with what happens from now on.")
            .translated() +
        "\n" + example_footer("listen --follow group:big --cursors big.cursors --json"));
    return {app, [what](const settings& common) { return run_listen(common, *what); }};
}

} // namespace cli
