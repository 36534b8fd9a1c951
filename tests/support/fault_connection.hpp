// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fault_stream.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace yunhu::test {

class fault_connection;

/// A step of the server on a connection. Tests may define their own.
using step = std::function<void(fault_connection&)>;
/// The steps on a connection, in order. After the last one, requests are answered until the client closes.
using script = std::vector<step>;

/// Returns the steps for a request that arrives after the end of a script.
using response_source = std::function<script()>;

/// A complete HTTP response of status 200.
[[nodiscard]] std::string http_ok(std::string_view body);

/// An accepted connection, with the operations of the steps. Runs on its own thread.
class fault_connection {
public:
    fault_connection(int socket, SSL_CTX* context, const fault_server_options& options, response_source responses,
                     fault_log& log, std::size_t number);

    /// The operations on the socket and on TLS.
    [[nodiscard]] fault_stream& stream() noexcept { return stream_; }
    [[nodiscard]] std::size_t number() const noexcept { return number_; }
    /// The last complete request.
    [[nodiscard]] const seen_request& request() const noexcept { return request_; }

    /// Reads one complete request and records it.
    const seen_request& read_request();
    /// Reads until a header section is complete. The request is not recorded yet.
    void read_header();
    /// Sends a successful response to the last request.
    void response_ok();
    void wait_at_gate(const std::string& name);
    /// Reads until the client closes; requests are recorded and not answered.
    void read_to_end();

    /// Executes the steps, then answers requests until the client closes.
    void run(const script& steps) noexcept;

private:
    bool execute(const script& steps);
    void serve(bool respond);

    const fault_server_options& options_;
    response_source responses_;
    fault_log& log_;
    std::size_t number_;
    fault_stream stream_;
    std::string input_; ///< application data that is not parsed yet
    seen_request request_;
    std::size_t requests_ = 0;
};

} // namespace yunhu::test
