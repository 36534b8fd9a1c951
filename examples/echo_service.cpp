// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A bot inside an existing service: the same io_context, on one thread, also serves a TCP port with the bot's status.
// Runs against an emulator that receives three messages; ends when all are echoed.

#include <yunhu/client.hpp>
#include <yunhu/testing/emulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <string>
#include <utility>

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;

// Polls a chat and echoes new messages, until `wanted` are echoed.
asio::awaitable<void> echo(yunhu::client client, yunhu::chat chat, int wanted, int& echoed) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    std::uint64_t seen = 0;
    while (echoed < wanted) {
        // A safe call: the library has already retried transient failures.
        auto news = co_await client.list_message_by_seq({chat, seen});
        // The API specifies no order.
        std::ranges::sort(news.messages, {}, &yunhu::message::msg_seq);
        for (const yunhu::message& m : news.messages) {
            seen = std::max(seen, m.msg_seq);
            const bool ours = m.direction == "right";
            if (ours || m.msg_delete_time != 0 || m.content_type != yunhu::content_type::text) {
                continue;
            }
            yunhu::draft response = yunhu::text("you said: " + m.content->text);
            response.quote_msg_id = m.msg_id;
            // The id is known before the call: if the outcome is unknown, it can be queried.
            yunhu::send_message_request request(chat, response);
            auto sent = co_await client.send_message(request, yunhu::as_result);
            if (sent.has_error() && yunhu::execution_of(sent.error()) == yunhu::execution::maybe_executed) {
                auto page = co_await client.list_message_by_mid_seq({chat, request.msg_id, 1});
                if (page.find(request.msg_id) == nullptr) {
                    std::cerr << "lost: " << sent.error() << '\n';
                    continue;
                }
            } else if (sent.has_error()) {
                std::cerr << "not echoed: " << sent.error() << '\n';
                continue;
            }
            ++echoed;
            std::cout << "echoed " << echoed << " of " << wanted
                      << std::endl; // no text of others: it may steer a terminal
        }
        pause.expires_after(std::chrono::milliseconds(50));
        co_await pause.async_wait(use_awaitable);
    }
}

// The service's other work: each connection gets one line with the current numbers.
asio::awaitable<void> serve_status(tcp::acceptor& acceptor, yunhu::client client, const int& echoed) {
    for (;;) {
        tcp::socket visitor = co_await acceptor.async_accept(use_awaitable);
        const std::string line =
            "echoed " + std::to_string(echoed) + ", calls ended " + std::to_string(client.stats().calls_ended) + "\n";
        co_await asio::async_write(visitor, asio::buffer(line), use_awaitable);
    }
}

// A client of the status port.
asio::awaitable<std::string> query_status(tcp::endpoint where) {
    tcp::socket socket(co_await asio::this_coro::executor);
    co_await socket.async_connect(where, use_awaitable);
    std::string line;
    co_await asio::async_read_until(socket, asio::dynamic_buffer(line), '\n', use_awaitable);
    co_return line;
}

// Runs until everything is echoed, then reads the status and ends the service.
asio::awaitable<void> service(yunhu::client client, tcp::acceptor& acceptor, int& echoed) {
    co_await echo(client, yunhu::group("big"), 3, echoed);
    auto status = co_await query_status(acceptor.local_endpoint());
    std::cout << "status: " << status;
    acceptor.close();
    // Closes the pool although other handles exist, so that run() returns.
    co_await client.async_shutdown(std::chrono::seconds(5));
}

int main() {
    try {
        yunhu::testing::emulator server;
        for (const char* said : {"hello", "is anybody there?", "goodbye"}) {
            yunhu::message m;
            m.sender.chat_id = "123";
            m.sender.chat_type = yunhu::chat_type::user;
            m.content_type = yunhu::content_type::text;
            m.content->text = said;
            server.deliver(yunhu::group("big"), m);
        }
        yunhu::client_config config{server.options().token};
        config.base_url = server.base_url();
        config.tls.ca_pem = server.ca_pem();

        asio::io_context io;
        tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
        yunhu::client client(io, std::move(config));
        int echoed = 0;
        asio::co_spawn(io, serve_status(acceptor, client, echoed),
                       [](std::exception_ptr) { /* the acceptor closed */ });
        asio::co_spawn(io, service(client, acceptor, echoed), [](std::exception_ptr failed) {
            if (failed) {
                std::rethrow_exception(failed); // leaves run()
            }
        });
        io.run();
        return echoed == 3 ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
