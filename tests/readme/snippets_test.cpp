#include <yunhu/client.hpp>
#include <yunhu/testing/emulator.hpp>

#include "client/support.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

// The READMEs' C++ stands here or in an example, word for word, and is compiled and run.
namespace yunhu::test {
namespace {

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
        // for this call alone: five seconds in all, one attempt
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
            // it may have arrived: ask before sending it again
            auto page = co_await client.list_message_by_mid_seq({yunhu::group("big"), sent.error().msg_id, 1});
            bool arrived = page.find(sent.error().msg_id) != nullptr;
            std::cout << (arrived ? "it arrived" : "it did not arrive") << '\n';
            looked = arrived;
        } else if (!sent) {
            std::cerr << sent.error() << '\n'; // no token, no message text, nothing that the server wrote
        }
    });
    EXPECT_TRUE(looked);
}

TEST_F(readme, threads) {
    asio::thread_pool pool(2);
    config.shards = 2;
    yunhu::client client(pool.get_executor(), config);
    EXPECT_EQ(client.send_message({group("big"), text("hello")}, asio::use_future).get().msg_id.size(), 32U);
    EXPECT_EQ(client.async_shutdown(std::chrono::seconds(5), asio::use_future).get(), 0U);
    pool.join();
}

TEST(readme_testing, ones_own_bot) {
    yunhu::testing::emulator server;
    yunhu::client_config config(server.options().token);
    config.base_url = server.base_url();
    config.tls.ca_pem = server.ca_pem();

    yunhu::testing::fault busy; // the second send meets a server that is down
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
    for (const char* file :
         {"/tests/readme/snippets_test.cpp", "/examples/hello.cpp", "/examples/custom_endpoint.cpp"}) {
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
