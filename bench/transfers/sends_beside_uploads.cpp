// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Sends messages at a fixed rate, whether or not earlier ones have ended, and prints the percentiles of their latency
// from the intended start; with --uploads so many files are uploaded meanwhile, again and again, by the same client.

#include <yunhu/client.hpp>
#include <yunhu/upload.hpp>

#include <CLI/CLI.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;

struct load {
    std::string file;
    std::uint64_t rate = 2000;
    std::uint64_t seconds = 5;
    std::uint64_t uploads = 0;
    std::uint64_t bytes_per_second = 100'000; // of each upload
    clock_type::time_point end;
    std::vector<std::chrono::nanoseconds> latencies;
    std::uint64_t failed = 0;
    std::uint64_t uploaded = 0;
    std::uint64_t uploads_failed = 0;
};

// The handler keeps the client: without a handle the last sends would be cancelled.
void send(const yunhu::client& client, load& all, clock_type::time_point intended, bool counts) {
    client.send_message({yunhu::group("big"), yunhu::text("hello")},
                        [&all, intended, counts, client](yunhu::error_code ec, const yunhu::sent_message& sent) {
                            if (ec && all.failed++ == 0) {
                                std::cerr << yunhu::failure(ec, sent) << '\n';
                            }
                            if (counts) {
                                all.latencies.push_back(clock_type::now() - intended);
                            }
                        });
}

constexpr std::uint64_t warm_up = 3; // seconds: dials and handshakes, also those of the uploads

asio::awaitable<void> send_all(yunhu::client client, load* all) {
    asio::steady_timer timer(client.get_executor());
    const auto begin = clock_type::now();
    const std::uint64_t count = all->rate * (all->seconds + warm_up);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto intended = begin + std::chrono::nanoseconds(i * 1'000'000'000 / all->rate);
        if (intended > clock_type::now()) {
            timer.expires_at(intended);
            co_await timer.async_wait(asio::use_awaitable);
        }
        send(client, *all, intended, i >= all->rate * warm_up);
    }
}

asio::awaitable<void> upload_again_and_again(yunhu::client client, load* all) {
    while (clock_type::now() < all->end) {
        yunhu::upload_options options;
        options.kind = yunhu::upload_kind::file;
        options.form_limit = 0; // in parts
        options.part_size = 1U << 20U;
        options.check_limits = false;
        options.bytes_per_second = all->bytes_per_second;
        std::filesystem::path file = all->file;
        const auto done = co_await yunhu::upload(client, std::move(file), std::move(options), yunhu::as_result);
        ++(done ? all->uploaded : all->uploads_failed);
        if (!done && all->uploads_failed == 1) {
            std::cerr << done.error() << '\n';
        }
    }
}

double microseconds(const load& all, double percent) {
    const auto at = static_cast<std::size_t>(static_cast<double>(all.latencies.size() - 1) * percent / 100);
    return static_cast<double>(all.latencies[at].count()) / 1000;
}

int run(int argc, char** argv) {
    CLI::App app("Sends at a fixed rate beside uploads.");
    load all;
    std::uint16_t port = 0;
    yunhu::client_config config("T");
    app.add_option("--port", port, "of 127.0.0.1")->required();
    app.add_option("--ca-file", config.tls.ca_file, "the server's CA")->required();
    app.add_option("--file", all.file, "what is uploaded")->required();
    app.add_option("--rate", all.rate, "sends a second")->check(CLI::PositiveNumber);
    app.add_option("--seconds", all.seconds, "after the warm-up")->check(CLI::PositiveNumber);
    app.add_option("--uploads", all.uploads, "at once");
    app.add_option("--bytes-per-second", all.bytes_per_second, "of each upload");
    CLI11_PARSE(app, argc, argv);
    config.connect_to["*"] = "127.0.0.1:" + std::to_string(port);
    config.proxy = {};
    asio::io_context io(1);
    {
        const yunhu::client client(io, config);
        all.end = clock_type::now() + std::chrono::seconds(all.seconds + warm_up);
        asio::co_spawn(io, send_all(client, &all), asio::detached);
        for (std::uint64_t i = 0; i < all.uploads; ++i) {
            asio::co_spawn(io, upload_again_and_again(client, &all), asio::detached);
        }
    }
    io.run();
    std::ranges::sort(all.latencies);
    if (all.latencies.empty() || all.failed > 0 || all.uploads_failed > 0) {
        std::cerr << all.failed << " sends and " << all.uploads_failed << " uploads failed\n";
        return 1;
    }
    std::cout << std::fixed << std::setprecision(0) << "sends " << all.latencies.size() << " uploads " << all.uploaded
              << " p50 " << microseconds(all, 50) << " p99 " << microseconds(all, 99) << " us\n";
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
