// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/secret.hpp>
#include <yunhu/types.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// An emulated Yunhu service for tests of bots and of this library: HTTPS, stored messages, injected faults.
YUNHU_NAMESPACE_BEGIN
namespace testing {

/// Options of an emulator.
struct emulator_options {
    emulator_options() = default;

    std::uint16_t port = 0;          ///< 0: any free port
    secret token = "test-token";     ///< the only accepted token
    std::string user_id = "7356666"; ///< the account of the token
    std::string user_name = "测试";
    std::chrono::milliseconds idle_timeout = std::chrono::minutes(5); ///< of a keep-alive connection
    std::filesystem::path ca_out;                                     ///< file for the CA (PEM); empty: none
    std::uint64_t seed = 1;                                           ///< of fault probabilities and generated ids
    std::size_t journal_limit = 1'000'000;                            ///< older exchanges are discarded; 0: no journal
};

/// A fault that is applied to matching requests.
struct fault {
    fault() = default;
    /// A fault of one endpoint, e.g. `endpoints::send_message`.
    explicit fault(const endpoint_info& where) : endpoint(where.path) {}

    enum class action : std::uint8_t {
        response,          ///< sends a response of `status`, `headers` and `body` instead
        raw_bytes,         ///< sends `body` instead of an HTTP response; the connection stays open
        close_before,      ///< closes without executing the request and without a response
        close_after,       ///< executes the request, then closes without a response
        close_in_response, ///< executes the request, then closes after half of the response
        reset,             ///< closes with a TCP reset
        stall,             ///< executes the request and sends nothing; the client must close the connection
        delay,             ///< executes the request, then sends the response after `delay`
        refuse_tls,        ///< closes an accepted connection before TLS; matches connections, `endpoint` is ignored
    };

    /// Matching requests: the name of an endpoint that the emulator serves, e.g. "send-message", or any path, e.g.
    /// "/v1/own/call". Empty: all requests.
    std::string endpoint;
    std::uint64_t nth = 0;    ///< only the n-th matching request since the injection, from 1; 0: every one
    std::uint64_t times = 0;  ///< maximum number of applications; 0: no limit
    double probability = 1.0; ///< pseudo-random by `emulator_options::seed`
    action what = action::response;
    bool execute = false; ///< of response, raw_bytes and reset: executes the request before
    int status = 500;     ///< of response
    std::vector<std::pair<std::string, std::string>> headers; ///< of response; a content-length is added if missing
    std::string body;                                         ///< of response and raw_bytes
    std::chrono::milliseconds delay{0}; ///< before the fault sends or closes; the execution is not delayed
};

/// A request and its response. Exchanges are in the order in which requests arrived.
struct exchange {
    exchange() = default;

    std::uint64_t connection = 0;    ///< number of the connection, from 1
    std::uint64_t on_connection = 0; ///< number of the exchange on it, from 1
    std::string endpoint;            ///< last segment of the path, such as "send-message"; empty for an unknown path
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers; ///< as received; the token is masked
    std::string body;
    std::string msg_id;                         ///< of the request, if any; several are separated by commas
    bool executed = false;                      ///< the request was valid, had the right token and was executed
    int status = 0;                             ///< HTTP status of the response; 0: no response, or raw bytes
    std::int64_t code = 0;                      ///< API code, also if its response was not sent; 0: none
    bool duplicate = false;                     ///< a send whose `msg_id` was stored before
    std::string problem;                        ///< why the request is not valid; empty: it is
    std::optional<fault::action> applied_fault; ///< none: the response was normal
};

/// An accepted button-report.
struct button_press {
    button_press() = default;
    bool operator==(const button_press&) const = default;

    chat in;
    std::string msg_id;
    std::string user_id;
    std::string button_value;
};

/// An accepted file-download-record.
struct download {
    download() = default;
    bool operator==(const download&) const = default;

    std::string msg_id;
    std::string download_path;
};

/// The server. Runs on its own thread from construction to destruction.
///
/// Requests are checked strictly: method, path, `token`, content-type, host, one content-length, no accept-encoding, a
/// body without unknown fields and with UTF-8 texts. The journal has the reason for a rejection.
///
/// The real server's behaviour for a repeated `msg_id` is unknown. The emulator returns success, stores nothing and
/// counts a duplicate.
///
/// Thread safety: every member may be called from any thread.
class YUNHU_EXPORT emulator {
public:
    /// Generates a CA and a certificate and starts listening on 127.0.0.1. Throws `boost::system::system_error`.
    explicit emulator(emulator_options options = {});
    emulator(const emulator&) = delete;
    emulator& operator=(const emulator&) = delete;
    /// Closes all connections and joins the thread.
    ~emulator();

    [[nodiscard]] std::uint16_t port() const;
    /// `https://127.0.0.1:PORT`
    [[nodiscard]] std::string base_url() const;
    /// The certificate that a client must trust, PEM.
    [[nodiscard]] const std::string& ca_pem() const;
    [[nodiscard]] const emulator_options& options() const;

    /// Adds a message to a chat, such as one of another user. Sets `msg_seq`, and `msg_id`, `send_time` and `direction`
    /// ("left") if they are empty. A message with direction "right" is one of the account. Throws
    /// `std::invalid_argument` if the `msg_id` is already in use.
    message deliver(chat in, message m);
    /// Removes a message: no list contains it, and its id is unknown, also as a cursor. Its `msg_seq` is not reused.
    /// Whether the real server keeps recalled or deleted messages is unknown, so a bot that reads a history should
    /// tolerate their absence. Throws `std::invalid_argument` if the chat has no such message.
    void erase(const chat& in, const std::string& msg_id);
    /// The messages of a chat in order of `msg_seq`, with recalled ones and those that the account deleted.
    [[nodiscard]] std::vector<message> messages(const chat& in) const;
    [[nodiscard]] std::vector<button_press> button_reports() const;
    [[nodiscard]] std::vector<download> downloads() const;

    /// Returns the JSON or protobuf body of a response (HTTP 200) to a request with that body.
    using handler = std::function<std::string(std::string_view body)>;
    /// Serves a custom endpoint at `path`. The handler runs on the emulator's thread; an exception becomes HTTP 500.
    /// The content-type of the request must be that of JSON or of protobuf, and is that of the response.
    void serve(std::string path, handler handle);

    [[nodiscard]] std::vector<exchange> journal() const;
    void clear_journal();
    /// Requests received since the start.
    [[nodiscard]] std::uint64_t requests() const;
    /// Sends whose `msg_id` was stored before.
    [[nodiscard]] std::uint64_t duplicates() const;
    /// Connections with a completed TLS handshake since the start.
    [[nodiscard]] std::uint64_t connections_accepted() const;
    [[nodiscard]] std::uint64_t connections_open() const;
    /// Handshakes since the start that resumed a TLS session.
    [[nodiscard]] std::uint64_t handshakes_resumed() const;
    /// Waits until `condition` is true or the timeout expires; returns its last value. It is evaluated after each
    /// request and when a connection is opened or closed, and may call every other member.
    [[nodiscard]] bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const;

    /// Adds a fault. Only the first matching fault is applied to a request.
    /// Errors: throws `std::invalid_argument` if `endpoint` is neither a path nor the name of an endpoint.
    void inject(fault f);
    void clear_faults();
    /// Closes all connections before it returns, as a restart does. The emulator continues to listen.
    void drop_connections();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace testing
YUNHU_NAMESPACE_END
