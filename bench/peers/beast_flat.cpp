// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The Beast loop, optimised: the constant part of the request is built once, head and body leave from one reused buffer
// in one write.

#include "loop.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace bench = yunhu::bench;

namespace {

asio::awaitable<void> calls(const bench::peer_options& options, asio::ssl::context& tls, bench::meter& cost) {
    asio::ssl::stream<asio::ip::tcp::socket> stream(co_await asio::this_coro::executor, tls);
    co_await stream.next_layer().async_connect(bench::server(options), asio::use_awaitable);
    stream.next_layer().set_option(asio::ip::tcp::no_delay(true));
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);

    bench::id_source ids;
    std::string head = bench::request_head(options.port, bench::request_body(ids.next()).size());
    const std::string before_size = head.substr(0, head.rfind(' ') + 1);
    std::string out;
    beast::flat_buffer buffer;
    while (cost.next()) {
        const std::string body = bench::request_body(ids.next());
        out = before_size;
        out.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
        co_await asio::async_write(stream, asio::buffer(out), asio::use_awaitable);

        http::response<http::string_body> response;
        co_await http::async_read(stream, buffer, response, asio::use_awaitable);
        bench::require_success(response.result_int(), response.body());
        cost.completed();
    }
}

} // namespace

int main(int argc, char** argv) {
    return bench::run_peer(argc, argv, "beast_flat", [](const bench::peer_options& options, bench::meter& cost) {
        bench::run_loops(options, cost, &calls);
    });
}
