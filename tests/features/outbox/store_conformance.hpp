// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/outbox_store.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace yunhu::test {

/// A store's place, fresh and empty: a folder, a database. `open` gives what another process would have.
class store_place {
public:
    store_place() = default;
    store_place(const store_place&) = delete;
    store_place& operator=(const store_place&) = delete;
    virtual ~store_place() = default;
    [[nodiscard]] virtual std::shared_ptr<outbox_store> open(boost::asio::io_context& io) = 0;
};

/// Makes places; null: such a store can't be had here, which fails the test.
using make_store_place = std::unique_ptr<store_place> (*)();

/// Runs an operation to its end.
template <class T> result<T> run_operation(boost::asio::io_context& io, boost::asio::awaitable<result<T>> work) {
    std::optional<result<T>> done;
    boost::asio::co_spawn(io, std::move(work), [&done](std::exception_ptr failed, result<T> r) {
        if (failed) {
            std::rethrow_exception(failed);
        }
        done = std::move(r);
    });
    io.restart();
    while (!done && io.run_one() > 0) {}
    return done ? std::move(*done) : result<T>(failure());
}

/// What every store must do. Time needs no waiting: a lease of 0 is over at once.
class store_conformance : public ::testing::TestWithParam<make_store_place> {
protected:
    void SetUp() override;

    template <class T> T get(boost::asio::awaitable<result<T>> work) {
        result<T> r = run_operation(io, std::move(work));
        EXPECT_TRUE(r.has_value()) << (r.has_error() ? describe(r.error()) : std::string());
        if constexpr (std::is_void_v<T>) {
            return;
        } else {
            return r.has_value() ? std::move(*r) : T();
        }
    }
    /// Stores a message with that key.
    void enqueue(const std::string& key, int priority = 0, std::chrono::milliseconds delay = {});
    /// Claims all of "bot".
    std::vector<outbox_claim> claim(std::chrono::milliseconds lease, const std::string& worker = "w1");
    /// Claims and marks all of "bot"; both leases are long.
    std::vector<outbox_ticket> send(const std::string& worker = "w1");
    std::size_t settle(const outbox_ticket& of, settlement::outcome as, const std::string& why = {});
    std::vector<outbox_claim> take_overdue(std::chrono::milliseconds lease, const std::string& worker = "w2");
    outbox_record find(const std::string& key);
    outbox_state state_of(const std::string& key) { return find(key).state; }

    boost::asio::io_context io;
    std::unique_ptr<store_place> place;
    std::shared_ptr<outbox_store> store;
};

/// An item of the account "bot".
[[nodiscard]] outbox_item item_of(const std::string& key);
[[nodiscard]] outbox_ticket ticket_of(const outbox_claim& c);

} // namespace yunhu::test
