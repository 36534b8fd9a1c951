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

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// What one non-blocking step came to: bytes, or what to wait for, or an error.
struct io_step {
    enum class wait : std::uint8_t { none, readable, writable };

    std::size_t bytes = 0;
    wait needs = wait::none;
    error_code ec; ///< `asio::error::eof`: the peer ended cleanly; `asio::ssl::error::stream_truncated`: it was cut
};

/// TLS (or, to a loopback address, nothing) on a non-blocking socket. Every member is one step that never waits; who
/// uses it waits for the socket. Not on `asio::ssl::stream`: here an idle connection keeps one wait and no buffers, and
/// the bytes that the kernel took of a request are known, which tells `not_sent` from `maybe_sent`.
class stream {
public:
    /// `tls` null: plain.
    stream(socket connected, tls_context* tls);
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;
    ~stream();

    [[nodiscard]] io_step handshake();
    [[nodiscard]] io_step read_some(std::span<char> into);
    [[nodiscard]] io_step write_some(std::span<const char> from);
    /// Looks at the kernel's buffer only: `readable` when nothing has come, else bytes or how it ended.
    [[nodiscard]] io_step peek();
    /// Takes what was read from the socket elsewhere: `bytes`, which must stay until they are used up, then an error.
    /// Not `more`: there is nothing left in the kernel, and it is not looked at again before `look`.
    void take_in(std::span<const char> bytes, const error_code& ec, bool more) noexcept;
    /// The kernel may have something again.
    void look() noexcept { more_ = true; }
    /// Bytes that were taken in and not yet used.
    [[nodiscard]] bool holds() const noexcept { return !input_.empty(); }
    /// Bytes that were read and not yet given out.
    [[nodiscard]] bool buffered() const noexcept;
    /// Gives up TLS's buffers until they are needed again.
    void release_buffers() noexcept;
    /// Says goodbye as far as that takes no waiting, and closes.
    void close() noexcept;

    [[nodiscard]] socket& lowest() noexcept { return socket_; }
    /// Bytes that the kernel accepted so far.
    [[nodiscard]] std::uint64_t accepted() const noexcept { return accepted_; }
    [[nodiscard]] bool resumed() const noexcept;

private:
    friend struct socket_bio;
    [[nodiscard]] io_step outcome(int returned) noexcept;
    std::size_t read_socket(std::span<char> into, error_code& ec);

    socket socket_;
    tls_context* tls_;
    ssl_ptr ssl_;
    std::span<const char> input_; ///< taken in
    error_code input_end_;        ///< what follows it
    bool more_ = true;            ///< the kernel may have some
    error_code socket_error_;     ///< what lay under TLS's last failure
    std::uint64_t accepted_ = 0;
    bool established_ = false;
};

} // namespace transport
YUNHU_NAMESPACE_END
