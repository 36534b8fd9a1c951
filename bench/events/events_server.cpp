// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/testing/emulator.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <string>
#include <thread>

// An emulator that says messages once a session is there: all at once, or at a rate. Ends with its standard input.
namespace {

struct options {
    std::string ca_file;
    std::size_t events = 100'000;
    std::size_t chats = 20;
    double rate = 0;          ///< events per second; 0: as fast as they are read
    std::size_t accounts = 0; ///< more accounts, `idle-1` and on; nothing is said to them
};

int run(const options& with) {
    yunhu::testing::emulator_options server_options;
    server_options.user_id = "1";
    server_options.ca_out = with.ca_file;
    server_options.journal_limit = 0;
    for (std::size_t i = 1; i <= with.accounts; ++i) {
        const std::string id = "idle-" + std::to_string(i);
        server_options.accounts.emplace_back(id, id, id);
    }
    yunhu::testing::emulator server(server_options);
    std::cout << server.port() << std::endl;
    if (with.accounts == 0) {
        if (!server.wait_until([&] { return server.sessions() == 1; }, std::chrono::minutes(1))) {
            return 1;
        }
        // After the first list of conversations.
        if (!server.wait_until([&] { return server.requests() > 1; }, std::chrono::minutes(1))) {
            return 1;
        }
        const auto start = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < with.events; ++i) {
            if (with.rate > 0) {
                std::this_thread::sleep_until(start +
                                              std::chrono::duration<double>(static_cast<double>(i) / with.rate));
            }
            const auto now = std::chrono::system_clock::now().time_since_epoch();
            server.say("2", yunhu::group("chat-" + std::to_string(i % with.chats)),
                       std::to_string(std::chrono::nanoseconds(now).count()));
        }
    }
    std::cin.get();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    options with;
    CLI::App app("A gateway that pushes messages");
    app.add_option("--ca-file", with.ca_file, "where the CA is written")->required();
    app.add_option("--events", with.events)->capture_default_str();
    app.add_option("--chats", with.chats)->capture_default_str();
    app.add_option("--rate", with.rate, "events per second; 0: no limit")->capture_default_str();
    app.add_option("--accounts", with.accounts, "idle accounts instead")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        return run(with);
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
