// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A bot whose io_context also serves http://127.0.0.1:PORT/metrics, for Prometheus.
//
//     metrics_server                 a demonstration: an emulator, some calls, then the content of /metrics
//     metrics_server --port 9464     serves until interrupted; uses YUNHU_TOKEN, YUNHU_BASE_URL and
//                                    YUNHU_CA_FILE, and hears events if YUNHU_USER_ID is set (YUNHU_GATEWAY_URL)
//
// monitoring/ has a dashboard and alert rules for the page.

#include <yunhu/client.hpp>
#include <yunhu/inbox.hpp>
#include <yunhu/metrics.hpp>
#include <yunhu/testing/emulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::use_awaitable;
using asio::ip::tcp;

// What the page is made of.
struct sources {
    sources(yunhu::client c, std::shared_ptr<yunhu::metrics> m, std::shared_ptr<yunhu::inbox> i)
        : client(std::move(c)), metrics(std::move(m)), inbox(std::move(i)) {}

    [[nodiscard]] std::string page() const {
        std::vector<yunhu::inbox_stats> inboxes; // a program with many accounts has many
        if (inbox) {
            inboxes.push_back(inbox->stats());
        }
        return yunhu::to_prometheus(metrics->snapshot(), client.stats()) + yunhu::to_prometheus(inboxes);
    }

    yunhu::client client;
    std::shared_ptr<yunhu::metrics> metrics;
    std::shared_ptr<yunhu::inbox> inbox; // null: the bot hears nothing
};

// Serves one HTTP connection.
asio::awaitable<void> serve_page(std::shared_ptr<tcp::socket> peer, std::shared_ptr<const sources> from) {
    boost::beast::flat_buffer buffer;
    for (bool goes_on = true; goes_on;) {
        http::request<http::empty_body> request;
        co_await http::async_read(*peer, buffer, request, use_awaitable);
        http::response<http::string_body> response(http::status::ok, request.version());
        if (request.method() == http::verb::get && request.target() == "/metrics") {
            response.set(http::field::content_type, "text/plain; version=0.0.4");
            response.body() = from->page();
        } else {
            response.result(http::status::not_found);
        }
        response.keep_alive(request.keep_alive());
        response.prepare_payload();
        goes_on = response.keep_alive();
        co_await http::async_write(*peer, response, use_awaitable);
    }
}

// Serves until it is closed. Prometheus keeps its connection between two scrapes: a server that waits for its peers to
// end would never end itself.
class page_server {
public:
    page_server(asio::io_context& io, unsigned short port) : acceptor_(io, {asio::ip::address_v4::loopback(), port}) {}

    [[nodiscard]] tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

    asio::awaitable<void> serve(std::shared_ptr<const sources> from) {
        for (;;) {
            const auto peer = std::make_shared<tcp::socket>(co_await acceptor_.async_accept(use_awaitable));
            peers_.insert(peer);
            // A peer that disconnects is not an error.
            asio::co_spawn(acceptor_.get_executor(), serve_page(peer, from),
                           [this, peer](std::exception_ptr) { peers_.erase(peer); });
        }
    }

    void close() {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        for (const std::shared_ptr<tcp::socket>& peer : peers_) {
            peer->close(ignored); // ends its coroutine
        }
    }

private:
    tcp::acceptor acceptor_;
    std::set<std::shared_ptr<tcp::socket>> peers_;
};

// The bot's own work: polls, and sends a message periodically.
asio::awaitable<void> work(yunhu::client client, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        auto sent = co_await client.send_message({yunhu::group("big"), yunhu::text("still here")}, yunhu::as_result);
        auto news = co_await client.list_message_by_seq({yunhu::group("big"), 0}, yunhu::as_result);
        if (sent.has_error() || news.has_error()) {
            std::cerr << "failed: " << (sent.has_error() ? sent.error() : news.error()) << '\n';
        }
    }
}

