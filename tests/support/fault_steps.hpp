// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fault_connection.hpp"

#include <chrono>
#include <cstddef>
#include <string>

/// The steps of scripts: `{expect_request(), send("HTTP/1.1 200"), fin()}`. The handshake is done before the first step
/// that reads or writes application data.
namespace yunhu::test::steps {

// before the handshake
/// Reads the ClientHello and sends nothing.
[[nodiscard]] step read_client_hello();
[[nodiscard]] step handshake();
/// Responds to the ClientHello with an alert, such as `SSL_AD_HANDSHAKE_FAILURE`.
[[nodiscard]] step refuse_handshake(int alert);

// reading
/// Reads one complete request.
[[nodiscard]] step expect_request();
/// Reads a header section; a later `expect_request` reads the whole request.
[[nodiscard]] step expect_header();
/// Reads until the client closes; requests are recorded and not answered.
[[nodiscard]] step expect_eof();
/// Limits the size of all further reads from the socket.
[[nodiscard]] step read_slowly(std::size_t bytes_at_once = 1);

// writing: one TLS record and one segment each
[[nodiscard]] step send(std::string bytes);
/// Sends two records, split at `offset`.
[[nodiscard]] step send_split(std::string bytes, std::size_t offset);
/// Sends one record per byte.
[[nodiscard]] step send_byte_by_byte(std::string bytes);
/// Sends the bytes `times` times; 0: until the client closes.
[[nodiscard]] step flood(std::string bytes, std::size_t times = 0);
/// Sends a successful response to the last request.
[[nodiscard]] step response_ok();
/// Sends the bytes that `make` returns for the last request.
[[nodiscard]] step respond(body_maker make);
/// Sends the output of these steps in one segment.
[[nodiscard]] step together(script of);

// below HTTP
[[nodiscard]] step send_ticket();                 ///< TLS 1.3
[[nodiscard]] step key_update(bool request_peer); ///< TLS 1.3
[[nodiscard]] step renegotiate();                 ///< TLS 1.2: HelloRequest
[[nodiscard]] step raw_tcp(std::string bytes);    ///< bypasses TLS
[[nodiscard]] step bad_record_mac_alert();        ///< an authenticated alert, which ends TLS
[[nodiscard]] step close_notify();                ///< TCP stays open

// ending
/// Sends FIN without close_notify and continues to read.
[[nodiscard]] step fin();
/// Sends close_notify and FIN, an orderly close, and continues to read.
[[nodiscard]] step close();
/// Closes the socket without close_notify: TCP responds to further bytes of the client with a reset.
[[nodiscard]] step abrupt_close();
[[nodiscard]] step rst();
/// Reads and writes nothing until the client closes.
[[nodiscard]] step stall();
/// Reads and writes nothing, and does not close when the client does.
[[nodiscard]] step hold_open();

// control
/// Waits until the test opens the gate.
[[nodiscard]] step gate(std::string name);
/// For tests of timeouts only.
[[nodiscard]] step wait(std::chrono::milliseconds time);
/// Repeats the steps `times` times; 0: until the client closes.
[[nodiscard]] step loop(script of, std::size_t times = 0);

} // namespace yunhu::test::steps
