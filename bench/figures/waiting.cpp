#include "figure.hpp"

#include "child.hpp"
#include "drive.hpp"
#include "peers/request.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <malloc.h>

#include <chrono>
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

// Bytes on the heap while `count` coroutines wait for a connection that never opens: the server accepts none.
double heap_of_waiting(const server_ports& server, std::size_t count) {
    return in_child([&] {
        asio::io_context io(1);
        const asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
        client_config config = config_for(silent.local_endpoint().port(), server.ca_file);
        config.pool.max_connections = 1;
        config.pool.max_queued = count;
        config.deadline = std::chrono::hours(1);
        config.pool.connect_timeout = std::chrono::hours(1);
        client by(io, config);
        const double before = heap_in_use();
        for (std::size_t i = 0; i < count; ++i) {
            asio::co_spawn(io, one_call(by), asio::detached);
        }
        while (by.stats().queued < count && io.poll() > 0) {}
        if (by.stats().queued != count) {
            throw std::runtime_error("the calls did not wait");
        }
        return std::vector<double>{heap_in_use() - before};
    })[0];
}

figure memory_per_waiting(const server_ports& server, const effort& how) {
    const std::size_t few = how.of(10'000);
    const std::size_t many = how.of(100'000);
    const double more = heap_of_waiting(server, many) - heap_of_waiting(server, few);
    return {"memory per waiting call, the caller's coroutine included",
            more / static_cast<double>(many - few),
            "bytes",
            0,
            3 * 1024,
            {"between " + std::to_string(few) + " and " + std::to_string(many) + " waiting"}};
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
    const std::string which = std::to_string(count) + " queued calls over 64 connections, all answered: ";
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
                memory_per_waiting(server, how)};
    for (figure& f : queue_many(server, how)) {
        all.push_back(std::move(f));
    }
    return all;
}

} // namespace yunhu::bench
