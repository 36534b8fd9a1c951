// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/broadcast.hpp>
#include <yunhu/buttons.hpp>
#include <yunhu/client.hpp>
#include <yunhu/confirm.hpp>
#include <yunhu/download.hpp>
#include <yunhu/history.hpp>
#include <yunhu/metrics.hpp>
#include <yunhu/testing/emulator.hpp>
#include <yunhu/upload.hpp>
#include <yunhu/view.hpp>

#include "runtime/support.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// All C++ of both READMEs is copied here or in an example verbatim, so that it is compiled and run.
namespace yunhu::test {
namespace {

asio::awaitable<void> send_picture(yunhu::client client, std::string file) {
    const auto picture = co_await yunhu::upload(client, file);
    co_await client.send_message({yunhu::group("big"), yunhu::image(picture)});
}

asio::awaitable<void> save_pictures(yunhu::client client, std::string folder) {
    yunhu::history messages(client, yunhu::group("big"));
    while (const auto m = co_await messages.next()) {
        if (m->content_type == yunhu::content_type::image) {
            co_await yunhu::download(client, *m, folder);
        }
    }
}

class readme : public ::testing::Test {
protected:
    testing::emulator server;
    asio::io_context context;
    client_config config = config_for(server);
};

TEST_F(readme, forms) {
    client client(context, config);
    send_message_request request(group("big"), text("hello"));
    run(context, [&]() -> asio::awaitable<void> {
        using namespace asio::experimental::awaitable_operators;
        asio::steady_timer timer(context, std::chrono::minutes(1));
        error_code ec;

        // throws yunhu::error
        auto sent = co_await client.send_message(request);
        // does not throw: a value or a failure
        auto result = co_await client.send_message(request, yunhu::as_result);
        // Asio's own tokens; also callbacks, use_future, deferred, bind_executor, ...
        auto tuple = co_await client.send_message(request, asio::as_tuple(asio::use_awaitable));
        auto value = co_await client.send_message(request, asio::redirect_error(asio::use_awaitable, ec));
        // for this call only: at most five seconds, one attempt
        yunhu::call_options options(std::chrono::seconds(5));
        options.max_attempts = 1;
        auto quick = co_await client.send_message(request, options);
        // whichever comes first; the other is cancelled
        auto first = co_await (client.list_message({yunhu::group("big"), 30}) || timer.async_wait(asio::use_awaitable));

        EXPECT_EQ(sent.msg_id, request.msg_id);
        EXPECT_TRUE(result.has_value());
        EXPECT_FALSE(std::get<0>(tuple));
        EXPECT_FALSE(ec);
        EXPECT_EQ(value.msg_id, quick.msg_id);
        EXPECT_EQ(first.index(), 0U);
    });
}

TEST_F(readme, failures) {
    client client(context, config);
    testing::fault lost;
    lost.endpoint = "send-message";
    lost.what = testing::fault::action::close_after;
    lost.times = 1;
    server.inject(lost);
    bool looked = false;
    run(context, [&]() -> asio::awaitable<void> {
        auto sent = co_await client.send_message({yunhu::group("big"), yunhu::text("hello")}, yunhu::as_result);
        if (!sent && sent.error().code == yunhu::errc::outcome_unknown) {
            // it may have arrived: query before sending it again
            auto page = co_await client.list_message_by_mid_seq({yunhu::group("big"), sent.error().msg_id, 1});
            bool arrived = page.find(sent.error().msg_id) != nullptr;
            std::cout << (arrived ? "it arrived" : "it did not arrive") << '\n';
            looked = arrived;
        } else if (!sent) {
            std::cerr << sent.error() << '\n'; // no token, no message text, no text from the server
        }
    });
    EXPECT_TRUE(looked);
}

TEST_F(readme, messages_of_every_kind) {
    client client(context, config);
    run(context, [&]() -> asio::awaitable<void> {
        const auto chat = group("big");
        auto mine = co_await client.send_message({chat, file("key", "menu.pdf", 1234)});
        auto text_of_mine = co_await client.send_message({chat, text("a text")});
        auto page = co_await client.list_message({chat, 2});
        const message received = *page.find(mine.msg_id);
        const message earlier = *page.find(text_of_mine.msg_id);

        auto lunch = yunhu::text("Lunch?").mention("123").quote(received);
        lunch.buttons(yunhu::row(yunhu::url_button("Menu", "https://example.com"), yunhu::report_button("Yes", "yes")));
        co_await client.send_message({chat, lunch});

        auto seen = yunhu::view(received);
        if (auto* sent_file = std::get_if<yunhu::file_view>(&seen)) {
            std::cout << sent_file->name << ", " << sent_file->size << " bytes\n";
        }
        co_await client.edit_message(yunhu::edit_keeping_quote(chat, earlier, yunhu::text("corrected")));

        EXPECT_EQ(received.msg_id, mine.msg_id);
        EXPECT_TRUE(std::holds_alternative<file_view>(seen));
    });
    EXPECT_EQ(server.messages(group("big")).size(), 3U);
}

TEST_F(readme, history_and_arrival) {
    client client(context, config);
    run(context, [&]() -> asio::awaitable<void> {
        auto sent = co_await yunhu::send_confirmed(client, {yunhu::group("big"), yunhu::text("hello")});
        std::cout << to_string(sent.outcome) << '\n'; // sent, not sent, or still unknown: never sent twice

        yunhu::history messages(client, yunhu::group("big")); // newest first
        while (auto m = co_await messages.next()) {
            std::cout << m->msg_seq << ' ' << m->sender.name << '\n';
        }
        std::string stored = to_string(messages.cursor()); // a later iteration continues here

        EXPECT_EQ(sent.outcome, arrival::sent);
        EXPECT_EQ(messages.cursor().msg_id, sent.msg_id);
        EXPECT_FALSE(stored.empty());
    });
}

TEST(readme_media, a_picture_that_a_second_account_has) {
    testing::emulator_options options;
    options.accounts.emplace_back("2", "ben", "token-of-ben");
    testing::emulator server(options);
    client_config config = config_for(server);
    config.connect_to = server.connect_to();
    const std::filesystem::path folder = ::testing::TempDir() + "yunhu-readme-" + new_msg_id();
    std::filesystem::create_directories(folder / "of ben");
    const std::string bytes = "\x89PNG\r\n\x1a\n and more";
    std::ofstream(folder / "cat.png", std::ios::binary) << bytes;
    asio::io_context context;
    client ada(context, config);
    config.token = "token-of-ben";
    client ben(context, config);
    run(context, [&]() -> asio::awaitable<void> {
        co_await send_picture(ada, (folder / "cat.png").string());
        co_await save_pictures(ben, (folder / "of ben").string());
    });
    std::size_t files = 0;
    for (const auto& each : std::filesystem::directory_iterator(folder / "of ben")) {
        std::ostringstream content;
        content << std::ifstream(each.path(), std::ios::binary).rdbuf();
        EXPECT_EQ(content.str(), bytes);
        ++files;
    }
    EXPECT_EQ(files, 1U);
    std::filesystem::remove_all(folder);
}

TEST_F(readme, many_at_once_and_observed) {
    config.rate_limits.emplace_back(yunhu::endpoints::send_message, 500); // per second, for the whole client
    auto numbers = std::make_shared<yunhu::metrics>();
    config.observer = numbers;
    yunhu::client client(context, config);
    std::vector<chat> chats{group("a"), group("b"), user("7")};
    const std::string file = ::testing::TempDir() + "yunhu-readme-" + new_msg_id();
    run(context, [&]() -> asio::awaitable<void> {
        yunhu::broadcast_options options;
        options.journal = file; // with the same journal an interrupted broadcast is resumed
        auto ended = co_await yunhu::broadcast(client, yunhu::text("hello"), chats, options);
        std::cout << ended.sent << " sent, " << ended.failed << " failed, " << ended.unknown << " unknown\n";
        EXPECT_EQ(ended.sent, 3U);
    });
    std::string page = yunhu::to_prometheus(numbers->snapshot(), client.stats());
    EXPECT_NE(page.find("yunhu_calls_total"), std::string::npos) << page;
    std::filesystem::remove(file);
}

TEST_F(readme, threads) {
    asio::thread_pool pool(2);
    config.shards = 2;
    yunhu::client client(pool.get_executor(), config);
    EXPECT_EQ(client.send_message({group("big"), text("hello")}, asio::use_future).get().msg_id.size(), 32U);
    EXPECT_EQ(client.async_shutdown(std::chrono::seconds(5), asio::use_future).get(), 0U);
    pool.join();
}

TEST(readme_testing, a_bot) {
    yunhu::testing::emulator server;
    yunhu::client_config config(server.options().token);
    config.base_url = server.base_url();
    config.tls.ca_pem = server.ca_pem();

    yunhu::testing::fault busy; // the second send gets HTTP 503
    busy.endpoint = "send-message";
    busy.nth = 2;
    busy.status = 503;
    server.inject(busy);

    asio::io_context context;
    client bot(context, config);
    run(context, [&]() -> asio::awaitable<void> {
        auto first = co_await bot.send_message({group("big"), text("a")}, as_result);
        auto second = co_await bot.send_message({group("big"), text("b")}, as_result);
        EXPECT_TRUE(first.has_value());
        EXPECT_EQ(second.error().code, errc::server_error);
    });
    EXPECT_EQ(server.messages(group("big")).size(), 1U);
}

std::vector<std::string> stripped_lines(const std::string& file) {
    std::ifstream in(file);
    EXPECT_TRUE(in) << file;
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        const auto begin = line.find_first_not_of(' ');
        lines.push_back(begin == std::string::npos ? "" : line.substr(begin));
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string all;
    for (const std::string& line : lines) {
        all += line + '\n';
    }
    return all;
}

TEST(readme_text, every_block_of_cpp_is_compiled) {
    const std::string root = YUNHU_SOURCE_DIR;
    std::vector<std::string> compiled;
    for (const char* file : {"/tests/system/readme/snippets_test.cpp", "/examples/hello.cpp", "/examples/echo_bot.cpp",
                             "/examples/custom_endpoint.cpp"}) {
        compiled.push_back(joined(stripped_lines(root + file)));
    }
    for (const char* file : {"/README.md", "/README.zh-CN.md"}) {
        std::size_t blocks = 0;
        std::string block;
        bool inside = false;
        for (const std::string& line : stripped_lines(root + file)) {
            if (line == "```cpp") {
                inside = true;
            } else if (inside && line == "```") {
                inside = false;
                ++blocks;
                bool found = false;
                for (const std::string& source : compiled) {
                    found = found || source.find(block) != std::string::npos;
                }
                EXPECT_TRUE(found) << file << ": not compiled anywhere:\n" << block;
                block.clear();
            } else if (inside) {
                block += line + '\n';
            }
        }
        EXPECT_GE(blocks, 4U) << file;
    }
}

} // namespace
} // namespace yunhu::test
