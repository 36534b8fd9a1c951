// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "figure.hpp"

#include "allocation_sites.hpp"
#include "child.hpp"
#include "drive.hpp"
#include "heap_counter.hpp"
#include "peers/request.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace yunhu::bench {
namespace {

namespace asio = boost::asio;

constexpr std::size_t connections = 64;

double cpu_with_waiting(const server_ports& server, std::size_t waiting, std::size_t calls) {
    return in_child([&] {
        load what;
        what.connections = connections;
        what.callers = connections + waiting;
        what.warm_up = what.callers * 2;
        what.calls = calls;
        return std::vector<double>{drive(config_for(server.keep_alive, server.ca_file), what).cpu_us_per_call};
    })[0];
}

asio::awaitable<void> one_call(client& by) {
    co_await by.send_message({group(std::string(chat_id)), yunhu::text(std::string(bench::text))});
}

double heap_in_use() {
    const struct mallinfo2 now = mallinfo2();
    return static_cast<double>(now.uordblks) + static_cast<double>(now.hblkhd);
}

enum class style { coroutine, callback };

// Calls that wait because the server accepts no connection.
class waiting_calls {
public:
    waiting_calls(const server_ports& server, std::size_t count)
        : count_(count), silent_(io_, {asio::ip::address_v4::loopback(), 0}), by_(io_, config(server)) {}

    void start(style how) {
        for (std::size_t i = 0; i < count_; ++i) {
            if (how == style::coroutine) {
                asio::co_spawn(io_, one_call(by_), asio::detached);
            } else {
                by_.send_message({group(std::string(chat_id)), yunhu::text(std::string(bench::text))},
                                 [](const error_code&, const sent_message&) {});
            }
        }
        while (by_.stats().queued < count_ && io_.poll() > 0) {}
        if (by_.stats().queued != count_) {
            throw std::runtime_error("the calls did not wait");
        }
    }

private:
    [[nodiscard]] client_config config(const server_ports& server) const {
        client_config c = config_for(silent_.local_endpoint().port(), server.ca_file);
        c.pool.max_connections = 1;
        c.pool.max_queued = count_;
        c.timeout = std::chrono::hours(1);
        c.pool.connect_timeout = std::chrono::hours(1);
        return c;
    }

    std::size_t count_;
    asio::io_context io_{1};
    asio::ip::tcp::acceptor silent_;
    client by_;
};

// Bytes on the heap while `count` calls wait for a connection.
double heap_of_waiting(const server_ports& server, std::size_t count, style how) {
    return in_child([&] {
        waiting_calls calls(server, count);
        const double before = heap_in_use();
        calls.start(how);
        return std::vector<double>{heap_in_use() - before};
    })[0];
}

// Allocation sites of a waiting call, including memory that was freed before it waited.
std::vector<std::string> who_allocates(const server_ports& server, style how) {
    constexpr std::size_t count = 1000;
    waiting_calls calls(server, count);
    count_heap_begin();
    calls.start(how);
    std::vector<allocation_site> sites = name_allocation_sites(count_heap_end());
    std::sort(sites.begin(), sites.end(), [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
    std::vector<std::string> lines;
    for (const allocation_site& site : sites) {
        if (site.bytes < count) {
            break;
        }
        lines.push_back(std::to_string(site.bytes / count) + " bytes in " +
                        std::to_string(static_cast<double>(site.times) / count) + ", " + site.layer);
        for (const std::string& frame : site.frames) {
            lines.back() += " < " + frame;
        }
    }
    return lines;
}

figure memory_per_waiting(const server_ports& server, const effort& how, style by) {
    const std::size_t few = how.of(10'000);
    const std::size_t many = how.of(100'000);
    const double more = heap_of_waiting(server, many, by) - heap_of_waiting(server, few, by);
    figure f{by == style::coroutine ? "memory per waiting call, the caller's coroutine included"
                                    : "memory per waiting call, with a callback",
             more / static_cast<double>(many - few),
             "bytes",
             0,
             3 * 1024,
             who_allocates(server, by)};
    f.notes.insert(f.notes.begin(),
                   "between " + std::to_string(few) + " and " + std::to_string(many) + " waiting; allocated for each:");
    return f;
}

figures queue_many(const server_ports& server, const effort& how) {
    const std::size_t count = how.of(100'000);
    const auto got = in_child([&] {
        load what;
        what.connections = connections;
        what.callers = count;
        what.calls = count;
        const double before = peak_memory();
        const cost done = drive(config_for(server.keep_alive, server.ca_file), what);
        return std::vector<double>{done.cpu_us_per_call, done.calls_per_second, before, peak_memory()};
    });
    const std::string which = std::to_string(count) + " queued calls over 64 connections, all succeeded: ";
    return {{which + "peak memory", got[3] / 1e6, "MB", 0, 0, {"of it " + std::to_string(got[2] / 1e6) + " MB before"}},
            {which + "CPU per call", got[0], "us", 0, 0, {std::to_string(got[1]) + " calls a second"}}};
}

} // namespace

figures measure_waiting(const server_ports& server, const effort& how) {
    std::vector<double> few;
    std::vector<double> many;
    for (std::size_t i = 0; i < how.rounds; ++i) {
        few.push_back(cpu_with_waiting(server, 64, how.of(60'000)));
        many.push_back(cpu_with_waiting(server, how.of(10'000), how.of(60'000)));
    }
    figures all{{"CPU per call with " + std::to_string(how.of(10'000)) + " waiting / with 64 waiting",
                 median(many),
                 "us",
                 median(few),
                 1.15,
                 {}},
                memory_per_waiting(server, how, style::coroutine),
                memory_per_waiting(server, how, style::callback)};
    for (figure& f : queue_many(server, how)) {
        all.push_back(std::move(f));
    }
    return all;
}

} // namespace yunhu::bench
