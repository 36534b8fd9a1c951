// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Many accounts in one process: each has its own session and its own bot, and all share one client with its
// connections. Against an emulator in this process, as nobody has so many accounts at hand:
//
//     many_accounts [ACCOUNTS]
#include <yunhu/bot.hpp>
#include <yunhu/testing/emulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> answer(yunhu::bot_message m) {
    co_await m.reply(yunhu::text("hello, " + m.sender().name));
}

class fleet {
public:
    explicit fleet(std::size_t accounts) : count_(accounts), server_(people(accounts)), client_(io_, config()) {
        for (std::size_t i = 0; i < accounts; ++i) {
            yunhu::inbox_options account(id(i), token(i));
            account.gateway_url = server_.gateway_url();
            yunhu::bot_options options;
            options.shutdown_client = false; // the others use it, too
            bots_.emplace_back(client_, account, options).on_message(answer);
        }
    }

    // Every account gets a message and answers it. Returns the number of those that did.
    std::size_t run() {
        for (yunhu::bot& bot : bots_) {
            bot.async_run([](yunhu::error_code ec, const yunhu::acknowledged& details) {
                if (ec) {
                    throw yunhu::error(yunhu::failure(ec, details)); // leaves run()
                }
            });
        }
        std::size_t answers = 0;
        std::thread ada([&] { answers = talk(); });
        io_.run();
        ada.join();
        return answers;
    }

private:
    static std::string id(std::size_t i) { return std::to_string(1'000'000 + i); }
    static std::string token(std::size_t i) { return "token-" + std::to_string(i); }
    static yunhu::testing::emulator_options people(std::size_t accounts) {
        yunhu::testing::emulator_options made;
        made.user_id = "1";
        made.user_name = "ada";
        made.token = "token-of-ada";
        for (std::size_t i = 0; i < accounts; ++i) {
            made.accounts.emplace_back(id(i), "account " + std::to_string(i), token(i));
        }
        return made;
    }
    yunhu::client_config config() const {
        yunhu::client_config made{yunhu::secret("token-of-ada")};
        made.base_url = server_.base_url();
        made.tls.ca_pem = server_.ca_pem();
        return made;
    }

    // What ada does, in a thread of her own.
    std::size_t talk() {
        std::size_t answers = 0;
        const bool all = server_.wait_until([&] { return server_.sessions() == count_; }, 10min);
        std::cout << server_.sessions() << " accounts are logged in" << std::endl;
        for (std::size_t i = 0; all && i < count_; ++i) {
            server_.say("1", yunhu::user(id(i)), "hello");
            const auto answered = [&] { return server_.messages(yunhu::user(id(i))).size() == 2; };
            answers += server_.wait_until(answered, 1min) ? 1 : 0;
        }
        for (yunhu::bot& bot : bots_) {
            bot.stop();
        }
        client_.async_shutdown(10s, [](std::size_t) {}); // connections that are idle would be waited for
        return answers;
    }

    std::size_t count_;
    yunhu::testing::emulator server_;
    asio::io_context io_;
    yunhu::client client_;
    std::vector<yunhu::bot> bots_;
};

int main(int argc, char** argv) {
    try {
        const std::size_t accounts = argc > 1 ? std::stoul(argv[1]) : 1'000;
        fleet all(accounts);
        const std::size_t answers = all.run();
        std::cout << answers << " of them answered" << std::endl;
        return answers == accounts ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
