// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A shared object that holds a copy of the library. Its one function sends a message to an emulator of its own and
// returns whether it arrived.
#include <yunhu/client.hpp>
#include <yunhu/testing/emulator.hpp>

#include <boost/asio/io_context.hpp>

#include <optional>
#include <utility>

extern "C" bool PLUGIN() {
    const yunhu::testing::emulator emulator;
    yunhu::client_config config(emulator.options().token);
    config.base_url = emulator.base_url();
    config.tls.ca_pem = emulator.ca_pem();
    boost::asio::io_context context;
    bool sent = false;
    std::optional<yunhu::client> client(std::in_place, context, config);
    client->send_message({yunhu::group("big"), yunhu::text("hello")},
                         [&](yunhu::error_code ec, const yunhu::sent_message& /*m*/) {
                             sent = !ec;
                             client.reset(); // its idle connection is work
                         });
    context.run();
    return sent && emulator.messages(yunhu::group("big")).size() == 1;
}
