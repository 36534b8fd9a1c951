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

/// Which address is tried when (RFC 8305, Happy Eyeballs). Pure: told what happened, it says what to start.
class happy_eyeballs {
public:
    using endpoint = boost::asio::ip::tcp::endpoint;

    /// The resolver's order, with the address families taken in turn.
    explicit happy_eyeballs(std::vector<endpoint> resolved);

    /// At the start, when an attempt failed, and when the delay has passed: the address to try now, if one is left.
    [[nodiscard]] std::optional<endpoint> next();
    void failed() { --running_; }
    /// An attempt runs, or one may still be started.
    [[nodiscard]] bool open() const noexcept { return running_ > 0 || started_ < addresses_.size(); }
    [[nodiscard]] bool more() const noexcept { return started_ < addresses_.size(); }

private:
    std::vector<endpoint> addresses_;
    std::size_t started_ = 0;
    std::size_t running_ = 0;
};

} // namespace transport
YUNHU_NAMESPACE_END
