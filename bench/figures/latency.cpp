// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "figure.hpp"

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
#include <exception>
#include <string>
#include <vector>

namespace yunhu::bench {
namespace {

namespace http = boost::beast::http;
using clock = std::chrono::steady_clock;

constexpr std::size_t warm_up = 100;

double us_since(clock::time_point begin) {
    return std::chrono::duration<double, std::micro>(clock::now() - begin).count();
}

asio::awaitable<void> ours(client by, std::size_t calls, std::vector<double>& elapsed) {
    for (std::size_t i = 0; i < warm_up + calls; ++i) {
        const clock::time_point begin = clock::now();
        co_await by.send_message({group(std::string(chat_id)), yunhu::text(std::string(bench::text))});
        if (i >= warm_up) {
            elapsed.push_back(us_since(begin));
        }
    }
}

asio::awaitable<void> beast(const server_ports& where, asio::ssl::context& tls, std::size_t calls,
                            std::vector<double>& elapsed) {
    asio::ssl::stream<asio::ip::tcp::socket> stream(co_await asio::this_coro::executor, tls);
    const asio::ip::tcp::endpoint to(asio::ip::address_v4::loopback(), where.keep_alive);
    co_await stream.next_layer().async_connect(to, asio::use_awaitable);
    stream.next_layer().set_option(asio::ip::tcp::no_delay(true));
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    id_source ids;
    boost::beast::flat_buffer buffer;
    const std::string to_host = host(where.keep_alive);
    const std::string agent = user_agent();
    for (std::size_t i = 0; i < warm_up + calls; ++i) {
        const clock::time_point begin = clock::now();
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
        if (i >= warm_up) {
            elapsed.push_back(us_since(begin));
        }
    }
}

double p50(asio::io_context& io, asio::awaitable<void> calls, std::vector<double>& elapsed) {
    std::exception_ptr failed;
    asio::co_spawn(io, std::move(calls), [&](const std::exception_ptr& e) { failed = e; });
    io.run();
    if (failed) {
        std::rethrow_exception(failed);
    }
    return median(elapsed);
}

double p50_of_ours(const server_ports& server, std::size_t calls) {
    return in_child([&] {
        client_config config = config_for(server.keep_alive, server.ca_file);
        config.pool.max_connections = 1;
        asio::io_context io(1);
        std::vector<double> elapsed;
        return std::vector<double>{p50(io, ours(client(io, config), calls, elapsed), elapsed)};
    })[0];
}

double p50_of_beast(const server_ports& server, std::size_t calls) {
    return in_child([&] {
        peer_options options;
        options.ca_file = server.ca_file;
        asio::ssl::context tls = trusting(options);
        asio::io_context io(1);
        std::vector<double> elapsed;
        return std::vector<double>{p50(io, beast(server, tls, calls, elapsed), elapsed)};
    })[0];
}

} // namespace

figures measure_latency(const server_ports& server, const effort& how) {
    std::vector<double> of_ours;
    std::vector<double> of_beast;
    for (std::size_t i = 0; i < how.rounds; ++i) {
        of_beast.push_back(p50_of_beast(server, how.of(4000)));
        of_ours.push_back(p50_of_ours(server, how.of(4000)));
    }
    return {{"p50 latency of a lone call / a Beast loop's", median(of_ours), "us", median(of_beast), 1.1, {}}};
}

} // namespace yunhu::bench
