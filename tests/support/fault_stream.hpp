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

/// Thrown to a script when the client has ended the connection, or the script has.
struct connection_over {};
/// Thrown to a script when the server wants the connection gone at once.
struct connection_dropped {};

/// How a connection is taken away from its script.
enum class drop_by { close, reset };

/// A socket with TLS over it by hand, so that every byte under and over TLS leaves exactly when it is told to. Belongs
/// to the connection's thread, `drop` and `wake` apart.
class fault_stream {
public:
    /// Takes the non-blocking socket. `context` null: plain TCP.
    fault_stream(int socket, SSL_CTX* context, fault_log& log, std::size_t number);
    fault_stream(const fault_stream&) = delete;
    fault_stream& operator=(const fault_stream&) = delete;
    ~fault_stream();

    // reading
    /// Reads until the first TLS record is complete, and answers nothing.
    void read_client_hello();
    /// Does the handshake, once; reading and writing do it by themselves.
    void handshake();
    /// As `handshake`, but the server answers with an alert.
    void refuse_handshake(int alert);
    /// Waits for application data and appends it; false at the end of the client's bytes.
    bool read_some(std::string& input);
    /// Bytes that the socket is asked for at once.
    void read_at_most(std::size_t size) noexcept { read_size_ = size; }

    // writing: what is written leaves at once
    void write(std::string_view data);
    void write_raw(std::string_view data);
    /// Keeps what is written from now on, for one send.
    void hold_back() noexcept { held_back_ = true; }
    void let_go();
    void send_ticket();
    void update_keys(bool of_peer_too);
    void ask_to_renegotiate();
    void send_close_notify();
    /// Sends a true alert, bad_record_mac: what OpenSSL does when it is given a forged record.
    void send_bad_record_mac_alert();
    [[nodiscard]] bool can_write() const noexcept { return socket_ >= 0 && !write_ended_ && !tls_write_ended_; }

    // ending
    void send_fin();
    void reset() noexcept;
    void close() noexcept;

    // waiting, without reading; notices when the client ends the connection
    void wait_until(const std::function<bool()>& happened);
    void wait_for(std::chrono::milliseconds time);
    /// Waits for the client's end, or for being dropped.
    void wait_for_end();
    [[nodiscard]] const handshake_watch& watch() const noexcept { return watch_; }

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
    handshake_watch watch_;
    ssl_ptr ssl_;
    std::string received_; ///< raw bytes of the last `receive`
    std::string out_;      ///< raw bytes to be sent
    std::size_t read_size_ = 16 * 1024;
    bool held_back_ = false;
    bool shaken_ = false;          ///< the handshake was completed
    bool tls_ended_ = false;       ///< nothing more can be read through TLS
    bool tls_write_ended_ = false; ///< nothing more can be written through TLS
    bool write_ended_ = false;     ///< nothing more can be written
    bool client_ended_ = false;
    std::atomic<bool> dropped_ = false;
    std::atomic<drop_by> drop_how_ = drop_by::close;
};

} // namespace yunhu::test
