// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A program outside the tree, with the installed libraries of the outbox: stores a message, and names what prevents a
// store in a server that is not there.

#include <yunhu/outbox.hpp>
#include <yunhu/outbox_metrics.hpp>
#include <yunhu/sqlite_outbox.hpp>
#ifdef WITH_POSTGRES
#include <yunhu/postgres_outbox.hpp>
#endif

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include <unistd.h>

namespace {

namespace asio = boost::asio;

asio::awaitable<int> use(asio::io_context& io, std::filesystem::path file) {
    const auto store = std::make_shared<yunhu::sqlite_outbox_store>(yunhu::sqlite_outbox_options(file));
    auto prepared = co_await store->prepare();
    if (prepared.has_error()) {
        co_return 1;
    }
    yunhu::outbox box(io.get_executor(), store);
    yunhu::outbox_message message("order 17", yunhu::group("big"), yunhu::text("shipped"));
    co_await box.enqueue(message);
    auto counts = co_await box.status();
    if (counts.queued != 1 || yunhu::to_prometheus(counts).find("state=\"queued\"} 1") == std::string::npos) {
        co_return 2;
    }
#ifdef WITH_POSTGRES
    yunhu::postgres_outbox_store nowhere(io.get_executor(),
                                         yunhu::postgres_outbox_options("postgres:///x?host=/nonexistent"));
    auto refused = co_await nowhere.prepare();
    if (!refused.has_error() || refused.error().code != yunhu::errc::connect_failed) {
        co_return 3;
    }
#endif
    co_return 0;
}

} // namespace

int main() {
    const auto folder = std::filesystem::temp_directory_path() / ("yunhu-outbox-" + std::to_string(getpid()));
    std::filesystem::create_directory(folder);
    asio::io_context io;
    int status = EXIT_FAILURE;
    asio::co_spawn(io, use(io, folder / "outbox.db"),
                   [&status](std::exception_ptr failed, int result) { status = failed ? EXIT_FAILURE : result; });
    io.run();
    std::filesystem::remove_all(folder);
    std::cout << (status == 0 ? "the outbox works" : "the outbox does not work: ")
              << (status == 0 ? "" : std::to_string(status)) << std::endl;
    return status;
}
