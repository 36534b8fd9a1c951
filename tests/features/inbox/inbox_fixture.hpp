// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/catch_up_script.hpp"
#include "support/strict_emulator.hpp"

#include <yunhu/client.hpp>
#include <yunhu/inbox.hpp>
#include <yunhu/testing/emulator.hpp>

#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace yunhu::test {

/// A bound for a failing test; a passing one never waits so long.
inline constexpr std::chrono::seconds inbox_wait_limit{60};

/// Cursors in memory, which outlive an inbox as a file outlives a process.
class memory_store final : public cursor_store {
public:
    result<inbox_cursors> load() override {
        const std::lock_guard lock(mutex_);
        if (fail_load) {
            call_info details;
            details.detail = "cursors: can't be read";
            return failure(errc::invalid_request, details);
        }
        return saved_;
    }
    result<void> save(const inbox_cursors& cursors) override {
        std::this_thread::sleep_for(delay);
        const std::lock_guard lock(mutex_);
        if (fail_saves > 0) {
            --fail_saves;
            call_info details;
            details.detail = "cursors: the disk is full";
            return failure(errc::invalid_request, details);
        }
        saved_ = cursors;
        ++saves;
        return {};
    }
    [[nodiscard]] inbox_cursors saved() const {
        const std::lock_guard lock(mutex_);
        return saved_;
    }

    bool fail_load = false;
    int fail_saves = 0;
    std::chrono::milliseconds delay{0};
    int saves = 0;

private:
    mutable std::mutex mutex_;
    inbox_cursors saved_;
};

/// An emulator with ada (1, the bot's account), ben (2) and cem (3), and a client and an inbox of ada, on an
/// `io_context` that the thread of the test runs.
class inbox_fixture : public ::testing::Test {
protected:
    static testing::emulator_options people() {
        testing::emulator_options options;
        options.user_id = "1";
        options.user_name = "ada";
        options.token = "token-of-ada";
        options.accounts = {testing::account("2", "ben", "token-of-ben"), testing::account("3", "cem", "token-of-cem")};
        return options;
    }

    inbox_fixture() : server(people()), options("1", "token-of-ada") {
        config.base_url = server.base_url();
        config.token = "token-of-ada";
        config.tls.ca_pem = server.ca_pem();
        options.gateway_url = server.gateway_url();
        options.backoff_base = std::chrono::milliseconds(1);
        options.backoff_max = std::chrono::milliseconds(20);
        options.hole_grace = std::chrono::milliseconds(20);
        options.save_interval = std::chrono::milliseconds(0);
    }

    yunhu::client& client() {
        if (!client_) {
            client_.emplace(context, config);
        }
        return *client_;
    }
    yunhu::inbox& inbox() {
        if (!inbox_) {
            inbox_.emplace(client(), options);
        }
        return *inbox_;
    }
    /// Destroys the inbox, as the end of a process does.
    void close_inbox() { inbox_.reset(); }
    void close_client() { client_.reset(); }

    /// Runs the `io_context` until the condition is true.
    bool run_until(const std::function<bool()>& condition) {
        const auto end = std::chrono::steady_clock::now() + inbox_wait_limit;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) {
                return false;
            }
            context.restart();
            context.run_one_for(std::chrono::milliseconds(50));
        }
        return true;
    }

    /// The next event; none at the end, or after a failure of the test.
    std::optional<event> next() {
        std::optional<event> got;
        bool done = false;
        inbox().next([&](error_code ec, optional_result<event> item) {
            done = true;
            last_error = ec;
            if (item) {
                got = std::move(*item);
            }
        });
        EXPECT_TRUE(run_until([&] { return done; })) << "no event";
        return got;
    }
    std::string next_text() {
        const std::optional<event> e = next();
        return e ? text_of(*e) : "none";
    }
    /// The next `count` events but those of the session.
    texts events(std::size_t count) {
        texts made;
        while (made.size() < count) {
            const std::optional<event> e = next();
            if (!e) {
                made.emplace_back("none");
                return made;
            }
            if (!std::holds_alternative<session_event>(*e)) {
                made.push_back(text_of(*e));
            }
        }
        return made;
    }
    /// Logs in, and takes the event that says so.
    void log_in() {
        ASSERT_EQ(next_text(), "session connected");
        ASSERT_TRUE(run_until([&] { return server.sessions() == 1 && inbox().stats().requests == 0; }));
    }

    /// Until `clear_faults`.
    void refuse_connections() {
        testing::gateway_fault refuse;
        refuse.on = "connect";
        server.inject(refuse);
    }

    std::size_t requests(std::string_view endpoint) const {
        const auto journal = server.journal();
        return static_cast<std::size_t>(
            std::count_if(journal.begin(), journal.end(), [&](const auto& e) { return e.endpoint == endpoint; }));
    }

    testing::emulator server;
    client_config config;
    inbox_options options;
    boost::asio::io_context context;
    error_code last_error;

private:
    std::optional<yunhu::client> client_;
    std::optional<yunhu::inbox> inbox_;
};

} // namespace yunhu::test
