// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <optional>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// Order of connection attempts (RFC 8305, Happy Eyeballs). Pure: takes events, gives the address to try next.
class happy_eyeballs {
public:
    using endpoint = boost::asio::ip::tcp::endpoint;

    /// Keeps the resolver's order within each address family and interleaves the families.
    explicit happy_eyeballs(std::vector<endpoint> resolved);

    /// The address to try now, if any. To be called at the start, after a failed attempt, and after the delay.
    [[nodiscard]] std::optional<endpoint> next();
    void on_failure() { --outstanding_; }
    /// True while an attempt is outstanding or can be started.
    [[nodiscard]] bool is_open() const noexcept { return outstanding_ > 0 || started_ < addresses_.size(); }
    /// True if an address is not attempted yet.
    [[nodiscard]] bool has_next() const noexcept { return started_ < addresses_.size(); }

private:
    std::vector<endpoint> addresses_;
    std::size_t started_ = 0;
    std::size_t outstanding_ = 0;
};

} // namespace transport
YUNHU_NAMESPACE_END
