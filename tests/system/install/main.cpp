// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A project outside the tree: a bot that uses an emulator in its own process.
#include <yunhu/client.hpp>
#include <yunhu/testing/emulator.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;

asio::awaitable<std::string> greet(yunhu::client client) {
    auto sent = co_await client.send_message({yunhu::group("big"), yunhu::text("hello")});
    co_return sent.msg_id;
}

int main() {
    yunhu::testing::emulator emulator;
    yunhu::client_config config(emulator.options().token);
    config.base_url = emulator.base_url();
    config.tls.ca_pem = emulator.ca_pem();

    std::string sent;
    asio::io_context io;
    asio::co_spawn(io, greet(yunhu::client(io, config)), [&sent](std::exception_ptr failed, std::string id) {
        if (failed) {
            std::rethrow_exception(failed);
        }
        sent = id;
    });
    io.run();

    const auto arrived = emulator.messages(yunhu::group("big"));
    const bool succeeded = arrived.size() == 1 && arrived[0].msg_id == sent && arrived[0].content->text == "hello";
    std::cout << (succeeded ? "sent " : "lost ") << sent << '\n';
    return succeeded ? 0 : 1;
}
