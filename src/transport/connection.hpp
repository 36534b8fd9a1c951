// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "http/response_parser.hpp"
#include "transport/connector.hpp"
#include "transport/inline_strand.hpp"
#include "transport/peer.hpp"
#include "transport/tls_stream.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/response_limits.hpp>
#include <yunhu/secret.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// Why an exchange, or an attempt to connect, failed.
struct transport_error {
    error_code code;
    error_code cause; ///< underlying error
    delivery how{};
    yunhu::phase phase{};
    int status = 0;     ///< HTTP status of a response that was not accepted
    std::string detail; ///< text that `code` and `cause` can't express
};

class connection;

/// Receives the events of connections. Invoked on the strand, and never by a member function of the connection other
/// than `send`. `on_connected` and `on_first_byte` must not call members of the connection that change its state.
class connection_owner {
public:
    /// The TCP connection is established; the TLS handshake follows, if any.
    virtual void on_connected(connection& c) = 0;
    /// The connection is ready for a request.
    virtual void on_open(connection& c) = 0;
    virtual void on_open_failed(connection& c, const transport_error& why) = 0;
    /// The first bytes of a response were received, but not the whole response.
    virtual void on_first_byte(connection& c) = 0;
    /// The exchange is complete; `reusable` is true if the connection may serve another exchange.
    virtual void on_response(connection& c, http::response a, bool reusable) = 0;
    virtual void on_exchange_failed(connection& c, const transport_error& why) = 0;
    /// After `poll_response`: the response has not arrived completely. Nothing more is read.
    virtual void on_no_response(connection& c) = 0;
    /// The peer closed an idle connection or sent unsolicited bytes.
    virtual void on_idle_ended(connection& c) = 0;

protected:
    ~connection_owner() = default;
};

/// A client connection: connects, performs the TLS handshake, and exchanges one request and response at a time.
///
/// While a request is in flight, one read is outstanding. The owner decides when it starts: a read that is started
/// before the response is there costs an additional system call. An idle connection has no read outstanding:
/// unsolicited bytes stay in the kernel until `send` finds them. `release_buffers` starts a wait as well, so that the
/// peer's close evicts the connection at once.
class connection : public std::enable_shared_from_this<connection> {
public:
    /// All handlers run on `strand`. `scratch` receives decrypted bytes; connections on one strand may share it.
    connection(std::uint32_t id, std::shared_ptr<inline_strand> strand, std::shared_ptr<connection_owner> owner,
               const peer& to, const response_limits& limits, std::span<char> scratch);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() = default;

    /// Starts to connect; ends with `on_open` or `on_open_failed`.
    void open();
    /// Frees the buffers of an idle connection and waits for an event of the peer.
    void release_buffers();
    /// Buffer for the next request, header section and body.
    [[nodiscard]] detail::secret_bytes& request() noexcept { return request_; }
    /// Sends the request in `request()`. The response is read once `start_read` is called. False: nothing was sent,
    /// because the peer has closed the connection or sent unsolicited bytes. That is checked immediately before the
    /// write, since HTTP/1.1 can't distinguish bytes that arrive later from the response.
    [[nodiscard]] bool send();
    /// Starts to read the response. No effect if a read is outstanding or no request is in flight.
    void start_read();
    /// Reads the bytes that have arrived, also those that a handler has not been called for yet. Ends like any read, or
    /// with `on_no_response`. A request must be in flight.
    void poll_response();
    /// Uses the capacity of `memory` for the body of the next response.
    void reuse(std::string&& memory) { parser_.reuse_body(std::move(memory)); }
    /// Closes the connection. The owner receives no further event.
    void close();
    /// Closes the sockets of this process and sends nothing: after a fork the connection is the parent's. To be closed
    /// next.
    void disown() noexcept;

    [[nodiscard]] std::uint32_t id() const noexcept { return id_; }
    [[nodiscard]] std::uint64_t exchanges() const noexcept { return exchanges_; }
    /// Duration of name resolution and connecting, and of the TLS handshake.
    [[nodiscard]] std::chrono::nanoseconds connect_time() const noexcept { return connected_ - opened_; }
    [[nodiscard]] std::chrono::nanoseconds tls_time() const noexcept { return ready_ - connected_; }
    /// Arrival of the first bytes of a response that was not received in one piece.
    [[nodiscard]] const std::optional<std::chrono::steady_clock::time_point>& first_byte() const noexcept {
        return first_byte_;
    }
    [[nodiscard]] bool resumed() const noexcept { return stream_ && stream_->resumed(); }
    /// Progress of the connection or the exchange: the phase of a call that is aborted now.
    [[nodiscard]] yunhu::phase phase() const noexcept;
    /// Delivery class of a call that is aborted now.
    [[nodiscard]] delivery delivered() const noexcept;

private:
    enum class state : std::uint8_t {
        connecting,
        handshaking,
        idle,
        busy,
        failed, ///< the request could not be sent, its report is posted
        closed,
    };

    void on_connect_result(connect_result result);
    template <class Function> void run_guarded(Function function);
    [[nodiscard]] bool is_reusable();
    void continue_handshake();
    void on_readable(const error_code& ec);
    void on_writable(const error_code& ec);
    void on_received(const error_code& ec, std::size_t bytes);
    void on_poll();
    void read();
    void write();
    void wait_readable();
    void wait_writable();
    void fail(const error_code& ec);
    void fail_exchange(const error_code& code, const error_code& cause, std::string detail = {});
    void fail_open(const error_code& code, const error_code& cause, yunhu::phase where, std::string detail = {});
    void complete();

    std::uint32_t id_;
    std::shared_ptr<inline_strand> strand_;
    std::shared_ptr<connection_owner> owner_;
    peer peer_;
    std::span<char> scratch_;
    std::shared_ptr<connector> connector_;
    std::optional<tls_stream> stream_;
    std::vector<char> read_buffer_; ///< of the outstanding read
    http::response_parser parser_;
    detail::secret_bytes request_;
    std::size_t written_ = 0;
    std::uint64_t accepted_before_ = 0; ///< `bytes_accepted()` at the start of the exchange
    std::uint64_t exchanges_ = 0;
    std::chrono::steady_clock::time_point opened_;
    std::chrono::steady_clock::time_point connected_;
    std::chrono::steady_clock::time_point ready_;
    std::optional<std::chrono::steady_clock::time_point> first_byte_;
    state state_ = state::connecting;
    bool reading_ = false;
    bool waiting_readable_ = false;
    bool waiting_writable_ = false;
    bool polling_ = false; ///< the next read is the last one of the exchange
};

} // namespace transport
YUNHU_NAMESPACE_END
