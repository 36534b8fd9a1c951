// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Ten thousand concurrent sends over a few connections: `many [SENDS [CONNECTIONS]]`. Shows a progress bar on a
// terminal, then the rate, and checks that every message arrived exactly once.

#include <yunhu/client.hpp>
#include <yunhu/testing/emulator.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <unistd.h>

namespace asio = boost::asio;
using namespace std::chrono_literals;

// A progress bar, redrawn ten times a second until it is full or stopped.
class progress_bar {
public:
    progress_bar(asio::io_context& io, const std::size_t& done, std::size_t all) : timer_(io), done_(done), all_(all) {
        if (isatty(STDOUT_FILENO) == 1) {
            draw();
        }
    }
    void stop() {
        if (isatty(STDOUT_FILENO) == 1) {
            timer_.cancel();
            show();
            std::cout << std::endl;
        }
    }

private:
    void draw() {
        show();
        timer_.expires_after(100ms);
        timer_.async_wait([this](const yunhu::error_code& ec) {
            if (!ec && done_ < all_) {
                draw();
            }
        });
    }
    void show() const {
        const std::size_t full = done_ * 40 / all_;
        std::cout << "\r[" << std::string(full, '#') << std::string(40 - full, '.') << "] " << done_ << '/' << all_
                  << std::flush;
    }

    asio::steady_timer timer_;
    const std::size_t& done_;
    std::size_t all_;
};

// Starts all sends at once; returns the ids of the acknowledged messages.
std::set<std::string> send_all(const yunhu::client_config& config, std::size_t count) {
    asio::io_context io;
    std::optional<yunhu::client> client(std::in_place, io, config);
    std::set<std::string> acknowledged;
    std::size_t done = 0;
    std::map<std::string, std::size_t> failed;
    progress_bar bar(io, done, count);

    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < count; ++i) {
        // A callback costs less than a coroutine per call. `done` needs no lock: run() has one thread.
        client->send_message({yunhu::group("big"), yunhu::text("number " + std::to_string(i))},
                             [&](yunhu::error_code ec, yunhu::sent_message sent) {
                                 if (ec) {
                                     ++failed[std::string(yunhu::name(ec))];
                                 } else {
                                     acknowledged.insert(sent.msg_id);
                                 }
                                 if (++done == count) {
                                     bar.stop();
                                     client.reset(); // the last handle: run() returns
                                 }
                             });
    }
    io.run();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;

    std::cout << acknowledged.size() << " acknowledged in " << std::fixed << std::setprecision(2) << elapsed.count()
              << " s: " << std::setprecision(0) << static_cast<double>(acknowledged.size()) / elapsed.count()
              << " a second\n";
    for (const auto& [kind, times] : failed) {
        std::cout << times << " failed: " << kind << '\n';
    }
    return acknowledged;
}

int main(int argc, char** argv) {
    try {
        const std::size_t count = argc > 1 ? std::stoul(argv[1]) : 10'000;
        yunhu::testing::emulator server;
        yunhu::client_config config{server.options().token};
        config.base_url = server.base_url();
        config.tls.ca_pem = server.ca_pem();
        config.pool.max_connections = argc > 2 ? std::stoul(argv[2]) : 16;
        config.pool.max_queued = count; // calls that wait for a connection; one more would fail as overloaded
        config.timeout = 10min;         // from the start of the call, waiting included

        const std::set<std::string> acknowledged = send_all(config, count);

        std::map<std::string, int> arrived;
        for (const yunhu::testing::exchange& e : server.journal()) {
            ++arrived[e.msg_id];
        }
        std::size_t once = 0;
        for (const std::string& id : acknowledged) {
            once += arrived[id] == 1 ? 1 : 0;
        }
        std::cout << once << " of " << count << " arrived exactly once, over " << server.connections_accepted()
                  << " connections\n";
        return once == count && server.connections_accepted() <= config.pool.max_connections ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