// A scrape, as Prometheus does every few seconds.
asio::awaitable<std::string> scrape(tcp::endpoint where) {
    tcp::socket socket(co_await asio::this_coro::executor);
    co_await socket.async_connect(where, use_awaitable);
    http::request<http::empty_body> request(http::verb::get, "/metrics", 11);
    request.set(http::field::host, "localhost");
    request.keep_alive(false);
    co_await http::async_write(socket, request, use_awaitable);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> response;
    co_await http::async_read(socket, buffer, response, use_awaitable);
    co_return std::move(response.body());
}

// A bot would answer here.
asio::awaitable<void> hear(std::shared_ptr<yunhu::inbox> inbox) {
    while (auto event = co_await inbox->next()) {}
}

asio::awaitable<void> end(std::shared_ptr<const sources> from) {
    if (from->inbox) {
        co_await from->inbox->async_stop();
    }
    co_await from->client.async_shutdown(std::chrono::seconds(5));
}

asio::awaitable<void> show(std::shared_ptr<const sources> from, page_server& server) {
    auto connected = co_await from->inbox->next();
    asio::co_spawn(co_await asio::this_coro::executor, hear(from->inbox), asio::detached);
    co_await work(from->client, 20);
    auto page = co_await scrape(server.endpoint());
    std::cout << page;
    server.close();
    co_await end(from);
}

asio::awaitable<void> run_bot(std::shared_ptr<const sources> from, page_server& server) {
    const auto executor = co_await asio::this_coro::executor;
    if (from->inbox) {
        asio::co_spawn(executor, hear(from->inbox), asio::detached);
    }
    asio::signal_set signals(executor, SIGINT, SIGTERM);
    asio::steady_timer pause(executor);
    bool interrupted = false;
    auto stop = [&](boost::system::error_code ec, int /*signal*/) {
        if (!ec) {
            interrupted = true;
            pause.cancel();
        }
    };
    signals.async_wait(stop);
    while (!interrupted) {
        co_await work(from->client, 1);
        boost::system::error_code ec;
        pause.expires_after(std::chrono::seconds(interrupted ? 0 : 1));
        co_await pause.async_wait(asio::redirect_error(use_awaitable, ec));
    }
    server.close();
    co_await end(from);
}

std::string environment_variable(const char* name, std::string fallback = {}) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::move(fallback) : value;
}

int main(int argc, char** argv) {
    try {
        unsigned short port = 0;
        std::unique_ptr<yunhu::testing::emulator> server;
        yunhu::client_config config;
        yunhu::inbox_options hearing;
        if (argc == 3 && std::string_view(argv[1]) == "--port") {
            port = static_cast<unsigned short>(std::stoul(argv[2]));
            config.token = yunhu::secret(environment_variable("YUNHU_TOKEN"));
            config.base_url = environment_variable("YUNHU_BASE_URL", config.base_url);
            config.tls.ca_file = environment_variable("YUNHU_CA_FILE");
            hearing.user_id = environment_variable("YUNHU_USER_ID");
            hearing.gateway_url = environment_variable("YUNHU_GATEWAY_URL", hearing.gateway_url);
        } else if (argc == 1) {
            server = std::make_unique<yunhu::testing::emulator>();
            config.token = yunhu::secret(server->options().token);
            config.base_url = server->base_url();
            config.tls.ca_pem = server->ca_pem();
            hearing.user_id = server->options().user_id;
            hearing.gateway_url = server->gateway_url();
        } else {
            std::cerr << "metrics_server [--port PORT]\n";
            return 2;
        }
        const auto metrics = std::make_shared<yunhu::metrics>();
        config.observer = metrics; // the only change to the client

        asio::io_context io;
        page_server pages(io, port);
        std::cerr << "serving http://" << pages.endpoint() << "/metrics\n";
        hearing.token = config.token;
        const yunhu::client client(io, std::move(config));
        const auto inbox = hearing.user_id.empty() ? nullptr : std::make_shared<yunhu::inbox>(client, hearing);
        const auto from = std::make_shared<const sources>(client, metrics, inbox);
        asio::co_spawn(io, pages.serve(from), [](std::exception_ptr) { /* it was closed */ });
        asio::co_spawn(io, server ? show(from, pages) : run_bot(from, pages), [](std::exception_ptr failed) {
            if (failed) {
                std::rethrow_exception(failed); // leaves run()
            }
        });
        io.run();
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
