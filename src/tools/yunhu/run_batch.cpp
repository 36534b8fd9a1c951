// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "calls.hpp"
#include "command.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "lines.hpp"
#include "message.hpp"
#include "to_json.hpp"

#include <CLI/CLI.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

namespace cli {
namespace {

using std::chrono::milliseconds;

// A parsed line. `parse` throws `bad_field` for an invalid one; the tag is set even then.
struct job {
    void parse(const std::string& text);

    json::value tag;
    const call* what = nullptr;
    json::object fields;
    milliseconds pause{0};
    std::optional<milliseconds> timeout;
};

void job::parse(const std::string& text) {
    boost::system::error_code ec;
    json::value parsed = json::parse(text, ec);
    if (ec || !parsed.is_object()) {
        throw bad_field("line", ec ? message("must be JSON") : message("must be a JSON object"));
    }
    fields = std::move(parsed.get_object());
    if (const auto found = fields.find("tag"); found != fields.end()) {
        tag = std::move(found->value());
        fields.erase(found);
    }
    const auto name = fields.find("call");
    if (name == fields.end() || !name->value().is_string()) {
        throw bad_field("call", "must be the name of an endpoint");
    }
    what = find_call(std::string_view(name->value().get_string()));
    if (what == nullptr) {
        throw bad_field("call", "is not an endpoint");
    }
    fields.erase(name);
    pause = milliseconds(take_number(fields, "wait_ms", 0, longest_ms).value_or(0));
    if (const auto ms = take_number(fields, "timeout_ms", 0, longest_ms)) {
        timeout = milliseconds(*ms);
    }
}

// One worker for each concurrent call; an idle worker takes the next line. All run on one io_context with one thread.
class batch {
public:
    batch(asio::io_context& io, const settings& common, std::size_t concurrency)
        : client_(io, common.config()), options_(common.call_options()), lines_(std::cin),
          interrupt_(io, SIGINT, SIGTERM), working_(concurrency) {
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
    }

private:
    asio::awaitable<void> work() {
        while (auto next = co_await lines_.next()) {
            if (next->text.find_first_not_of(" \t\r") != std::string::npos) {
                co_await process(std::move(*next));
            }
        }
        if (--working_ == 0) {
            interrupt_.cancel();
            co_await client_.async_shutdown(std::chrono::seconds(0)); // idle connections keep run() busy
        }
    }

    asio::awaitable<void> process(line from) {
        job todo;
        outcome end;
        try {
            todo.parse(from.text);
        } catch (const bad_field& e) {
            end = refused({}, e);
        }
        if (std::holds_alternative<json::object>(end)) {
            asio::steady_timer pause(co_await asio::this_coro::executor, todo.pause);
            co_await pause.async_wait(asio::use_awaitable);
            yunhu::call_options options = options_;
            options.timeout = todo.timeout ? todo.timeout : options.timeout;
            ++running_;
            end = co_await todo.what->run(client_, std::move(todo.fields), options);
            --running_;
        }
        print(todo.tag, from.number, end);
        leave_if_stopped();
    }

    static void print(const json::value& tag, std::size_t number, const outcome& end) {
        json::object shown{{"tag", tag}};
        if (const auto* failed = std::get_if<yunhu::failure>(&end)) {
            json::object error = to_json(*failed);
            error.emplace("line", number);
            shown.emplace("ok", false);
            shown.emplace("error", std::move(error));
        } else {
            shown.emplace("ok", true);
            shown.emplace("result", std::get<json::object>(end));
        }
        std::cout << json::serialize(shown) << std::endl; // flushed, because a reader may wait for it
    }

    // Aborts the running calls; each still prints its outcome.
    void stop() {
        stopped_ = true;
        client_.async_shutdown(std::chrono::seconds(0), asio::detached);
        leave_if_stopped();
    }

    // A thread that waits for a line can't be interrupted, so the program exits here.
    void leave_if_stopped() const {
        if (stopped_ && running_ == 0) {
            std::_Exit(interrupted);
        }
    }

    yunhu::client client_;
    yunhu::call_options options_;
    line_reader lines_;
    asio::signal_set interrupt_;
    std::size_t working_;     // workers
    std::size_t running_ = 0; // calls
    bool stopped_ = false;
};

int run_batch(const settings& common, std::size_t concurrency) {
    asio::io_context io(1);
    batch all(io, common, concurrency);
    io.run();
    return fine;
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
        R"(  {"call":"recall-msg","chat":"group:big","msg_id":"m1","tag":"any","wait_ms":100})"
        "\n" +
        message("Prints one line for each completed call, {\"tag\",\"ok\":true,\"result\"} or\n"
                "{\"tag\",\"ok\":false,\"error\"}. Exit code 0 if every line was processed.")
            .translated() +
        "\n" + example_footer("batch --concurrency 1 < calls.jsonl"));
    return {app, [concurrency](const settings& common) { return run_batch(common, *concurrency); }};
}

} // namespace cli
