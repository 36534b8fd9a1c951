// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fault_options.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace yunhu::test {

/// Ends a script: the connection was closed by the client or by a step.
struct connection_over {};
/// Ends a script: the server drops the connection.
struct connection_dropped {};

/// How the server drops a connection.
enum class drop_by { close, reset };

/// A socket and TLS over memory BIOs, so that a script determines when each byte below and above TLS is sent. Must be
/// used on the thread of the connection, except `drop` and `wake`.
class fault_stream {
public:
    /// Owns `socket`, which must be non-blocking. `context` null: plain TCP.
    fault_stream(int socket, SSL_CTX* context, fault_log& log, std::size_t number);
    fault_stream(const fault_stream&) = delete;
    fault_stream& operator=(const fault_stream&) = delete;
    ~fault_stream();

    // reading
    /// Reads until the first TLS record is complete, and sends nothing.
    void read_client_hello();
    /// Performs the handshake once; reading and writing call it.
    void handshake();
    /// Performs a handshake in which the server responds with an alert.
    void refuse_handshake(int alert);
    /// Waits for application data and appends it; false at the end of the stream.
    bool read_some(std::string& input);
    /// Limits the size of a read from the socket.
    void read_at_most(std::size_t size) noexcept { read_size_ = size; }

    // writing: sends at once, except in a batch
    void write(std::string_view data);
    void write_raw(std::string_view data);
    /// Collects the output until `send_batch`.
    void start_batch() noexcept { in_batch_ = true; }
    void send_batch();
    void send_ticket();
    void update_keys(bool request_peer);
    void request_renegotiation();
    void send_close_notify();
    /// Sends an authenticated bad_record_mac alert: OpenSSL does so for a forged record.
    void send_bad_record_mac_alert();
    [[nodiscard]] bool can_write() const noexcept { return socket_ >= 0 && !write_ended_ && !tls_write_ended_; }

    // ending
    void send_fin();
    void reset() noexcept;
    void close() noexcept;

    // waiting without reading; detects a close by the client
    void wait_until(const std::function<bool()>& condition);
    void wait_for(std::chrono::milliseconds time);
    /// Waits until the client closes or the server drops the connection.
    void wait_for_end();
    [[nodiscard]] const handshake_observer& observer() const noexcept { return observer_; }

    // from other threads
    void drop(drop_by how) noexcept;
    void wake() noexcept;

private:
    using time_point = std::chrono::steady_clock::time_point;

    bool poll(short events, time_point until = time_point::max());
    bool receive();
    void flush();
    void flush_if_possible();
    void take_from_tls();
    void do_handshake_step();
    void note_end(int socket_error);
    void note_tls_error();

    int socket_;
    int wake_;
    handshake_observer observer_;
    ssl_ptr ssl_;
    std::string received_; ///< by the last `receive`, below TLS
    std::string out_;      ///< to be sent, below TLS
    std::size_t read_size_ = 16 * 1024;
    bool in_batch_ = false;
    bool handshake_done_ = false;  ///< the handshake is complete
    bool tls_ended_ = false;       ///< nothing more can be read through TLS
    bool tls_write_ended_ = false; ///< nothing more can be written through TLS
    bool write_ended_ = false;     ///< nothing more can be written
    bool client_ended_ = false;
    std::atomic<bool> dropped_ = false;
    std::atomic<drop_by> drop_how_ = drop_by::close;
};

} // namespace yunhu::test
