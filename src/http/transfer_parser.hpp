// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace http {

/// The header section of a response to a transfer.
struct transfer_header {
    int status = 0;
    bool keep_alive = false;
    std::optional<std::uint64_t> content_length;
    std::string content_type;
    std::string content_range;
    std::string content_disposition;
    std::string etag;
    std::string location;
    std::string retry_after;
    std::string request_id; ///< `X-Reqid`, for the storage's support
};

/// Parses one response whose body is too large to be kept: its bytes go to a function. Pure.
///
/// As strict about framing as `response_parser`: one valid length or `chunked` once; without both the end of the
/// connection ends the body. Interim responses are skipped, at most 16.
class transfer_parser {
public:
    /// Returns an error that ends the transfer, or none.
    using body_function = std::function<error_code(std::string_view)>;

    explicit transfer_parser(body_function on_body);
    transfer_parser(const transfer_parser&) = delete;
    transfer_parser& operator=(const transfer_parser&) = delete;
    ~transfer_parser();

    /// Parses the next bytes. `on_header` is called once, before any byte of the body.
    [[nodiscard]] error_code feed(std::string_view bytes, const std::function<error_code()>& on_header);
    /// The connection has ended. `clean` is true for an authenticated end.
    [[nodiscard]] error_code feed_eof(bool clean);

    [[nodiscard]] bool is_header_done() const noexcept;
    [[nodiscard]] bool is_done() const noexcept;
    /// Bytes of the body that are certain to follow; 0: unknown, or none.
    [[nodiscard]] std::uint64_t body_left() const noexcept;
    [[nodiscard]] bool got_some() const noexcept { return got_some_; }
    /// True if bytes follow the end of the response.
    [[nodiscard]] bool has_trailing_data() const noexcept { return trailing_; }
    [[nodiscard]] const transfer_header& header() const noexcept;

private:
    class parser;

    body_function on_body_;
    std::unique_ptr<parser> parser_;
    std::string pending_;
    unsigned interim_ = 0;
    bool header_reported_ = false;
    bool got_some_ = false;
    bool trailing_ = false;
};

} // namespace http
YUNHU_NAMESPACE_END
