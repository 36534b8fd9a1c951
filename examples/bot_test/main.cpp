// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "greeter.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <string>

namespace asio = boost::asio;

int main(int argc, char** argv) {
    const char* token = std::getenv("YUNHU_TOKEN");
    const char* user_id = std::getenv("YUNHU_USER_ID");
    if (token == nullptr || argc != 2) {
        std::cerr << "YUNHU_TOKEN=... YUNHU_USER_ID=... greeter GROUP\n";
        return 2;
    }
    try {
        asio::io_context io;
        yunhu::inbox_options account(user_id != nullptr ? user_id : "", token);
        account.follow = {yunhu::group(argv[1])};
        account.cursors = std::make_shared<yunhu::cursor_file>("greeter.cursors"); // goes on where it stopped
        yunhu::bot_options options;
        options.on_error = [](std::exception_ptr failed, const yunhu::event&) {
            try {
                std::rethrow_exception(failed);
            } catch (const std::exception& e) {
                std::cerr << e.what() << '\n';
            }
        };
        yunhu::bot bot(yunhu::client(io, yunhu::client_config(token)), account, options);
        add_greeter(bot);
        bot.async_run_until_signal([](yunhu::error_code ec, const yunhu::acknowledged& details) {
            if (ec) {
                throw yunhu::error(yunhu::failure(ec, details)); // leaves run()
            }
        });
        io.run();
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
