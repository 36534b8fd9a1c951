// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "model/code_points.hpp"

#include <yunhu/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/throw_exception.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ostream>
#include <utility>

YUNHU_NAMESPACE_BEGIN

namespace {

struct entry {
    std::string_view name;
    const char* message;
};

// Indexed by the value of the enumerator.
constexpr std::array<entry, static_cast<std::size_t>(errc::incomplete_list) + 1> entries{{
    {"success", "success"},
    {"invalid_request", "the request is not valid"},
    {"overloaded", "too many calls wait for a connection"},
    {"circuit_open", "the server could not be reached many times in a row"},
    {"client_closed", "the client is closed"},
    {"timed_out", "timed out"},
    {"resolve_failed", "the host name could not be resolved"},
    {"connect_failed", "no address accepted a connection"},
    {"proxy_failed", "the proxy did not connect to the server"},
    {"proxy_unauthorized", "the proxy does not accept the credentials"},
    {"tls_failed", "the TLS handshake failed"},
    {"certificate_rejected", "the server's certificate was rejected"},
    {"connection_lost", "the connection ended before a response began"},
    {"incomplete_response", "the connection ended in the middle of a response"},
    {"malformed_response", "the response is not valid HTTP"},
    {"header_limit", "the response's header section is too large"},
    {"body_limit", "the response's body is too large"},
    {"outcome_unknown", "it may have been sent; there is no response"},
    {"not_authenticated", "not authenticated"},
    {"bad_request", "the server calls the request malformed"},
    {"throttled", "the server asks to slow down"},
    {"server_error", "the server failed"},
    {"unexpected_status", "unexpected HTTP status"},
    {"refused", "the API refused the request"},
    {"empty_response", "the response is empty"},
    {"bad_response", "the response can't be read"},
    {"incomplete_list", "the list may lack records"},
}};

constexpr entry unknown{"other", "unknown error"};

const entry& entry_of(int value) noexcept {
    const auto at = static_cast<std::size_t>(value);
    return at < entries.size() ? entries[at] : unknown;
}

class yunhu_category final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "yunhu"; }
    [[nodiscard]] std::string message(int value) const override { return entry_of(value).message; }
};

// Bounds the text and escapes it, so that the result is one line and steers no terminal.
void append_printable(std::string& line, std::string_view text) {
    constexpr std::size_t limit = 300;
    unicode::for_each_code_point(text.substr(0, limit), [&](unicode::code_point c, std::string_view bytes) {
        if (c.bytes == 0 || unicode::is_control(c.value) || unicode::is_invisible(c.value)) {
            line += '?';
        } else {
            line += bytes;
        }
    });
    if (text.size() > limit) {
        line += "...";
    }
}

// Omits a cause that the detail has already. A code of another library has no name, only its message.
void append_cause(std::string& line, const failure& f) {
    const std::string message = f.cause.message();
    if (!f.cause || f.detail.find(message) != std::string::npos) {
        return;
    }
    line += ", cause ";
    const bool named = yunhu::name(f.cause) != unknown.name;
    if (named) {
        line += yunhu::name(f.cause);
        line += " (";
    }
    append_printable(line, message);
    if (named) {
        line += ')';
    }
}

} // namespace

const boost::system::error_category& category() noexcept {
    static const yunhu_category instance;
    return instance;
}

error_code make_error_code(errc e) noexcept {
    return {static_cast<int>(e), category()};
}

std::string_view name(const error_code& code) noexcept {
    if (code == boost::asio::error::operation_aborted) {
        return "cancelled";
    }
    if (!code || code.category() == category()) {
        return entry_of(code.value()).name;
    }
    return unknown.name;
}

std::string_view to_string(delivery d) noexcept {
    switch (d) {
    case delivery::not_sent:
        return "not_sent";
    case delivery::maybe_sent:
        return "maybe_sent";
    case delivery::answered:
        return "answered";
    }
    return "unknown";
}

std::string_view to_string(phase p) noexcept {
    switch (p) {
    case phase::check:
        return "check";
    case phase::queue:
        return "queue";
    case phase::resolve:
        return "resolve";
    case phase::connect:
        return "connect";
    case phase::tls:
        return "tls";
    case phase::write:
        return "write";
    case phase::first_byte:
        return "first_byte";
    case phase::body:
        return "body";
    case phase::backoff:
        return "backoff";
    case phase::decode:
        return "decode";
    }
    return "unknown";
}

std::ostream& operator<<(std::ostream& out, delivery d) {
    return out << to_string(d);
}

std::ostream& operator<<(std::ostream& out, phase p) {
    return out << to_string(p);
}

std::string describe(const failure& f) {
    std::string line;
    if (!f.endpoint.empty()) {
        append_printable(line, f.endpoint);
        line += ": ";
    }
    line += yunhu::name(f.code);
    line += " (";
    append_printable(line, f.code.message());
    line += ')';
    if (!f.detail.empty()) {
        line += ": ";
        append_printable(line, f.detail);
    }
    line += "; ";
    line += to_string(f.delivery);
    line += " in phase ";
    line += to_string(f.phase);
    line += ", attempts ";
    line += std::to_string(f.attempts);
    if (f.http_status != 0) {
        line += ", HTTP ";
        line += std::to_string(f.http_status);
    }
    if (f.api_code) {
        line += ", API code ";
        line += std::to_string(*f.api_code);
    }
    if (!f.msg_id.empty()) {
        line += ", msg_id ";
        append_printable(line, f.msg_id);
    }
    append_cause(line, f);
    return line;
}

std::ostream& operator<<(std::ostream& out, const failure& f) {
    return out << describe(f);
}

error::error(yunhu::failure f)
    : boost::system::system_error(f.code), failure_(std::move(f)), text_(describe(failure_)) {}

void throw_exception_from_error(const failure& f, const boost::source_location& where) {
    boost::throw_with_location(error(f), where);
}

YUNHU_NAMESPACE_END
