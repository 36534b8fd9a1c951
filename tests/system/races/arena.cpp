// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "arena.hpp"

#include "client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <utility>

namespace yunhu::test {

namespace asio = boost::asio;

namespace {

constexpr std::size_t default_rounds = 200;

fault_server_options plain() {
    fault_server_options options;
    options.tls = false;
    options.remember_requests = false;
    options.body = &echo_id;
    return options;
}

} // namespace

std::size_t race_rounds() {
    const char* const rounds = std::getenv("YUNHU_RACE_ROUNDS");
    return rounds == nullptr ? default_rounds : std::stoul(rounds);
}

racer::racer(asio::any_io_executor executor, std::string id)
    : strand_(asio::make_strand(std::move(executor))), id_(std::move(id)) {}

void racer::start(client& bot, const call_options& options) {
    auto ended = [self = shared_from_this()](const error_code& code, const edit_record_page& page) {
        self->code_ = code;
        self->how_ = page.delivery;
        self->own_response_ = page.api_msg == self->id_;
        ++self->ends_;
        if (self->on_end) {
            self->on_end();
        }
    };
    bot.list_message_edit_record(
        {id_, 1, 1}, options,
        asio::bind_executor(strand_, asio::bind_cancellation_slot(signal_.slot(), std::move(ended))));
}

void racer::cancel() {
    asio::dispatch(strand_, [self = shared_from_this()] { self->cancel_here(); });
}

void racer::cancel_here() {
    signal_.emit(asio::cancellation_type::terminal);
}

arena::arena(std::size_t connections) : server(plain()), config(secret("race-token")) {
    config.base_url = server.base_url();
    config.allow_plain_http_to_loopback = true;
    config.pool.max_connections = connections;
    config.timeout = race_timeout;
    server.every_connection({[this](fault_connection& session) {
        for (;;) {
            session.read_request();
            session.response_ok();
            ++responses_;
        }
    }});
}

std::shared_ptr<racer> arena::make_call(const asio::any_io_executor& executor) {
    return std::make_shared<racer>(executor, "call-" + std::to_string(++calls_));
}

bool arena::no_bad_requests() const {
    return server.holds([](const fault_journal& journal) {
        return std::ranges::all_of(journal.connections, [](const seen_connection& c) { return c.trouble.empty(); });
    });
}

bool run_until(asio::io_context& context, const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + race_timeout;
    context.restart();
    while (!condition()) {
        if (std::chrono::steady_clock::now() > limit) {
            return false;
        }
        context.run_one_for(std::chrono::seconds(1));
    }
    return true;
}

bool run_to_end(const std::function<bool(const std::function<bool()>&)>& wait, const std::function<bool()>& done,
                const std::function<std::size_t()>& progress) {
    while (!done()) {
        const std::size_t before = progress();
        if (!wait([&] { return done() || progress() != before; })) {
            return false;
        }
    }
    return true;
}

bool wait_until(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + race_timeout;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > limit) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

} // namespace yunhu::test
