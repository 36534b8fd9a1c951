// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "http/header_values.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace http {

/// A complete HTTP answer.
struct response {
    int status = 0;
    bool keep_alive = false; ///< head and framing allow another exchange
    keep_alive_hints hints;
    std::string retry_after; ///< as it came
    std::string body;
};

/// Turns the bytes of a connection into answers: Beast's parser, made strict enough for a pool. Pure.
///
/// One framing only (a length, or `chunked` once); answers of status 1xx are skipped, up to a bound, and 101 refused;
/// head, trailers, chunk overhead and body are bounded; trailers change nothing; what follows an answer is kept apart
/// as `trailing_data`, and is never part of the next one.
class response_parser {
public:
    explicit response_parser(const response_limits& limits);
    response_parser(const response_parser&) = delete;
    response_parser& operator=(const response_parser&) = delete;
    ~response_parser();

    /// Makes ready for the answer of the next request.
    void start();
    /// Takes bytes as they come; any split is the same. After an error, nothing more may be read.
    [[nodiscard]] error_code feed(std::string_view bytes);
    /// The connection ended; `clean` when by its protocol's own word (close_notify), not just cut.
    [[nodiscard]] error_code end(bool clean);

    [[nodiscard]] bool done() const noexcept { return done_; }
    /// Any byte of this answer, interim ones included.
    [[nodiscard]] bool began() const noexcept { return began_; }
    /// The real answer's head is complete.
    [[nodiscard]] bool in_body() const noexcept { return in_body_; }
    /// Bytes after the answer's end: the connection can't be trusted any more.
    [[nodiscard]] bool trailing_data() const noexcept { return trailing_data_; }
    /// Takes a string's memory for the body of the next answer, unless it is large.
    void reuse(std::string&& memory);
    /// The answer, once done.
    [[nodiscard]] response take();

private:
    class parser;

    /// A head that was parsed: a server's next answers mostly say the same.
    struct known_head {
        std::string head;
        std::size_t body_size = 0; ///< in bytes
        response says;             ///< but for the body
    };

    [[nodiscard]] error_code parse(std::string_view& bytes);
    [[nodiscard]] bool take_known(std::string_view bytes);
    void know(std::string_view head);
    void clear_result(std::string memory);
    void renew_parser();

    response_limits limits_;
    std::unique_ptr<parser> parser_; ///< of an answer that began, unless its head was known
    response result_;
    known_head known_;
    std::string pending_; ///< begun but not yet parsable
    std::string memory_;  ///< of the next body
    unsigned interim_ = 0;
    bool began_ = false;
    bool in_body_ = false;
    bool done_ = false;
    bool trailing_data_ = false;
};

} // namespace http
YUNHU_NAMESPACE_END
