// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/asio_types.hpp"
#include "transport/tls_context.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// Result of one non-blocking operation: bytes, a readiness to wait for, or an error.
struct io_result {
    enum class wait : std::uint8_t { none, readable, writable };

    std::size_t bytes = 0;
    wait needs = wait::none;
    error_code ec; ///< `asio::error::eof`: authenticated end; `asio::ssl::error::stream_truncated`: truncation
};

/// TLS, or plain TCP, on a non-blocking socket. No operation blocks; the connection waits for readiness of the socket.
///
/// `asio::ssl::stream` is not used, for two reasons: here an idle connection holds no buffers, and the number of bytes
/// accepted by the kernel is known, which distinguishes `not_sent` from `maybe_sent`.
class tls_stream {
public:
    /// Plain TCP if `tls` is null.
    tls_stream(socket connected, tls_context* tls);
    /// TLS through the tunnel of a proxy: over the tunnel's socket, and over its TLS if it has any. Takes both from
    /// `tunnel`, which must be established and is closed then.
    tls_stream(tls_stream& tunnel, tls_context& tls);
    tls_stream(const tls_stream&) = delete;
    tls_stream& operator=(const tls_stream&) = delete;
    ~tls_stream();

    [[nodiscard]] io_result handshake();
    [[nodiscard]] io_result read_some(std::span<char> buffer);
    [[nodiscard]] io_result write_some(std::span<const char> buffer);
    /// Peeks at the kernel's receive buffer: `readable` if it is empty, otherwise bytes or an error.
    [[nodiscard]] io_result peek();
    /// Supplies the result of a read on the socket: `bytes`, followed by the error if there is one. `bytes` must remain
    /// valid until they are consumed. If `may_have_more` is false, the socket is not read before `set_readable`.
    void supply_input(std::span<const char> bytes, const error_code& ec, bool may_have_more) noexcept;
    /// The kernel's receive buffer may no longer be empty.
    void set_readable() noexcept { readable_ = true; }
    /// Bytes that are read from the socket at a time, at most.
    void limit_reads(std::size_t bytes) noexcept { max_read_ = bytes; }
    /// True if supplied input is not consumed yet.
    [[nodiscard]] bool has_input() const noexcept { return !input_.empty(); }
    /// True if received bytes are not returned by `read_some` yet.
    [[nodiscard]] bool buffered() const noexcept;
    /// Frees the TLS buffers; the next operation allocates them again.
    void release_buffers() noexcept;
    /// Sends close_notify if that is possible without blocking, and closes the socket.
    void close() noexcept;
    /// Closes the socket of this process and sends nothing: another process uses the connection.
    void disown() noexcept;

    [[nodiscard]] socket& lowest_layer() noexcept { return socket_; }
    /// Total number of bytes accepted by the kernel.
    [[nodiscard]] std::uint64_t bytes_accepted() const noexcept { return accepted_; }
    [[nodiscard]] bool resumed() const noexcept;
    /// Why the handshake ended with `errc::certificate_rejected`.
    [[nodiscard]] std::string rejection() const { return tls_->rejection(ssl_.get()); }

private:
    friend struct socket_bio;
    void start_tls(BIO* below);
    [[nodiscard]] bool tunnel_ended() const noexcept;
    [[nodiscard]] io_result to_result(int returned) noexcept;
    std::size_t read_socket(std::span<char> buffer, error_code& ec);

    socket socket_;
    tls_context* tls_;
    ssl_ptr tunnel_; ///< TLS to a proxy, below `ssl_`; else null
    ssl_ptr ssl_;
    std::span<const char> input_; ///< supplied, not consumed yet
    error_code input_error_;      ///< reported after `input_`
    std::size_t max_read_ = SIZE_MAX;
    bool readable_ = true;    ///< the kernel's receive buffer may be non-empty
    error_code socket_error_; ///< of the last operation on the socket
    std::uint64_t accepted_ = 0;
    bool established_ = false;
};

} // namespace transport
YUNHU_NAMESPACE_END
