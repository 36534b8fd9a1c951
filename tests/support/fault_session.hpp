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

class fault_session;

/// One step of what a server does on a connection. A test may write its own, and compute in it.
using step = std::function<void(fault_session&)>;
/// What happens on a connection, in order. When it has ended, requests are answered one by one until the
/// client closes.
using script = std::vector<step>;

/// What is done when a request comes that no script waits for: the steps that answer it.
using responseer = std::function<script()>;

/// A complete HTTP response of status 200.
[[nodiscard]] std::string http_ok(std::string_view body);

/// One accepted connection, as the steps see it; runs on a thread of its own.
class fault_session {
public:
    fault_session(int socket, SSL_CTX* context, const fault_server_options& options, responseer responses,
                  fault_log& log, std::size_t number);

    /// The bytes, TLS, the end, and waiting.
    [[nodiscard]] fault_stream& stream() noexcept { return stream_; }
    [[nodiscard]] std::size_t number() const noexcept { return number_; }
    /// The last request that was read.
    [[nodiscard]] const seen_request& request() const noexcept { return request_; }

    /// Reads one complete request; the application has seen it then.
    const seen_request& read_request();
    /// Reads until the head of a request is there, without taking it: the application has not seen it.
    void read_head();
    /// Answers the last request well.
    void response_ok();
    void wait_at_gate(const std::string& name);
    /// Reads until the client closes; requests that come are seen but not answered.
    void read_to_end();

    /// Takes the steps, then answers requests until the client closes.
    void run(const script& steps) noexcept;

private:
    bool take_steps(const script& steps);
    void serve(bool answering);

    const fault_server_options& options_;
    responseer responses_;
    fault_log& log_;
    std::size_t number_;
    fault_stream stream_;
    std::string input_; ///< application data that was not taken yet
    seen_request request_;
    std::size_t requests_ = 0;
};

} // namespace yunhu::test
