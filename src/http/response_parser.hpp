// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "http/header_cache.hpp"
#include "http/response.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/response_limits.hpp>

#include <memory>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace http {

/// Turns the bytes of a connection into responses: Beast's parser, made strict enough for a connection pool. Pure.
///
/// Exactly one framing is accepted: a valid length, or `chunked` once. Interim responses (1xx) are skipped up to a
/// limit; 101 is an error. Header section, trailers, chunk overhead and body are limited. Trailers have no effect.
/// Bytes after the end of a response are reported by `has_trailing_data` and never become part of the next response.
class response_parser {
public:
    explicit response_parser(const response_limits& limits);
    response_parser(const response_parser&) = delete;
    response_parser& operator=(const response_parser&) = delete;
    ~response_parser();

    /// Why the last bytes were an error, as far as the code does not say it; a static text, never the response's.
    [[nodiscard]] std::string_view reason() const noexcept { return reason_; }

    /// Resets the parser for the response of the next request.
    void start();
    /// Parses the next bytes of the connection; the result does not depend on how they are split. After an error, the
    /// connection must not be read any more.
    [[nodiscard]] error_code feed(std::string_view bytes);
    /// The connection has ended. `clean` is true for an authenticated end (close_notify), false for a truncation.
    [[nodiscard]] error_code feed_eof(bool clean);

    [[nodiscard]] bool is_done() const noexcept { return done_; }
    /// True once a byte of this response was parsed, interim responses included.
    [[nodiscard]] bool got_some() const noexcept { return got_some_; }
    /// True once the header section of the final (not interim) response is complete.
    [[nodiscard]] bool is_header_done() const noexcept { return header_done_; }
    /// True if bytes follow the end of the response: the connection must not be reused.
    [[nodiscard]] bool has_trailing_data() const noexcept { return trailing_data_; }
    /// Uses the capacity of `memory` for the body of the next response, unless it is large.
    void reuse_body(std::string&& memory);
    /// Moves the response out. Requires `is_done()`.
    [[nodiscard]] response release();

private:
    class parser;

    [[nodiscard]] error_code parse(std::string_view& bytes);
    [[nodiscard]] error_code refuse(const error_code& code, std::string_view reason);
    [[nodiscard]] bool complete_from_cache(std::string_view bytes);
    void clear_result(std::string memory);
    void renew_parser();

    response_limits limits_;
    std::unique_ptr<parser> parser_; ///< not used by a response with a cached header section
    response result_;
    header_cache header_cache_;
    std::string pending_;    ///< received, but not parsable yet
    std::string body_cache_; ///< memory of the next body
    std::string_view reason_;
    unsigned interim_ = 0;
    bool got_some_ = false;
    bool header_done_ = false;
    bool done_ = false;
    bool trailing_data_ = false;
};

} // namespace http
YUNHU_NAMESPACE_END
