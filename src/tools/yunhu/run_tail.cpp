// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "command.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "message.hpp"
#include "print.hpp"
#include "run.hpp"
#include "tail_policy.hpp"
#include "terminal.hpp"
#include "to_json.hpp"

#include <CLI/CLI.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <unistd.h>

namespace cli {
namespace {

struct tail_options {
    std::string chat;
    std::optional<std::uint64_t> since;
    std::uint64_t lines = 10;
    std::int64_t interval_ms = 1000;
    bool jsonl = false;
};

// Messages by their position in the chat.
using messages = std::map<std::uint64_t, yunhu::message>;

class follower {
public:
    follower(const settings& common, const tail_options& options, yunhu::chat chat, yunhu::client client)
        : options_(options), json_(common.json || options.jsonl), call_(common.call_options()), chat_(std::move(chat)),
          client_(std::move(client)) {}

    // Ends by an error only.
    asio::awaitable<yunhu::failure> follow() {
        std::optional<yunhu::failure> failed = co_await begin();
        if (failed) {
            co_return *failed; // a first call that fails is a mistake of the command line, or a server that is down
        }
        asio::steady_timer pause(co_await asio::this_coro::executor);
        unsigned failures = 0; // in a row
        for (;;) {
            pause.expires_after(pause_after(std::chrono::milliseconds(options_.interval_ms), failures));
            co_await pause.async_wait(asio::use_awaitable);
            failed = co_await print_news();
            if (failed && is_final(*failed)) {
                co_return *failed;
            }
            if (failed && failures == 0) {
                print_failure(std::cerr, *failed);
                std::cerr << message("yunhu: keeps retrying").translated() << std::endl;
            }
            failures = failed ? failures + 1 : 0;
        }
    }

private:
    // The start of the next page: after the printed messages, or after the newest ones.
    asio::awaitable<std::optional<yunhu::failure>> begin() {
        if (options_.since) {
            cursor_ = *options_.since;
            co_return co_await print_news();
        }
        yunhu::list_message_request newest(chat_, std::max<std::uint64_t>(options_.lines, 1));
        auto page = co_await client_.list_message(std::move(newest), call_, yunhu::as_result);
        if (page.has_error()) {
            co_return page.error();
        }
        messages found;
        for (yunhu::message& m : page->messages) {
            found.insert_or_assign(m.msg_seq, std::move(m));
        }
        if (!found.empty()) {
            cursor_ = found.rbegin()->first;
        }
        while (found.size() > options_.lines) {
            found.erase(found.begin());
        }
        print(found);
        co_return std::nullopt;
    }

    asio::awaitable<std::optional<yunhu::failure>> print_news() {
        yunhu::list_message_by_seq_request request(chat_, cursor_);
        auto page = co_await client_.list_message_by_seq(std::move(request), call_, yunhu::as_result);
        if (page.has_error()) {
            co_return page.error();
        }
        messages news;
        take_news(std::move(page->messages), news);
        // The response has the newest messages only and does not show a gap.
        while (!news.empty() && news.begin()->first > cursor_ + 1) {
            yunhu::list_message_request older(chat_, page_size, news.begin()->second.msg_id);
            page = co_await client_.list_message(std::move(older), call_, yunhu::as_result);
            if (page.has_error()) {
                co_return page.error(); // no message was printed: the next attempt starts over
            }
            const bool reached_known_ones =
                std::ranges::any_of(page->messages, [&](const yunhu::message& m) { return m.msg_seq <= cursor_; });
            const std::size_t before = news.size();
            take_news(std::move(page->messages), news);
            if (reached_known_ones || news.size() == before) {
                break;
            }
        }
        print(news);
        if (!news.empty()) {
            cursor_ = news.rbegin()->first;
        }
        co_return std::nullopt;
    }

    void take_news(std::vector<yunhu::message> from, messages& into) const {
        for (yunhu::message& m : from) {
            if (m.msg_seq > cursor_) {
                into.insert_or_assign(m.msg_seq, std::move(m));
            }
        }
    }

    void print(const messages& found) const {
        for (const auto& [seq, m] : found) {
            if (json_) {
                std::cout << tools::json_line(to_json(m, chat_)) << '\n';
            } else {
                print_message(std::cout, to_json(m, chat_),
                              is_terminal(STDOUT_FILENO) ? std::optional(terminal_columns(STDOUT_FILENO))
                                                         : std::nullopt);
            }
        }
        std::cout.flush();
    }

    static constexpr std::uint64_t page_size = 50;

    tail_options options_;
    bool json_;
    yunhu::call_options call_;
    yunhu::chat chat_;
    yunhu::client client_;
    std::uint64_t cursor_ = 0; // the newest that was printed or passed over
};

asio::awaitable<int> follow(std::unique_ptr<follower> chat, bool json) {
    try {
        const yunhu::failure end = co_await chat->follow();
        if (end.code == asio::error::operation_aborted) {
            co_return fine; // Ctrl-C is how this ends
        }
        co_return report_failure(json, end);
    } catch (const boost::system::system_error& e) {
        if (e.code() != asio::error::operation_aborted) {
            throw;
        }
        co_return fine; // Ctrl-C in a pause
    }
}

int run_tail(const settings& common, const tail_options& options) {
    asio::io_context io;
    yunhu::chat chat = parse_chat("chat", options.chat);
    auto work = std::make_unique<follower>(common, options, std::move(chat), yunhu::client(io, common.config()));
    return run_to_end(io, follow(std::move(work), common.json || options.jsonl));
}

} // namespace

command tail_command(CLI::App& program) {
    const auto options = std::make_shared<tail_options>();
    CLI::App* app = program.add_subcommand("tail", message("Follow a chat: print its new messages").translated());
    app->add_option("--chat", options->chat, chat_help.translated())->type_name("TYPE:ID")->required();
    app->add_option("--since", options->since,
                    message("begin after this msg_seq; if absent, with the newest messages").translated())
        ->type_name("N");
    app->add_option("-n,--lines", options->lines, message("number of newest messages to begin with").translated())
        ->type_name("N")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1000}))
        ->capture_default_str();
    app->add_option("--interval", options->interval_ms, message("interval between two look-ups, in ms").translated())
        ->check(CLI::Range(std::int64_t{10}, longest_ms))
        ->capture_default_str();
    app->add_flag("--jsonl", options->jsonl, message("one JSON object per line, the same as --json").translated());
    app->footer(
        message("Ends with Ctrl-C, exit code 0. While the server can't be reached or gives no usable response, tail "
                "keeps retrying, ever more rarely, up to once a minute. Later edits and recalls of printed messages "
                "are not shown. On a terminal a line ends at its edge; --json prints all.")
            .translated() +
        "\n" + example_footer("tail --chat group:big --jsonl"));
    return {app, [options](const settings& common) { return run_tail(common, *options); }};
}

} // namespace cli
