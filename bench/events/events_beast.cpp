// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/push.pb.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <string>

// What one writes by hand: a Beast WebSocket loop that decodes each frame by protobuf. No reconnect, no order, no
// duplicates removed, no cursors.
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;
using stream = beast::websocket::stream<ssl::stream<asio::ip::tcp::socket>>;

struct options {
    std::string port;
    std::string ca_file;
    std::size_t events = 100'000;
};

// The server begins when a list of conversations was asked for.
asio::awaitable<void> ask_for_conversations(ssl::context& tls, options with) {
    auto executor = co_await asio::this_coro::executor;
    ssl::stream<asio::ip::tcp::socket> connection(executor, tls);
    const asio::ip::tcp::endpoint to(asio::ip::address_v4::loopback(),
                                     static_cast<std::uint16_t>(std::stoi(with.port)));
    co_await connection.lowest_layer().async_connect(to, asio::use_awaitable);
    co_await connection.async_handshake(ssl::stream_base::client, asio::use_awaitable);
    beast::http::request<beast::http::string_body> request(beast::http::verb::post, "/v1/conversation/list", 11);
    request.set(beast::http::field::host, "127.0.0.1");
    request.set("token", "test-token");
    request.set(beast::http::field::content_type, "application/x-protobuf");
    request.prepare_payload();
    co_await beast::http::async_write(connection, request, asio::use_awaitable);
    beast::flat_buffer buffer;
    beast::http::response<beast::http::string_body> response;
    co_await beast::http::async_read(connection, buffer, response, asio::use_awaitable);
}

asio::awaitable<void> take(ssl::context& tls, options with) {
    auto executor = co_await asio::this_coro::executor;
    stream socket(executor, tls);
    const asio::ip::tcp::endpoint to(asio::ip::address_v4::loopback(),
                                     static_cast<std::uint16_t>(std::stoi(with.port)));
    co_await beast::get_lowest_layer(socket).async_connect(to, asio::use_awaitable);
    co_await socket.next_layer().async_handshake(ssl::stream_base::client, asio::use_awaitable);
    co_await socket.async_handshake("127.0.0.1", "/ws", asio::use_awaitable);
    socket.text(true);
    const std::string login = R"({"seq":"1","cmd":"login","data":{"userId":"1","token":"test-token",)"
                              R"("platform":"linux","deviceId":"d-1"}})";
    co_await socket.async_write(asio::buffer(login), asio::use_awaitable);
    const std::string heartbeat = R"({"seq":"2","cmd":"heartbeat","data":{}})";
    co_await socket.async_write(asio::buffer(heartbeat), asio::use_awaitable);
    co_await ask_for_conversations(tls, with);
    beast::flat_buffer buffer;
    std::size_t taken = 0;
    std::size_t bytes = 0;
    std::chrono::steady_clock::time_point first;
    while (taken < with.events) {
        co_await socket.async_read(buffer, asio::use_awaitable);
        yunhu::wire::WsWrapper frame;
        const auto data = buffer.cdata();
        if (frame.ParseFromArray(data.data(), static_cast<int>(data.size())) && frame.info().cmd() == "push_message") {
            yunhu::wire::PushMessage message;
            if (message.ParseFromString(frame.data().value())) {
                if (taken == 0) {
                    first = std::chrono::steady_clock::now();
                }
                ++taken;
                bytes += message.content().text().size();
            }
        }
        buffer.clear();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - first;
    std::cout << "events " << taken << "  per second " << static_cast<double>(taken) / took.count() << "  bytes "
              << bytes << '\n';
}

} // namespace

int main(int argc, char** argv) {
    options with;
    CLI::App app("Takes events by a hand-written loop");
    app.add_option("--port", with.port)->required();
    app.add_option("--ca-file", with.ca_file)->required();
    app.add_option("--events", with.events)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        asio::io_context context(1);
        ssl::context tls(ssl::context::tls_client);
        tls.load_verify_file(with.ca_file);
        tls.set_verify_mode(ssl::verify_peer);
        asio::co_spawn(context, take(tls, with), [&](std::exception_ptr thrown) {
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
