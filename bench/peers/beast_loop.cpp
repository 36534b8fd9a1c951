// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A simple coroutine loop over Beast: no pool, no timeout.

#include "loop.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

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
        co_await http::async_write(stream, request, asio::use_awaitable);

        http::response<http::string_body> response;
        co_await http::async_read(stream, buffer, response, asio::use_awaitable);
        bench::require_success(response.result_int(), response.body());
        cost.completed();
    }
}

} // namespace

int main(int argc, char** argv) {
    return bench::run_peer(argc, argv, "beast_loop", [](const bench::peer_options& options, bench::meter& cost) {
        bench::run_loops(options, cost, &calls);
    });
}
