// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/asio_types.hpp"
#include "transport/happy_eyeballs.hpp"
#include "transport/inline_strand.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// What a connector came to: a connected socket, or what failed and why.
struct connect_result {
    error_code ec;      ///< none, `errc::resolve_failed` or `errc::connect_failed`
    error_code cause;   ///< the last address's error
    std::string detail; ///< each address that was tried, and its error
    std::optional<socket> connected;
};

/// Resolves a name, anew each time, and connects to the address that answers first.
class connector : public std::enable_shared_from_this<connector> {
public:
    connector(std::shared_ptr<inline_strand> in, std::string host, std::string port,
              std::function<void(connect_result)> done);

    void start();
    /// No more will come of it; `done` is not called.
    void cancel() noexcept;
    [[nodiscard]] bool resolving() const noexcept { return resolving_; }

private:
    template <class Step> void guarded(Step step);
    void resolved(const error_code& ec, const asio::ip::tcp::resolver::results_type& results);
    void race(std::vector<happy_eyeballs::endpoint> addresses);
    void attempt();
    void attempted(std::list<socket>::iterator which, const happy_eyeballs::endpoint& address, const error_code& ec);
    void finish(connect_result what);

    std::shared_ptr<inline_strand> strand_;
    std::string host_;
    std::string port_;
    std::function<void(connect_result)> done_;
    resolver resolver_;
    timer delay_;
    std::optional<happy_eyeballs> race_;
    std::list<socket> attempts_;
    error_code last_error_;
    std::string failures_; ///< in words
    bool resolving_ = true;
};

} // namespace transport
YUNHU_NAMESPACE_END
