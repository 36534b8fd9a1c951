// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "figure.hpp"

#include "benchmarks.hpp"
#include "child.hpp"
#include "drive.hpp"
#include "peers/loop.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace yunhu::bench {
namespace {

namespace http = boost::beast::http;
using clock = std::chrono::steady_clock;

constexpr std::size_t warm_up = 100;

// Counts and times the calls of a coroutine, after a warm-up. Google Benchmark decides their number and reports their
// mean; a p50 needs the time of each.
class timed_calls {
public:
    explicit timed_calls(benchmark::State& state) : state_(state) {}

    /// Ends a call, if one is running, and begins the next; false: there is none.
    [[nodiscard]] bool next() {
        if (begun_ > warm_up) {
            elapsed_.push_back(std::chrono::duration<double, std::micro>(clock::now() - begin_).count());
        }
        ++begun_;
        const bool more = begun_ <= warm_up || state_.KeepRunning();
        begin_ = clock::now();
        return more;
    }
    void report() const { state_.counters["p50"] = median(elapsed_); }

private:
    benchmark::State& state_;
    std::size_t begun_ = 0;
    clock::time_point begin_;
    std::vector<double> elapsed_;
};

asio::awaitable<void> ours(client by, timed_calls& calls) {
    while (calls.next()) {
        co_await by.send_message({group(std::string(chat_id)), yunhu::text(std::string(bench::text))});
    }
}

asio::awaitable<void> beast(const server_ports& where, asio::ssl::context& tls, timed_calls& calls) {
    asio::ssl::stream<asio::ip::tcp::socket> stream(co_await asio::this_coro::executor, tls);
    const asio::ip::tcp::endpoint to(asio::ip::address_v4::loopback(), where.keep_alive);
    co_await stream.next_layer().async_connect(to, asio::use_awaitable);
    stream.next_layer().set_option(asio::ip::tcp::no_delay(true));
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    id_source ids;
    boost::beast::flat_buffer buffer;
    const std::string to_host = host(where.keep_alive);
    const std::string agent = user_agent();
    while (calls.next()) {
        http::request<http::string_body> request(http::verb::post, target, 11);
        request.set(http::field::host, to_host);
        request.set(http::field::user_agent, agent);
        request.set(http::field::content_type, media_type);
        request.set(http::field::accept, media_type);
        request.set("token", token);
        request.body() = request_body(ids.next());
        request.prepare_payload();
        co_await http::async_write(stream, request, asio::use_awaitable);
        http::response<http::string_body> response;
        co_await http::async_read(stream, buffer, response, asio::use_awaitable);
        require_success(response.result_int(), response.body());
    }
}

void run(asio::io_context& io, asio::awaitable<void> calls) {
    std::exception_ptr failed;
    asio::co_spawn(io, std::move(calls), [&](const std::exception_ptr& e) { failed = e; });
    io.run();
    if (failed) {
        std::rethrow_exception(failed);
    }
}

} // namespace

figures measure_latency(const server_ports& server, const effort& how) {
    const auto of_ours = [&](benchmark::State& state) {
        client_config config = config_for(server.keep_alive, server.ca_file);
        config.pool.max_connections = 1;
        asio::io_context io(1);
        timed_calls calls(state);
        run(io, ours(client(io, config), calls));
        calls.report();
    };
    const auto of_beast = [&](benchmark::State& state) {
        peer_options options;
        options.ca_file = server.ca_file;
        asio::ssl::context tls = trusting(options);
        asio::io_context io(1);
        timed_calls calls(state);
        run(io, beast(server, tls, calls));
        calls.report();
    };
    const std::size_t calls = how.of(4000);
    const auto results = run_benchmarks({{"ours", of_ours, calls}, {"beast", of_beast, calls}}, how);
    return {{"p50 latency of a lone call / a Beast loop's",
             results.at("ours").counters.at("p50"),
             "us",
             results.at("beast").counters.at("p50"),
             1.1,
             {}}};
}

} // namespace yunhu::bench
