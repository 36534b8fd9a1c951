// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/asio_types.hpp"
#include "transport/happy_eyeballs.hpp"
#include "transport/host_lookup.hpp"
#include "transport/inline_strand.hpp"
#include "transport/peer.hpp"
#include "transport/proxy_tunnel.hpp"
#include "transport/tls_stream.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// Result of connecting: a connected socket, or a tunnel through a proxy, or an error.
struct connect_result {
    error_code ec;      ///< none, `errc::resolve_failed`, `errc::connect_failed`, or an error of `proxy_tunnel`
    error_code cause;   ///< error of the last address
    std::string detail; ///< each attempted address with its error
    std::optional<socket> connected_socket = std::nullopt;
    std::unique_ptr<tls_stream> tunnel = nullptr;
};

/// Resolves a host name and connects to the first address that accepts (Happy Eyeballs): of the server, or of the proxy
/// that then connects to the server. Results of the resolver are not cached.
class connector : public std::enable_shared_from_this<connector> {
public:
    connector(std::shared_ptr<inline_strand> strand, const peer& to, std::function<void(connect_result)> handler);

    void start();
    /// Cancels all operations; the handler is not invoked.
    void cancel() noexcept;
    [[nodiscard]] bool resolving() const noexcept { return resolving_; }

private:
    template <class Function> void run_guarded(Function function);
    void on_resolved(const error_code& waited);
    void connect(const std::vector<asio::ip::address>& addresses);
    void start_attempt();
    void on_attempt(std::list<socket>::iterator attempt, const happy_eyeballs::endpoint& address, const error_code& ec);
    void open_tunnel(socket connected);
    void stop_attempts() noexcept;
    void finish(connect_result result);

    std::shared_ptr<inline_strand> strand_;
    std::shared_ptr<const proxy> proxy_; ///< null: direct
    std::string host_;                   ///< of the proxy, or else of the server
    std::string port_;
    std::function<void(connect_result)> handler_;
    std::optional<host_lookup> lookup_;
    timer delay_timer_;
    std::optional<happy_eyeballs> schedule_;
    std::list<socket> attempts_;
    std::shared_ptr<proxy_tunnel> tunnel_;
    error_code last_error_;
    std::string failures_; ///< text of `connect_result::detail`
    bool resolving_ = true;
};

} // namespace transport
YUNHU_NAMESPACE_END
