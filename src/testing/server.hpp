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

/// The sockets: listens on 127.0.0.1 and hands what arrives to the service, on a thread of its own.
class server {
public:
    /// `application` must outlive the server. Throws `boost::system::system_error`.
    server(const emulator_options& options, const identity& who, service& application);
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    /// Closes everything and joins the thread.
    ~server();

    [[nodiscard]] std::uint16_t port() const;
    /// Returns when every connection is closed.
    void drop_connections();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
