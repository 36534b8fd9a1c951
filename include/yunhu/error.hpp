// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN

using boost::system::error_code;

/// How far a failed call got. It answers "may I send this again?".
enum class delivery : std::uint8_t {
    not_sent,   ///< the server cannot have seen it
    maybe_sent, ///< some of it may have left, no byte of an answer came
    answered,   ///< a byte of an answer came
};

/// What a call was doing when it ended.
enum class phase : std::uint8_t { check, queue, resolve, connect, tls, write, first_byte, body, backoff, decode };

/// The library's error codes. A cancelled call ends with `boost::asio::error::operation_aborted`.
enum class errc {
    invalid_request = 1,  ///< refused before any I/O; `detail` names the field
    overloaded,           ///< the queue for a connection is full
    circuit_open,         ///< the server could not be reached many times in a row; retried by one probe at a time
    client_closed,        ///< the client was shut down or destroyed
    timed_out,            ///< a time-out; `phase` tells which
    resolve_failed,       ///< the host name could not be resolved
    connect_failed,       ///< no address accepted a connection
    tls_failed,           ///< the TLS handshake failed
    certificate_rejected, ///< the server's certificate is not trusted, not for this host, or not the pinned one
    connection_lost,      ///< the connection ended before an answer began
    incomplete_response,  ///< the connection ended in the middle of an answer
    malformed_response,   ///< the answer is not acceptable HTTP/1.1
    header_limit,         ///< the answer's head is larger than allowed
    body_limit,           ///< the answer's body is larger than allowed
    outcome_unknown,      ///< it may have been sent and was not answered; `cause` tells why
    not_authenticated,    ///< API code -101, or HTTP 401 or 403
    bad_request,          ///< API code 1100, or HTTP 400
    throttled,            ///< HTTP 429
    server_error,         ///< HTTP status of 500 and above
    unexpected_status,    ///< any other HTTP status than 200
    refused,              ///< the API refused: any other code than 1
    empty_response,       ///< HTTP 200 with nothing in it
    bad_response,         ///< HTTP 200 with something that is no reply of this endpoint
};

[[nodiscard]] const boost::system::error_category& category() noexcept;
[[nodiscard]] error_code make_error_code(errc e) noexcept;
/// Name of a code as in the enumeration, for logs and machines: "timed_out", "refused", "cancelled" and so on.
[[nodiscard]] std::string_view name(const error_code& code) noexcept;
[[nodiscard]] std::string_view to_string(delivery d) noexcept;
[[nodiscard]] std::string_view to_string(phase p) noexcept;
std::ostream& operator<<(std::ostream& out, delivery d);
std::ostream& operator<<(std::ostream& out, phase p);

/// Where a call's time went, up to its answer's first byte; 0: it did not get so far.
struct call_times {
    call_times() = default;

    std::chrono::nanoseconds queued{};     ///< from its start until it was first handed to a connection
    std::chrono::nanoseconds connect{};    ///< resolve and connect of the last connection; 0: it had served before
    std::chrono::nanoseconds tls{};        ///< the handshake of that; 0 likewise
    std::chrono::nanoseconds first_byte{}; ///< of the last attempt: from the request's writing on
};

/// What is known of a call, whether it succeeded or failed. Every result and every error has it.
struct call_info {
    call_info() = default;

    std::string_view endpoint;            ///< the API's name of the endpoint, e.g. "send-message"
    std::string msg_id;                   ///< the message that the call is about, where there is one
    yunhu::delivery delivery{};           ///< how far it got
    yunhu::phase phase{};                 ///< what it was doing when it ended
    unsigned attempts = 0;                ///< times that it was handed to a connection
    call_times times;                     ///< where its time went
    int http_status = 0;                  ///< 0: no answer
    std::uint64_t request_id = 0;         ///< the server's id of the request (Status.number)
    std::optional<std::int64_t> api_code; ///< the API's code, where an answer had one; 1 = success
    std::string api_msg;                  ///< the server's text: not the library's, do not trust it
    error_code cause;                     ///< what lies under the error code, e.g. the socket's error
    std::string detail;                   ///< the library's text: the field that was refused, the reason
};

/// A failed call: the code and all that is known of it.
struct failure : call_info {
    failure() = default;
    failure(error_code ec, call_info info) : call_info(std::move(info)), code(ec) {}

    error_code code;
};

/// One line for a log: code, endpoint, delivery class, status, attempts, the library's detail. No text of the server,
/// no token and no message text is in it.
[[nodiscard]] std::string describe(const failure& f);
std::ostream& operator<<(std::ostream& out, const failure& f);

/// What a throwing call throws.
class error : public boost::system::system_error {
public:
    explicit error(yunhu::failure f);
    /// `describe(info())`.
    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }
    [[nodiscard]] const yunhu::failure& info() const noexcept { return failure_; }
    [[nodiscard]] yunhu::delivery delivery() const noexcept { return failure_.delivery; }

private:
    yunhu::failure failure_;
    std::string text_;
};

/// A value or a failure; `value()` throws `yunhu::error`.
template <class T> using result = boost::system::result<T, failure>;

/// Found by `result<T>::value()`.
[[noreturn]] void throw_exception_from_error(const failure& f, const boost::source_location& where);

YUNHU_NAMESPACE_END

template <> struct boost::system::is_error_code_enum<yunhu::errc> : std::true_type {};
