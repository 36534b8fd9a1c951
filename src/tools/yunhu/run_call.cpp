// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "run.hpp"

#include "exit_code.hpp"
#include "message.hpp"
#include "output.hpp"
#include "print.hpp"
#include "terminal.hpp"
#include "to_json.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdint>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include <unistd.h>

namespace cli {
namespace {

// A page without some of its messages must not pass for a complete one.
void print_left_out(const json::object& reply) {
    if (const json::value* unreadable = reply.if_contains("unreadable"); unreadable != nullptr) {
        std::cerr << translated(reply.contains("msg") && reply.at("msg").is_array()
                                    ? message("yunhu: left out: {0} messages that can't be read")
                                    : message("yunhu: left out: {0} records that can't be read"),
                                {std::to_string(unreadable->to_number<std::uint64_t>())})
                  << '\n';
    }
}

} // namespace

int print_outcome(const settings& common, const call& what, const outcome& end) {
    if (const auto* failed = std::get_if<yunhu::failure>(&end)) {
        return report_failure(common.json, *failed, what.retry);
    }
    const auto& reply = std::get<json::object>(end);
    print_left_out(reply);
    if (common.json) {
        std::cout << tools::json_line(reply) << std::endl;
    } else if (what.form == reply_form::yes_or_no) {
        print_yes_or_no(std::cout, reply);
    } else {
        const auto print = what.form == reply_form::fields ? print_lookup : print_reply;
        print(std::cout, reply,
              is_terminal(STDOUT_FILENO) ? std::optional(terminal_columns(STDOUT_FILENO)) : std::nullopt);
    }
    return fine;
}

int report_failure(bool in_json, const yunhu::failure& f, yunhu::retry_class retry) {
    if (in_json) {
        std::cout << tools::json_line(json::object{{"error", to_json(f)}}) << std::endl;
    } else {
        print_failure(std::cerr, f, retry);
    }
    return exit_code_of(f, retry);
}

asio::awaitable<int> call_and_print(settings common, const call* what, yunhu::client client, json::object fields) {
    const outcome end = co_await what->run(client, std::move(fields), common.call_options());
    co_return print_outcome(common, *what, end);
}

int run_to_end(asio::io_context& io, asio::awaitable<int> work, std::function<void()> polite,
               when_output_is_lost then) {
    asio::signal_set interrupt(io, SIGINT, SIGTERM);
    output_watch output(io);
    asio::cancellation_signal cancel;
    int exit_code = transport;
    bool ended = false; // a signal of before that is handled after it would be waited for again
    asio::co_spawn(io, std::move(work),
                   asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr failed, int code) {
                       ended = true;
                       interrupt.cancel();
                       output.cancel();
                       if (failed) {
                           std::rethrow_exception(failed); // out of run()
                       }
                       exit_code = code;
                   }));
    const auto stop = [&] {
        if (polite) {
            std::exchange(polite, {})();
        } else {
            cancel.emit(asio::cancellation_type::terminal);
        }
    };
    const std::function<void(const yunhu::error_code&, int)> on_signal = [&](const yunhu::error_code& ec, int) {
        if (!ec && !ended) {
            interrupt.async_wait(on_signal);
            stop();
        }
    };
    interrupt.async_wait(on_signal);
    if (then == when_output_is_lost::stop) {
        output.async_wait(stop);
    }
    io.run();
    return exit_code;
}

int run_call(const settings& common, const call& what, json::object fields) {
    asio::io_context io; // the coroutine has the only handle of the client: run() returns after its end
    return run_to_end(io, call_and_print(common, &what, yunhu::client(io, common.config()), std::move(fields)), {},
                      when_output_is_lost::finish);
}

} // namespace cli
