// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The Beast loop with a timeout for each operation.

#include "loop.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <chrono>
#include <string>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace bench = yunhu::bench;

namespace {

constexpr std::chrono::seconds at_most(30);

asio::awaitable<void> calls(const bench::peer_options& options, asio::ssl::context& tls, bench::meter& cost) {
    beast::ssl_stream<beast::tcp_stream> stream(co_await asio::this_coro::executor, tls);
    beast::tcp_stream& tcp = beast::get_lowest_layer(stream);
    tcp.expires_after(at_most);
    co_await tcp.async_connect(bench::server(options), asio::use_awaitable);
    tcp.socket().set_option(asio::ip::tcp::no_delay(true));
    tcp.expires_after(at_most);
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);

    const std::string host = bench::host(options.port);
    const std::string user_agent = bench::user_agent();
    bench::id_source ids;
    beast::flat_buffer buffer;
    while (cost.next()) {
        http::request<http::string_body> request(http::verb::post, bench::target, 11);
        request.set(http::field::host, host);
        request.set(http::field::user_agent, user_agent);
        request.set(http::field::content_type, bench::media_type);
        request.set(http::field::accept, bench::media_type);
        request.set("token", bench::token);
        request.body() = bench::request_body(ids.next());
        request.prepare_payload();
        tcp.expires_after(at_most);
        co_await http::async_write(stream, request, asio::use_awaitable);

        http::response<http::string_body> response;
        tcp.expires_after(at_most);
        co_await http::async_read(stream, buffer, response, asio::use_awaitable);
        bench::require_success(response.result_int(), response.body());
        cost.completed();
    }
}

} // namespace

int main(int argc, char** argv) {
    return bench::run_peer(argc, argv, "beast_tcp_stream", [](const bench::peer_options& options, bench::meter& cost) {
        bench::run_loops(options, cost, &calls);
    });
}
