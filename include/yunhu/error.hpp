// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>
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

/// Delivery class of a call: whether the server may have received the request.
enum class delivery : std::uint8_t {
    not_sent,   ///< the server has not received the request
    maybe_sent, ///< part of the request may have been sent; no byte of a response was received
    answered,   ///< a byte of a response was received
};

/// Phase of a call.
enum class phase : std::uint8_t { check, queue, resolve, connect, tls, write, first_byte, body, backoff, decode };

/// The library's error codes. A cancelled call ends with `boost::asio::error::operation_aborted`.
enum class errc {
    invalid_request = 1,  ///< validation failed before any I/O; `detail` names the field
    overloaded,           ///< the queue for connections is full
    circuit_open,         ///< connecting failed repeatedly; one probe at a time tests the server
    client_closed,        ///< the client was shut down or destroyed
    timed_out,            ///< a timeout expired; see `phase`
    resolve_failed,       ///< the host name could not be resolved
    connect_failed,       ///< no address accepted a connection
    proxy_failed,         ///< the proxy could not be used, or did not connect to the server; see `detail`
    proxy_unauthorized,   ///< the proxy does not accept the credentials (HTTP 407 or 401)
    tls_failed,           ///< the TLS handshake failed
    certificate_rejected, ///< the certificate is not trusted, not valid for this host, or not pinned; see `detail`
    connection_lost,      ///< the connection ended before the first byte of a response
    incomplete_response,  ///< the connection ended within a response
    malformed_response,   ///< the response is not valid HTTP/1.1
    header_limit,         ///< the header section of the response exceeds its limit
    body_limit,           ///< the body of the response exceeds its limit
    outcome_unknown,      ///< the request may have been sent, without a response; see `cause`
    not_authenticated,    ///< API code -101, or HTTP 401 or 403
    bad_request,          ///< API code 1100, or HTTP 400
    throttled,            ///< HTTP 429
    server_error,         ///< HTTP status of 500 and above
    unexpected_status,    ///< any other HTTP status except 200
    refused,              ///< any other API code except 1
    empty_response,       ///< HTTP 200 with an empty body
    bad_response,         ///< HTTP 200 with a body that is not a response of this endpoint
    incomplete_list,      ///< the pages of a list do not prove that it is complete; `detail` has the reason
};

/// Meaning of an error code: `if (ec == yunhu::condition::transient)`. A code may meet several conditions. They
/// consider the code alone; `execution_of` and `is_transient` consider the whole failure.
enum class condition {
    transient = 1,          ///< the same call may succeed later, unchanged
    certainly_not_executed, ///< the attempt that failed with this code did nothing; earlier attempts of a call that is
                            ///< repeated although it may have been executed (lists; `retry_maybe_sent`) may have
    cancelled,              ///< `boost::asio::error::operation_aborted`
    timeout,                ///< `errc::timed_out`
    authentication,         ///< the server does not accept the token
    throttled,              ///< the server asks for fewer requests
    overloaded,             ///< the client's own queue is full
    unavailable,            ///< the server can't be reached, or can't serve the request now
    rejected,               ///< the service refuses the request itself: `errc::refused`, `errc::bad_request`
    invalid_response,       ///< a response that can't be used: truncated, too large, not HTTP, not this endpoint's
};

[[nodiscard]] YUNHU_EXPORT const boost::system::error_category& condition_category() noexcept;
[[nodiscard]] YUNHU_EXPORT boost::system::error_condition make_error_condition(condition c) noexcept;

[[nodiscard]] YUNHU_EXPORT const boost::system::error_category& category() noexcept;
[[nodiscard]] YUNHU_EXPORT error_code make_error_code(errc e) noexcept;
/// Name of a code as in the enumeration, for logs and machines: "timed_out", "refused", "cancelled" and so on.
[[nodiscard]] YUNHU_EXPORT std::string_view name(const error_code& code) noexcept;
[[nodiscard]] YUNHU_EXPORT std::string_view to_string(delivery d) noexcept;
[[nodiscard]] YUNHU_EXPORT std::string_view to_string(phase p) noexcept;
YUNHU_EXPORT std::ostream& operator<<(std::ostream& out, delivery d);
YUNHU_EXPORT std::ostream& operator<<(std::ostream& out, phase p);

/// Durations of the stages of a call, up to the first byte of the response; 0 for a stage that was not reached.
struct call_times {
    call_times() = default;

    std::chrono::nanoseconds queued{};     ///< from the start to the first attempt
    std::chrono::nanoseconds connect{};    ///< resolve and connect of the last connection; 0 if reused
    std::chrono::nanoseconds tls{};        ///< TLS handshake of the last connection; 0 if reused
    std::chrono::nanoseconds first_byte{}; ///< of the last attempt, since the start of writing the request
};

