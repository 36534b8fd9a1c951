// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "calls.hpp"
#include "command.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "lines.hpp"
#include "phrase.hpp"
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

// A line, understood. Throws `bad_field` where it is not; the tag is set whenever there is one.
struct job {
    void parse(const std::string& text);

    json::value tag;
    const call* what = nullptr;
    json::object fields;
    milliseconds pause{0};
    std::optional<milliseconds> deadline;
};

void job::parse(const std::string& text) {
    boost::system::error_code ec;
    json::value parsed = json::parse(text, ec);
    if (ec || !parsed.is_object()) {
        throw bad_field("line", ec ? phrase("is not JSON") : phrase("is not a JSON object"));
    }
    fields = std::move(parsed.get_object());
    if (const auto found = fields.find("tag"); found != fields.end()) {
        tag = std::move(found->value());
        fields.erase(found);
    }
    const auto name = fields.find("call");
    if (name == fields.end() || !name->value().is_string()) {
        throw bad_field("call", "is missing: the name of an endpoint");
    }
    what = find_call(std::string_view(name->value().get_string()));
    if (what == nullptr) {
        throw bad_field("call", "is no endpoint");
    }
    fields.erase(name);
    pause = milliseconds(take_number(fields, "wait_ms", 0, longest_ms).value_or(0));
    if (const auto ms = take_number(fields, "deadline_ms", 0, longest_ms)) {
        deadline = milliseconds(*ms);
    }
}

// As many workers as calls may be on their way at once; each takes the next line when it is free. All of them live on
// one io_context with one thread.
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
            co_await client_.async_shutdown(std::chrono::seconds(0)); // nothing runs; idle connections keep run() busy
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
            options.timeout = todo.deadline ? todo.deadline : options.timeout;
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
        std::cout << json::serialize(shown) << std::endl; // flushed: whoever reads may be waiting for it
    }

    // Cuts off what runs; each such call still prints what became of it.
    void stop() {
        stopped_ = true;
        client_.async_shutdown(std::chrono::seconds(0), asio::detached);
        leave_if_stopped();
    }

    // Nothing can interrupt a thread that waits for a line, so the program ends from here.
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
    CLI::App* app =
        program.add_subcommand("batch", phrase("Run many calls over one pool: one JSON object a line on stdin").said());
    app->add_option("--concurrency", *concurrency, phrase("Calls on their way at once; 1: strictly in order").said())
        ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
        ->capture_default_str();
    app->footer(phrase("A line names a call and its fields as the API does, with an optional tag, wait_ms and "
                       "deadline_ms:")
                    .said() +
                "\n"
                R"(  {"call":"recall-msg","chat":"group:big","msg_id":"m1","tag":"any","wait_ms":100})"
                "\n" +
                phrase("One line comes out for each as it completes, {\"tag\",\"ok\":true,\"result\"} or\n"
                       "{\"tag\",\"ok\":false,\"error\"}. Exit code 0 when every line was processed.")
                    .said() +
                "\n" + example_footer("batch --concurrency 1 < calls.jsonl"));
    return {app, [concurrency](const settings& common) { return run_batch(common, *concurrency); }};
}

} // namespace cli
