// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/client.hpp>
#include <yunhu/inbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

// Takes events by an inbox and prints their number per second and their delay; or holds idle accounts and prints their
// memory.
namespace {

namespace asio = boost::asio;

struct options {
    std::string port;
    std::string ca_file;
    std::size_t events = 100'000;
    std::size_t accounts = 0;
};

yunhu::client_config config_for(const options& with) {
    yunhu::client_config made("test-token");
    made.base_url = "https://127.0.0.1:" + with.port;
    made.tls.ca_file = with.ca_file;
    return made;
}

yunhu::inbox_options inbox_for(const options& with, const std::string& id, const std::string& token) {
    yunhu::inbox_options made(id, token);
    made.gateway_url = "wss://127.0.0.1:" + with.port + "/ws";
    return made;
}

asio::awaitable<void> take(yunhu::client client, options with) {
    yunhu::inbox inbox(client, inbox_for(with, "1", "test-token"));
    std::vector<std::int64_t> delays;
    delays.reserve(with.events);
    std::chrono::steady_clock::time_point first;
    while (delays.size() < with.events) {
        const auto event = co_await inbox.next();
        if (!event) {
            break;
        }
        const auto* const m = std::get_if<yunhu::message_event>(&*event);
        if (m == nullptr) {
            continue;
        }
        if (delays.empty()) {
            first = std::chrono::steady_clock::now();
        }
        const auto now = std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
        delays.push_back(now - std::stoll(m->message.content->text));
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - first;
    std::sort(delays.begin(), delays.end());
    const auto at = [&](double part) {
        return static_cast<double>(delays[static_cast<std::size_t>(part * static_cast<double>(delays.size() - 1))]) /
               1e6;
    };
    std::cout << "events " << delays.size() << "  per second " << static_cast<double>(delays.size()) / took.count()
              << "  delay ms p50 " << at(0.5) << " p99 " << at(0.99) << " p99.9 " << at(0.999) << "  gaps "
              << inbox.stats().gaps << '\n';
}

std::size_t resident_kib() {
    std::ifstream file("/proc/self/statm");
    std::size_t all = 0;
    std::size_t resident = 0;
    file >> all >> resident;
    constexpr std::size_t kib_per_page = 4;
    return resident * kib_per_page;
}

void hold(asio::io_context& context, const yunhu::client& client, const options& with) {
    std::size_t open = 0;
    const auto start_one = [&](std::size_t number, std::vector<yunhu::inbox>& all) {
        const std::string id = "idle-" + std::to_string(number);
        all.emplace_back(client, inbox_for(with, id, id));
        all.back().next([&](yunhu::error_code ec, const yunhu::optional_result<yunhu::event>& e) {
            open += !ec && e && std::holds_alternative<yunhu::session_event>(*e) &&
                            std::get<yunhu::session_event>(*e).state == yunhu::session_state::connected
                        ? 1
                        : 0;
        });
    };
    std::vector<yunhu::inbox> all;
    all.reserve(with.accounts + 1);
    const auto settle = [&](std::size_t wanted) {
        while (open < wanted) {
            context.run_one();
        }
        while (client.stats().calls != 0) {
            context.run_one();
        }
    };
    constexpr std::size_t first = 10; // code, caches and the pool of the calls are there by then
    constexpr std::size_t at_once = 50;
    for (std::size_t i = 1; i <= std::min(first, with.accounts); ++i) {
        start_one(i, all);
    }
    settle(all.size());
    const std::size_t before = resident_kib();
    for (std::size_t i = all.size() + 1; i <= with.accounts; ++i) {
        start_one(i, all);
        if (i % at_once == 0) {
            settle(all.size());
        }
    }
    settle(all.size());
    const double each = static_cast<double>(resident_kib() - before) / static_cast<double>(all.size() - first);
    std::cout << "accounts " << all.size() << "  resident KiB an account " << each << '\n';
}

} // namespace

int main(int argc, char** argv) {
    options with;
    CLI::App app("Takes events by an inbox");
    app.add_option("--port", with.port)->required();
    app.add_option("--ca-file", with.ca_file)->required();
    app.add_option("--events", with.events)->capture_default_str();
    app.add_option("--accounts", with.accounts, "holds so many idle accounts instead")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        asio::io_context context(1);
        yunhu::client client(context, config_for(with));
        if (with.accounts != 0) {
            hold(context, client, with);
            return 0;
        }
        asio::co_spawn(context, take(client, with), [&](std::exception_ptr thrown) {
            context.stop();
            if (thrown) {
                std::rethrow_exception(thrown);
            }
        });
        context.run();
        return 0;
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
