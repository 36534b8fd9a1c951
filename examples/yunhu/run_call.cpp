#include "run.hpp"

#include "exit_code.hpp"
#include "print.hpp"
#include "to_json.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/serialize.hpp>

#include <csignal>
#include <exception>
#include <iostream>
#include <utility>

namespace cli {

int run_call(const settings& common, const call& what, json::object fields) {
    asio::io_context io;
    asio::signal_set interrupt(io, SIGINT, SIGTERM);
    asio::cancellation_signal cancel;
    outcome end;
    {
        // The coroutine holds the only other handle: run() returns when the call has ended.
        yunhu::client client(io, common.config());
        asio::co_spawn(io, what.run(client, std::move(fields), common.call_options()),
                       asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr failed, outcome o) {
                           interrupt.cancel();
                           if (failed) {
                               std::rethrow_exception(failed);
                           }
                           end = std::move(o);
                       }));
    }
    interrupt.async_wait([&](const yunhu::error_code& ec, int) {
        if (!ec) {
            cancel.emit(asio::cancellation_type::terminal);
        }
    });
    io.run();

    if (const auto* failed = std::get_if<yunhu::failure>(&end)) {
        if (common.json) {
            std::cout << json::serialize(json::object{{"error", to_json(*failed)}}) << std::endl;
        } else {
            print_failure(std::cerr, *failed);
        }
        return exit_code_of(*failed, what.retry);
    }
    if (common.json) {
        std::cout << json::serialize(std::get<json::object>(end)) << std::endl;
    } else {
        print_reply(std::cout, std::get<json::object>(end));
    }
    return fine;
}

} // namespace cli
