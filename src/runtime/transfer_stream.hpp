// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "runtime/guarded_handler.hpp"
#include "transport/connector.hpp"
#include "transport/inline_strand.hpp"
#include "transport/peer.hpp"
#include "transport/tls_stream.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace detail {

namespace asio = boost::asio;

/// A connection for transfers: verified TLS, bytes in both directions, a timeout for each step. It belongs to no pool:
/// a transfer that takes minutes must not hold a connection that calls wait for.
///
/// One operation at a time, from any thread; each completes by its handler's associated executor, never from inside its
/// initiation. Cancellation (all types) ends the operation with `operation_aborted` and closes the connection.
class transfer_stream : public std::enable_shared_from_this<transfer_stream> {
public:
    using handler = guarded_handler<error_code, std::size_t>::handler;

    transfer_stream(const asio::any_io_executor& executor, const transport::peer& to,
                    std::chrono::nanoseconds connect_timeout, std::chrono::nanoseconds step_timeout);
    transfer_stream(const transfer_stream&) = delete;
    transfer_stream& operator=(const transfer_stream&) = delete;
    ~transfer_stream();

    /// Connects and verifies the server.
    void async_open(handler done);
    /// Sends all of the bytes, which must stay valid until completion.
    void async_write(std::span<const char> bytes, handler done);
    /// Receives at least that many bytes, at most as many as the buffer has room for; with an error, those before it.
    /// `asio::error::eof`: the peer ended the connection properly.
    void async_read(std::span<char> buffer, std::size_t at_least, handler done);
    void close() noexcept;

    /// Why `async_open` failed, beyond its code. Read between operations.
    [[nodiscard]] const std::string& detail() const noexcept { return detail_; }
    [[nodiscard]] const error_code& cause() const noexcept { return cause_; }
    /// Bytes that the kernel has accepted.
    [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }

private:
    enum class operation : std::uint8_t { none, connect, handshake, write, read };

    void start(operation what, handler done, std::chrono::nanoseconds timeout, void (transfer_stream::*run)());
    void begin(operation what, std::chrono::nanoseconds timeout, guarded_handler<error_code, std::size_t> done);
    void watch();
    void run_connect();
    void on_connected(transport::connect_result result);
    void step();
    void wait(transport::io_result::wait direction);
    void finish(const error_code& ec);
    void abort(const error_code& why) noexcept;
    void shut() noexcept;

    std::shared_ptr<transport::inline_strand> strand_;
    transport::peer peer_;
    std::chrono::nanoseconds connect_timeout_;
    std::chrono::nanoseconds step_timeout_;
    transport::timer timer_; ///< set once for many operations: setting it for each is a system call
    bool watched_ = false;   ///< the timer is set
    std::chrono::nanoseconds timeout_{};
    std::chrono::steady_clock::time_point deadline_; ///< of the operation: without a byte until then it fails
    std::shared_ptr<transport::connector> connector_;
    std::unique_ptr<transport::tls_stream> stream_;
    operation running_ = operation::none;
    std::uint64_t number_ = 0; ///< of the operation: a readiness that an earlier one waited for has no effect
    std::optional<guarded_handler<error_code, std::size_t>> done_;
    std::span<const char> outgoing_;
    std::span<char> incoming_;
    std::size_t at_least_ = 0;
    std::size_t bytes_ = 0;
    std::string detail_;
    error_code cause_;
    std::uint64_t sent_ = 0;
};

} // namespace detail
YUNHU_NAMESPACE_END
