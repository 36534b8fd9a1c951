// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "http/connect_exchange.hpp"
#include "transport/asio_types.hpp"
#include "transport/inline_strand.hpp"
#include "transport/peer.hpp"
#include "transport/tls_stream.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// Result of opening a tunnel: a stream that leads to the server, or an error.
struct tunnel_result {
    error_code ec; ///< none, `errc::proxy_failed`, `errc::proxy_unauthorized` or `errc::certificate_rejected`
    error_code cause;
    std::string detail;
    std::unique_ptr<tls_stream> stream;
};

/// Opens a tunnel through a proxy, on a socket that is connected to it: TLS if the proxy has it, then HTTP CONNECT. It
/// has no timeout of its own.
class proxy_tunnel : public std::enable_shared_from_this<proxy_tunnel> {
public:
    proxy_tunnel(std::shared_ptr<inline_strand> strand, socket connected, std::shared_ptr<const proxy> through,
                 std::function<void(tunnel_result)> handler);

    void start() { run_guarded(); }
    /// Closes the socket; the handler is not invoked.
    void cancel() noexcept;

private:
    enum class stage : std::uint8_t { handshaking, writing, reading };

    void run_guarded();
    void advance();
    [[nodiscard]] io_result step();
    void wait(socket::wait_type until);
    void on_bytes(std::size_t size);
    void fail_io(const error_code& ec);
    void fail(errc code, const error_code& cause, std::string detail);
    void finish(tunnel_result result);

    std::shared_ptr<inline_strand> strand_;
    std::shared_ptr<const proxy> proxy_;
    std::function<void(tunnel_result)> handler_;
    std::unique_ptr<tls_stream> stream_;
    http::connect_response response_;
    stage stage_ = stage::handshaking;
    std::size_t written_ = 0;
    std::array<char, 1024> buffer_{};
};

} // namespace transport
YUNHU_NAMESPACE_END
