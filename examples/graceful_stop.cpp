// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Three bots that shut down gracefully at SIGTERM or Ctrl-C: their pauses end, running calls are drained, then the
// client closes. With YUNHU_TOKEN and YUNHU_GROUP against Yunhu; without them it sends itself the signal.
#include "example_env.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <exception>
#include <iostream>
#include <list>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;

// The pauses of several coroutines on one thread. `async_shutdown` ends calls; a coroutine that sleeps would go on
// sleeping, and be destroyed in the middle of its work.
class pauses {
public:
    // False: the program stops.
    asio::awaitable<bool> wait(std::chrono::milliseconds duration) {
        if (stopping_) {
            co_return false;
        }
        asio::steady_timer timer(co_await asio::this_coro::executor, duration);
        const auto place = timers_.insert(timers_.end(), &timer);
        auto ended = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        timers_.erase(place);
        auto& [cancelled] = ended;
        co_return !cancelled && !stopping_;
    }
    void stop() {
        stopping_ = true;
        for (asio::steady_timer* timer : timers_) {
            timer->cancel();
        }
    }

private:
    std::list<asio::steady_timer*> timers_;
    bool stopping_ = false;
};

// One of the bots: sends a message periodically, until the program stops.
asio::awaitable<void> send_periodically(yunhu::client client, example_env& env, pauses& all, std::string name) {
    for (int i = 1;; ++i) {
        const std::string text = name + ' ' + std::to_string(i);
        auto sent = co_await client.send_message({env.group(), yunhu::text(text)}, yunhu::as_result);
        if (sent.has_value()) {
            std::cout << "sent " << text << std::endl;
        } else if (sent.error().code == yunhu::errc::client_closed) {
            co_return;
        } else {
            std::cerr << sent.error() << '\n';
        }
        if (i == 3 && env.emulator() != nullptr) {
            std::raise(SIGTERM);
        }
        if (!co_await all.wait(env.emulator() != nullptr ? 10ms : 5s)) {
            std::cout << name << " has stopped" << std::endl;
            co_return;
        }
    }
}

// Waits for a signal; wakes the bots; then waits for running calls, at most ten seconds.
asio::awaitable<void> stop_at_signal(yunhu::client client, pauses& all, std::size_t& aborted) {
    asio::signal_set signals(co_await asio::this_coro::executor, SIGINT, SIGTERM);
    co_await signals.async_wait(asio::use_awaitable);
    std::cout << "stopping" << std::endl;
    all.stop();
    aborted = co_await client.async_shutdown(10s);
}

int main() {
    try {
        example_env env;
        asio::io_context io;
        pauses all;
        std::size_t aborted = 0;
        const auto rethrow = [](std::exception_ptr failed) {
            if (failed) {
                std::rethrow_exception(failed); // leaves run()
            }
        };
        {
            yunhu::client client(io, env.config());
            asio::co_spawn(io, stop_at_signal(client, all, aborted), rethrow);
            for (const char* const name : {"morning", "noon", "evening"}) {
                asio::co_spawn(io, send_periodically(client, env, all, name), rethrow);
            }
        }
        io.run();
        std::cout << "stopped; " << aborted << " calls were aborted\n";
        return aborted == 0 ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
