// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/connector.hpp"
#include "transport/inline_strand.hpp"
#include "transport/peer.hpp"
#include "transport/tls_stream.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace transport {

class websocket;

/// Where a WebSocket connection is opened, and its limits.
struct websocket_settings {
    transport::peer peer;
    std::string target;          ///< path and query
    std::string host_header;     ///< value of the `Host` field
    std::string user_agent;      ///< value of the `User-Agent` field
    std::size_t max_message = 0; ///< bytes; a larger one closes the connection with 1009
};

/// Why a WebSocket connection ended.
struct websocket_end {
    error_code ec;    ///< `errc::connection_lost` after it was open, else the step that failed
    error_code cause; ///< of the socket, of TLS or of the protocol
    std::string detail;
    std::uint16_t close_code = 0; ///< of the close frame; 0: none was received
    std::string close_reason;     ///< of the close frame; untrusted
    int http_status = 0;          ///< of the response to the upgrade, if it is not 101
};

/// What a connection reports, on its strand, never from inside `open`, `read` or `send`. An exception ends the
/// connection.
class websocket_owner {
public:
    websocket_owner() = default;
    websocket_owner(const websocket_owner&) = delete;
    websocket_owner& operator=(const websocket_owner&) = delete;
    virtual ~websocket_owner() = default;

    virtual void on_open(websocket& of) = 0;
    /// The answer to `read`. `bytes` are valid until the function returns. True: read the next one.
    [[nodiscard]] virtual bool on_message(websocket& of, std::span<const std::byte> bytes, bool text) = 0;
    /// Once, and not after `close`.
    virtual void on_end(websocket& of, const websocket_end& why) = 0;
};

/// A WebSocket connection of a client (RFC 6455, by Boost.Beast) over the verified TLS of calls, without compression.
/// Everything runs on the strand. Messages are read one at a time, on request, so that a slow owner slows the peer.
class websocket : public std::enable_shared_from_this<websocket> {
public:
    websocket(std::shared_ptr<inline_strand> strand, std::weak_ptr<websocket_owner> owner,
              std::shared_ptr<const websocket_settings> settings, std::uint64_t id);
    websocket(const websocket&) = delete;
    websocket& operator=(const websocket&) = delete;
    ~websocket();

    void open();
    /// Sends a text message after those before it. It may have a secret; its memory is wiped.
    void send(detail::secret_bytes text);
    /// Reads one message. Only when none is being read.
    void read();
    /// Ends the connection. `politely`: with a close frame, for which the connection lives on for a moment. The owner
    /// is not called any more.
    void close(bool politely) noexcept;
    /// The connection is used by another process: closes the socket, and sends nothing.
    void disown() noexcept;

    [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
    [[nodiscard]] bool reading() const noexcept;
    [[nodiscard]] bool resumed() const noexcept;

private:
    struct session; ///< the part that knows Beast

    template <class Function> void run_guarded(Function function);
    void on_connected(connect_result result);
    void handshake();
    void upgrade();
    void on_upgraded(const error_code& ec);
    void on_read(const error_code& ec);
    void write_next();
    void end(websocket_end why);
    void end_after_open(const error_code& cause);

    std::shared_ptr<inline_strand> strand_;
    std::weak_ptr<websocket_owner> owner_;
    std::shared_ptr<const websocket_settings> settings_;
    const std::uint64_t id_;
    std::shared_ptr<connector> connector_;
    std::unique_ptr<tls_stream> stream_; ///< until the upgrade
    std::unique_ptr<session> session_;
    bool ended_ = false;
};

} // namespace transport
YUNHU_NAMESPACE_END
