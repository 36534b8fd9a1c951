// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fault_session.hpp"

#include <chrono>
#include <cstddef>
#include <string>

/// The steps of which tests make scripts: `{expect_request(), send("HTTP/1.1 200"), fin()}`. The handshake comes by
/// itself before the first step that reads or writes application data.
namespace yunhu::test::steps {

// before the handshake
/// Reads the ClientHello and does not answer it.
[[nodiscard]] step read_client_hello();
[[nodiscard]] step handshake();
/// Answers the ClientHello with an alert, e.g. `SSL_AD_HANDSHAKE_FAILURE`.
[[nodiscard]] step refuse_handshake(int alert);

// reading
/// Reads one complete request.
[[nodiscard]] step expect_request();
/// Waits for the head of a request; a later `expect_request` takes it with its body.
[[nodiscard]] step expect_head();
/// Reads until the client closes; requests that come are seen but not answered.
[[nodiscard]] step expect_eof();
/// From here on the socket is read in pieces of that size.
[[nodiscard]] step read_slowly(std::size_t bytes_at_once = 1);

// writing: one TLS record and one segment each
[[nodiscard]] step send(std::string bytes);
/// In two records.
[[nodiscard]] step send_split(std::string bytes, std::size_t offset);
/// In a record for every byte.
[[nodiscard]] step send_byte_by_byte(std::string bytes);
/// The same bytes again and again, `times` or (0) until the client closes.
[[nodiscard]] step flood(std::string bytes, std::size_t times = 0);
/// Answers the last request as a good server does.
[[nodiscard]] step response_ok();
/// Sends bytes that are computed from the last request.
[[nodiscard]] step respond(body_maker make);
/// What these steps write leaves in one segment.
[[nodiscard]] step together(script of);

// under HTTP
[[nodiscard]] step send_ticket();                  ///< TLS 1.3
[[nodiscard]] step key_update(bool of_client_too); ///< TLS 1.3
[[nodiscard]] step renegotiate();                  ///< TLS 1.2: HelloRequest
[[nodiscard]] step raw_tcp(std::string bytes);     ///< past TLS
[[nodiscard]] step bad_record_mac_alert();         ///< a true one; TLS ends with it
[[nodiscard]] step close_notify();                 ///< TCP stays open

// ending
/// FIN without close_notify; goes on reading.
[[nodiscard]] step fin();
/// close_notify and FIN, as a good server closes; goes on reading.
[[nodiscard]] step close();
/// Closes the socket at once, without close_notify: what the client still sends is answered with a reset.
[[nodiscard]] step vanish();
[[nodiscard]] step rst();
/// Reads and writes nothing more, until the client closes.
[[nodiscard]] step stall();
/// Reads and writes nothing more, and does not close when the client does.
[[nodiscard]] step hold_open();

// order
/// Waits until the test opens the gate.
[[nodiscard]] step gate(std::string name);
/// Only where time itself is the subject.
[[nodiscard]] step wait(std::chrono::milliseconds time);
/// The same steps again and again, `times` or (0) until the client closes.
[[nodiscard]] step loop(script of, std::size_t times = 0);

} // namespace yunhu::test::steps
