// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/testing/emulator.hpp>

#include <cstdint>
#include <memory>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

struct identity;
class service;

/// Listens on 127.0.0.1 and passes requests to the service, on its own thread.
class server {
public:
    /// `application` must outlive the server. Throws `boost::system::system_error`.
    server(const emulator_options& options, const identity& id, service& application);
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    /// Closes all connections and joins the thread.
    ~server();

    [[nodiscard]] std::uint16_t port() const;
    /// Closes all connections before it returns.
    void drop_connections();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
