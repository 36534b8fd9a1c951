// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "soak.hpp"

#include "application.hpp"
#include "callers.hpp"
#include "fault_server.hpp"
#include "hook_balance_checker.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

namespace yunhu::soak {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// The timeout without progress: it turns a hang into a failure, and nothing else depends on it.
constexpr auto timeout = 60s;

test::fault_server_options options() {
    test::fault_server_options o;
    o.remember_requests = false; // there may be a million
    return o;
}

// Short timeouts, so that each of them expires sometimes.
client_config configure(const test::fault_server& server, const settings& how) {
    client_config config{secret(token)};
    config.base_url = server.base_url();
    config.tls.ca_pem = server.ca_pem();
    config.timeout = 10s;
    config.pool.max_connections = how.connections;
    config.pool.idle_timeout = 500ms;
    config.pool.max_connection_age = 2s;
    config.pool.connect_timeout = 2s;
    config.pool.response_timeout = 500ms;
    config.pool.circuit_reset_timeout = 5ms;
    config.retry.base = 1ms;
    config.retry.cap = 20ms;
    config.retry.budget_per_second = 100;
    return config;
}

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// Restarts the server repeatedly, evenly over the calls.
class restarter {
public:
    restarter(asio::io_context& context, test::fault_server& server, const settings& how)
        : timer_(context), server_(server), every_(how.calls / (how.restarts + 1) + 1), next_(every_) {}

    void on_progress(std::size_t ended) {
        if (ended < next_ || down_) {
            return;
        }
        next_ += every_;
        down_ = true;
        server_.stop_listening();
        server_.drop_connections(++times_ % 2 == 0 ? test::drop_by::close : test::drop_by::reset);
        timer_.expires_after(down_time);
        timer_.async_wait([this](const error_code&) {
            server_.listen_again();
            down_ = false;
        });
    }
    [[nodiscard]] std::size_t times() const noexcept { return times_; }

private:
    static constexpr auto down_time = 5ms;

    asio::steady_timer timer_;
    test::fault_server& server_;
    std::size_t every_;
    std::size_t next_;
    std::size_t times_ = 0;
    bool down_ = false;
};

// Runs the calls until all have ended, or none ends within the timeout.
void run_calls(asio::io_context& context, const callers& all, restarter& restarts) {
    std::size_t ended = 0;
    auto last_end = clock::now();
    while (!all.done() && clock::now() < last_end + timeout) {
        context.run_one_for(100ms);
        if (all.ended() != ended) {
            ended = all.ended();
            last_end = clock::now();
            restarts.on_progress(ended);
        }
    }
}

void shut_down(asio::io_context& context, std::optional<client>& bot, report& r) {
    bool down = false;
    bot->async_shutdown(1s, [&down](std::size_t) { down = true; });
    const auto until = clock::now() + timeout;
    while (!down && clock::now() < until) {
        context.run_one_for(100ms);
    }
    r.stats = bot->stats();
    r.left_in_client = r.stats.connections + r.stats.idle + r.stats.connecting + r.stats.queued + r.stats.calls +
                       (r.stats.calls_started - r.stats.calls_ended);
    bot.reset();
    context.restart();
    context.run_for(timeout);
    r.left_work = context.stopped() ? 0 : 1;
}

void check_calls(const callers& all, const application& app, report& r) {
    for (std::size_t i = 0; i < all.calls().size(); ++i) {
        const call_record& call = all.calls()[i];
        const unsigned seen = app.seen(i);
        r.wrong_responses += call.wrong_response ? 1 : 0;
        r.not_ended_once += call.ends != 1 ? 1 : 0;
        r.non_idempotent_twice += call.non_idempotent && seen > 1 ? 1 : 0;
        r.seen_not_sent += call.failed && call.how == delivery::not_sent && seen > 0 ? 1 : 0;
        r.unseen_successes += !call.failed && seen == 0 ? 1 : 0;
        r.succeeded += call.failed ? 0 : 1;
        r.cancelled += call.cancelled ? 1 : 0;
    }
    r.too_few_successes = r.succeeded < all.calls().size() / 2 ? 1 : 0;
}

} // namespace

report run(const settings& how) {
    report r;
    asio::io_context context;
    application app(how.calls, how.seed, how.fault_share);
    const asio::steady_timer first(context); // makes the context open its own files
    const std::size_t descriptors = open_descriptors();
    std::optional<test::fault_server> server(std::in_place, options());
    server->every_connection({app.serve()});
    {
        restarter restarts(context, *server, how);
        const auto hooks = std::make_shared<test::hook_balance_checker>();
        client_config config = configure(*server, how);
        config.observer = hooks;
        std::optional<client> bot(std::in_place, context, std::move(config));
        const auto start = clock::now();
        callers all(context, *bot, how);
        all.start();
        run_calls(context, all, restarts);
        r.elapsed = clock::now() - start;
        shut_down(context, bot, r);
        r.unbalanced_hooks = hooks->violations() + hooks->open();
        r.left_open = server->wait_until([](const test::fault_journal& j) { return j.open() == 0; }) ? 0 : 1;
        r.server_troubles = server->holds([](const test::fault_journal& j) {
            return std::ranges::any_of(j.connections, [](const auto& c) { return !c.trouble.empty(); });
        });
        r.restarts = restarts.times();
        server.reset(); // the application's counts are final now
        r.left_descriptors = std::max(open_descriptors(), descriptors) - descriptors;
        check_calls(all, app, r);
        r.ended = all.by_end();
        r.reveals_secrets = all.revealing();
    }
    r.refused_connections = app.refused_connections();
    const std::vector<std::size_t> injected = app.injected();
    for (std::size_t i = 0; i < injected.size(); ++i) {
        r.faults.emplace_back(faults()[i].name, injected[i]);
    }
    return r;
}

} // namespace yunhu::soak