/// Details of a completed call. Part of every result and every error.
struct call_info {
    call_info() = default;

    std::string_view endpoint;            ///< the API's name of the endpoint, e.g. "send-message"
    std::string msg_id;                   ///< id of the message concerned, if any
    yunhu::delivery delivery{};           ///< delivery class
    yunhu::phase phase{};                 ///< phase in which the call ended
    bool maybe_executed_earlier = false;  ///< an attempt before the last one may have been executed
    unsigned attempts = 0;                ///< number of attempts
    call_times times;                     ///< durations of its stages
    int http_status = 0;                  ///< 0 if there is no response
    std::uint64_t request_id = 0;         ///< the server's id of the request (Status.number)
    std::optional<std::int64_t> api_code; ///< code of the API, if the response has one; 1 is success
    std::string api_msg;                  ///< text of the server; untrusted
    error_code cause;                     ///< underlying error, e.g. of the socket
    std::string detail;                   ///< text of the library: the invalid field, the reason
    /// The pause before the next request that the last response asks for by `Retry-After`; absent: none.
    std::optional<std::chrono::nanoseconds> retry_after;
};

/// A failed call: error code and details.
struct failure : call_info {
    failure() = default;
    failure(error_code ec, call_info info) : call_info(std::move(info)), code(ec) {}

    error_code code;
};

/// Whether the server has executed a call.
enum class execution : std::uint8_t {
    certainly_not_executed, ///< provably not sent, or refused by the service
    maybe_executed,         ///< unknown: query first, or repeat only an idempotent request
    executed,               ///< the API reported success, but the rest of the response can't be used
};
[[nodiscard]] YUNHU_EXPORT std::string_view to_string(execution e) noexcept;

/// Returns whether the server has executed a failed call.
///
/// | `delivery` | response | answer |
/// |---|---|---|
/// | `not_sent` | | `certainly_not_executed` |
/// | `maybe_sent` | | `maybe_executed` |
/// | `answered` | HTTP 200, API success, but unusable | `executed` |
/// | `answered` | HTTP 200, API refusal | `certainly_not_executed` |
/// | `answered` | HTTP 200, cut off, empty or unreadable | `maybe_executed` |
/// | `answered` | HTTP 4xx but 408, without an API success | `certainly_not_executed` |
/// | `answered` | HTTP 408, 5xx, a redirect, any other, with any body | `maybe_executed` |
/// | `answered` | not HTTP, or a header section that is too large | `maybe_executed` |
///
/// `maybe_executed_earlier` turns `certainly_not_executed` into `maybe_executed`: an earlier attempt may have
/// succeeded.
///
/// \par Parameters
/// `f`: a call's failure.
///
/// \par Errors
/// None.
///
/// \par Thread safety
/// A pure function: any thread.
[[nodiscard]] YUNHU_EXPORT execution execution_of(const failure& f) noexcept;

/// Returns whether the same call may succeed later, unchanged. It does not say that repeating it is safe: that is
/// `execution_of`. HTTP 429 and 5xx are transient, every other status is not; a failure without a response is when its
/// code is (`condition::transient`); `errc::outcome_unknown` is when its cause is.
///
/// \par Parameters
/// `f`: a call's failure.
///
/// \par Errors
/// None.
///
/// \par Thread safety
/// A pure function: any thread.
[[nodiscard]] YUNHU_EXPORT bool is_transient(const failure& f) noexcept;

/// Returns whether the caller cancelled the call: `code` or its `cause` is `boost::asio::error::operation_aborted`.
///
/// \par Parameters
/// `f`: a call's failure.
///
/// \par Errors
/// None.
///
/// \par Thread safety
/// A pure function: any thread.
[[nodiscard]] YUNHU_EXPORT bool is_cancelled(const failure& f) noexcept;

/// One line for a log: code, endpoint, delivery class, status, attempts, detail. Contains no text of the server, no
/// token and no text of a message.
[[nodiscard]] YUNHU_EXPORT std::string describe(const failure& f);
YUNHU_EXPORT std::ostream& operator<<(std::ostream& out, const failure& f);

/// Exception of a failed call.
class YUNHU_EXPORT error : public boost::system::system_error {
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
[[noreturn]] YUNHU_EXPORT void throw_exception_from_error(const failure& f, const boost::source_location& where);

YUNHU_NAMESPACE_END

template <> struct boost::system::is_error_code_enum<yunhu::errc> : std::true_type {};
template <> struct boost::system::is_error_condition_enum<yunhu::condition> : std::true_type {};
