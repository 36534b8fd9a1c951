// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "store_conformance.hpp"

#include <yunhu/lease_store.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace yunhu::test {

/// What every store of leases must do. Time needs no waiting: a lease of 0 is over at once.
class lease_conformance : public ::testing::TestWithParam<make_store_place> {
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
    /// One change; none: it did not take effect.
    std::optional<lease_ticket> change(const std::string& worker, lease_change::action what, const std::string& account,
                                       std::uint32_t epoch, std::chrono::milliseconds lease);
    lease_row row_of(const std::string& account);

    boost::asio::io_context io;
    std::unique_ptr<store_place> place;
    std::shared_ptr<outbox_store> outbox; ///< the same object
    std::shared_ptr<lease_store> store;
};

} // namespace yunhu::test
