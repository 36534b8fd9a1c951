// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "batch_line.hpp"
#include "calls.hpp"
#include "command.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "lines.hpp"
#include "message.hpp"
#include "output.hpp"
#include "standard_streams.hpp"
#include "text_input.hpp"
#include "to_json.hpp"

#include <CLI/CLI.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <utility>

namespace cli {
namespace {

// One worker for each concurrent call; an idle worker takes the next line. All run on one io_context with one thread.
class batch {
public:
    batch(asio::io_context& io, const settings& common, std::size_t concurrency)
        : client_(io, common.config()), options_(common.call_options()), lines_(std::cin),
          interrupt_(io, SIGINT, SIGTERM), output_(io), working_(concurrency) {
        for (std::size_t i = 0; i < concurrency; ++i) {
            asio::co_spawn(io, work(), [](std::exception_ptr failed) {
                if (failed) {
                    std::rethrow_exception(failed); // out of run()
                }
            });
        }
        interrupt_.async_wait([this](const yunhu::error_code& ec, int) {
            if (!ec) {
                stop();
            }
        });
        output_.async_wait([this] { stop(); }); // no further call is sent when its outcome can't be printed
    }

    [[nodiscard]] int exit_code() const { return report_lost_input(lines_); }

private:
    asio::awaitable<void> work() {
        while (auto next = co_await lines_.next()) {
            if (next->number == 1) {
                remove_byte_order_mark(next->text);
            }
            if (next->text.find_first_not_of(" \t\r") != std::string::npos) {
                co_await process(std::move(*next));
            }
        }
        if (--working_ == 0) {
            interrupt_.cancel();
            output_.cancel();
            co_await client_.async_shutdown(std::chrono::seconds(0)); // idle connections keep run() busy
        }
    }

    asio::awaitable<void> process(line from) {
        batch_line todo;
        outcome end;
        try {
            todo.parse(from.text);
        } catch (const bad_field& e) {
            end = refused({}, e);
        }
        if (std::holds_alternative<json::object>(end)) {
            ++running_;
            co_await wait_before(todo.pause);
            yunhu::call_options options = options_;
            options.timeout = todo.timeout ? todo.timeout : options.timeout;
            end = co_await todo.what->run(client_, std::move(todo.fields), options);
            --running_;
        }
        print(todo.tag, from.number, end);
        leave_if_stopped();
    }

    // Ends early when the batch is stopped; the call is then refused by the closed client.
    asio::awaitable<void> wait_before(std::chrono::milliseconds time) {
        if (time.count() == 0 || stopped_) {
            co_return;
        }
        asio::steady_timer pause(co_await asio::this_coro::executor, time);
        pauses_.insert(&pause);
        boost::system::error_code ignored;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        pauses_.erase(&pause);
    }

    static void print(const std::string& tag, std::size_t number, const outcome& end) {
        std::string line = R"({"tag":)" + tag;
        if (const auto* failed = std::get_if<yunhu::failure>(&end)) {
            json::object error = to_json(*failed);
            error.emplace("line", number);
            line += R"(,"ok":false,"error":)" + json::serialize(error);
        } else {
            line += R"(,"ok":true,"result":)" + json::serialize(std::get<json::object>(end));
        }
        std::cout << tools::json_line_of(line + '}') << std::endl; // flushed, because a reader may wait for it
    }

    // Aborts the running calls and pauses; each still prints its outcome.
    void stop() {
        stopped_ = true;
        for (asio::steady_timer* pause : pauses_) {
            pause->cancel();
        }
        client_.async_shutdown(std::chrono::seconds(0), asio::detached);
        leave_if_stopped();
    }

    // A thread that waits for a line can't be interrupted, so the program exits here.
    void leave_if_stopped() const {
        if (stopped_ && running_ == 0) {
            std::_Exit(report_lost_output(interrupted));
        }
    }

    yunhu::client client_;
    yunhu::call_options options_;
    line_reader lines_;
    asio::signal_set interrupt_;
    output_watch output_;
    std::set<asio::steady_timer*> pauses_;
    std::size_t working_;     // workers
    std::size_t running_ = 0; // calls, those in their pause included
    bool stopped_ = false;
};

int run_batch(const settings& common, std::size_t concurrency) {
    asio::io_context io(1);
    batch all(io, common, concurrency);
    io.run();
    return all.exit_code();
}

} // namespace

command batch_command(CLI::App& program) {
    const auto concurrency = std::make_shared<std::size_t>(16);
    CLI::App* app = program.add_subcommand(
        "batch", message("Run many calls over one pool: one JSON object per line on stdin").translated());
    app->add_option("--concurrency", *concurrency,
                    message("Maximum number of concurrent calls; 1: strictly in order").translated())
        ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
        ->capture_default_str();
    app->footer(
        message("A line has a call and its fields, named as in the API, and optionally tag, wait_ms and timeout_ms:")
            .translated() +
        "\n"
        R"(  {"call":"recall-msg","chat":"group:big","msg_id":"m1","tag":1,"wait_ms":100})"
        "\n" +
        message("Prints one line for each completed call, {\"tag\",\"ok\":true,\"result\"} or\n"
                "{\"tag\",\"ok\":false,\"error\"}. Exit code 0 if every line was processed.")
            .translated() +
        "\n" + example_footer("batch --concurrency 1 < calls.jsonl"));
    return {app, [concurrency](const settings& common) { return run_batch(common, *concurrency); }};
}

} // namespace cli
