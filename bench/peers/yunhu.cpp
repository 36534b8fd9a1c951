// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The library's client as a bot uses it: many callers, one pool.

#include "peer.hpp"
#include "request.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace asio = boost::asio;
namespace bench = yunhu::bench;

namespace {

asio::awaitable<void> caller(yunhu::client& client, bench::meter& cost) {
    while (cost.next()) {
        co_await client.send_message(
            {yunhu::group(std::string(bench::chat_id)), yunhu::text(std::string(bench::text))});
        cost.completed();
    }
}

void work(const bench::peer_options& options, bench::meter& cost) {
    yunhu::client_config config{yunhu::secret(std::string(bench::token))};
    config.base_url = "https://" + bench::host(options.port);
    config.tls.ca_file = options.ca_file;
    config.pool.max_connections = options.connections;
    const std::size_t callers = options.callers == 0 ? options.connections : options.callers;
    config.pool.max_queued = callers;
    config.timeout = std::chrono::minutes(10); // per call, waiting included

    asio::io_context io(1);
    std::optional<yunhu::client> client(std::in_place, io, config);
    std::size_t running = callers;
    std::exception_ptr failed;
    std::uint64_t open = 0;
    const auto start_callers = [&](std::size_t /*connections*/) {
        for (std::size_t i = 0; i < callers; ++i) {
            asio::co_spawn(io, caller(*client, cost), [&](const std::exception_ptr& e) {
                failed = e ? e : failed;
                if (--running == 0) {
                    open = client->stats().handshakes;
                    client.reset(); // the last handle: run() returns
                }
            });
        }
    };
    // Otherwise the first connections might serve all calls before the last ones are open.
    client->async_warm_up(options.closing ? 0 : options.connections, start_callers);
    io.run();
    if (failed) {
        std::rethrow_exception(failed);
    }
    if (open != options.connections && !options.closing) {
        throw std::runtime_error(std::to_string(open) + " connections were opened, not those asked for");
    }
}

} // namespace

int main(int argc, char** argv) {
    return bench::run_peer(argc, argv, "yunhu", work);
}
