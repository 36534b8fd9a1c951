// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A client of static storage: its connections are closed by destructors at exit, after those of function-local statics
// and of thread-local objects. Run with MALLOC_PERTURB_, so that a use of freed memory shows.

#include <yunhu/client.hpp>
#include <yunhu/testing/emulator.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <iostream>

namespace {

boost::asio::io_context context;

yunhu::testing::emulator& server() {
    static auto* const one = new yunhu::testing::emulator; // not destroyed: it is not what is tested
    return *one;
}

yunhu::client& bot() {
    static yunhu::client one = [] {
        yunhu::client_config config(server().options().token);
        config.base_url = server().base_url();
        config.tls.ca_pem = server().ca_pem();
        return yunhu::client(context, config);
    }();
    return one;
}

} // namespace

int main() {
    bot().send_message({yunhu::group("big"), yunhu::text("hello")}, [](yunhu::error_code ec, yunhu::sent_message) {
        std::cout << (ec ? "failed" : "sent") << std::endl;
        std::exit(ec ? EXIT_FAILURE : EXIT_SUCCESS); // in a handler
    });
    context.run();
    return EXIT_FAILURE;
}
