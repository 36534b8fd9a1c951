// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN

/// Format of the bodies. It determines `content-type` and the place of the API's code and text: `Status` in field 1 of
/// a protobuf reply, `code` and `msg` of a JSON object. `plain` has none: HTTP 2xx is success, whatever the body is,
/// and the body of any other status is `call_info::api_msg`.
enum class wire_format : std::uint8_t { protobuf, json, plain };

/// Method of a request.
enum class http_method : std::uint8_t { post, get, put, del };

/// Whether the library may repeat a call after a failure (RFC 9110, section 9.2).
enum class retry_class : std::uint8_t {
    safe,           ///< changes nothing: repeated after every transient failure
    idempotent,     ///< repeating has the same effect: repeated when not sent; when maybe sent, on request
    non_idempotent, ///< repeating has the effect twice: repeated only when it provably was not sent
};

/// A text that lives as long as the program; only a string literal converts to it.
class literal {
public:
    consteval literal(const char* text) : text_(text) {}                   // NOLINT(google-explicit-constructor)
    constexpr operator std::string_view() const noexcept { return text_; } // NOLINT(google-explicit-constructor)

private:
    std::string_view text_;
};

/// The row of an endpoint: its properties besides the codec.
struct endpoint_info {
    constexpr endpoint_info(literal path_, wire_format format_, retry_class retry_,
                            std::chrono::nanoseconds timeout_ = {})
        : path(path_), format(format_), retry(retry_), timeout(timeout_) {}
    constexpr endpoint_info(http_method method_, literal path_, wire_format format_, retry_class retry_,
                            std::chrono::nanoseconds timeout_ = {})
        : path(path_), format(format_), retry(retry_), method(method_), timeout(timeout_) {}

    /// The same at another server, such as `https://api.qiniu.com`. It has a pool, a circuit, rate limits and counters
    /// of its own, and never receives the token, unless it is the API's own server.
    [[nodiscard]] constexpr endpoint_info at(literal server) const {
        endpoint_info other = *this;
        other.origin = server;
        return other;
    }
    /// The same without the token's header field. A token that is refused is not renewed for it.
    [[nodiscard]] constexpr endpoint_info without_token() const {
        endpoint_info other = *this;
        other.sends_token = false;
        other.renews_token = false;
        return other;
    }

    std::string_view path; ///< e.g. `/v1/msg/send-message`
    wire_format format;
    retry_class retry;
    http_method method = http_method::post;
    std::uint8_t name_parts = 1;      ///< parts of the path that are the name
    bool sends_token = true;          ///< the request has the token's header field
    bool renews_token = true;         ///< a refused token is renewed, by a handle of `client::with_tokens`
    bool holds_secrets = false;       ///< bodies are overwritten before their memory is freed
    std::chrono::nanoseconds timeout; ///< of a call; 0: the client's default
    std::string_view origin;          ///< scheme, host and optional port of another server; empty: the API's

    /// The path's last part, e.g. `send-message`; where several endpoints share it, the last two, e.g. `group/info`.
    [[nodiscard]] constexpr std::string_view name() const noexcept {
        std::size_t at = path.rfind('/');
        if (name_parts > 1 && at != std::string_view::npos && at > 0) {
            at = path.rfind('/', at - 1);
        }
        return path.substr(at + 1);
    }
};

/// An endpoint of the API: its row, and the types of its request and of its result.
template <class Request, class Result> struct api_endpoint : endpoint_info {
    using request_type = Request;
    using result_type = Result;
    using endpoint_info::endpoint_info;

    /// The same, named by the last two parts of its path.
    [[nodiscard]] constexpr api_endpoint with_long_name() const {
        api_endpoint other = *this;
        other.name_parts = 2;
        return other;
    }
    /// The same without the token's header field: of a call that gets a token.
    [[nodiscard]] constexpr api_endpoint without_token() const {
        api_endpoint other = *this;
        other.sends_token = false;
        other.renews_token = false;
        return other;
    }
    /// The same; a token that is refused is not renewed for it: of a call that ends the token.
    [[nodiscard]] constexpr api_endpoint without_renewal() const {
        api_endpoint other = *this;
        other.renews_token = false;
        return other;
    }
    /// The same; its bodies are overwritten before their memory is freed.
    [[nodiscard]] constexpr api_endpoint with_secrets() const {
        api_endpoint other = *this;
        other.holds_secrets = true;
        return other;
    }
};

namespace endpoints {

/// Rows as one type, for code that treats all endpoints alike.
template <const auto&... Rows> struct row_list {
    static constexpr std::array<const endpoint_info*, sizeof...(Rows)> infos{&Rows...};
};

} // namespace endpoints

/// The text with every byte but letters, digits, hyphen, dot, underscore and tilde as a percent sign and two digits:
/// for a segment of a path, or a name or a value of a query. Parameters: the text. Errors: none. Lifetime: a copy.
/// Thread safety: a pure function: any thread.
[[nodiscard]] YUNHU_EXPORT std::string percent_encode(std::string_view text);

/// A request to an endpoint of one's own, encoded. A string converts to it: the body alone.
struct encoded_request {
    encoded_request() = default;
    // NOLINTBEGIN(google-explicit-constructor): most requests are a body only
    encoded_request(std::string text) : body(std::move(text)) {}
    encoded_request(const char* text) : body(text) {}
    // NOLINTEND(google-explicit-constructor)
    encoded_request(std::string suffix, std::string text, std::string type = {})
        : path_suffix(std::move(suffix)), body(std::move(text)), content_type(std::move(type)) {}

    std::string path_suffix;  ///< appended to the path, e.g. `?name=value`; encode its parts by `percent_encode`
    std::string body;         ///< not of GET
    std::string content_type; ///< empty: that of the format; of `plain`: none
};

/// An endpoint of one's own, served by the same machinery as the library's: pool, deadline, retries, error layers.
///
/// The encoder makes a request's body, or an `encoded_request`; an exception ends the call with `errc::invalid_request`
/// before any I/O. The decoder reads the body of a reply with code 1, of `plain` that of a reply with HTTP 2xx; an
/// exception ends the call with `errc::bad_response`. Both are called from any thread, perhaps at once. Copies share
/// them.
template <class Request, class Reply> class endpoint {
public:
    using encoder = std::function<encoded_request(const Request&)>;
    using decoder = std::function<Reply(std::string_view)>;

    endpoint(endpoint_info info, encoder encode, decoder decode)
        : info_(info), encode_(std::make_shared<const encoder>(std::move(encode))),
          decode_(std::make_shared<const decoder>(std::move(decode))) {}

    [[nodiscard]] const endpoint_info& info() const noexcept { return info_; }
    [[nodiscard]] encoded_request encode(const Request& request) const { return (*encode_)(request); }
    [[nodiscard]] const std::shared_ptr<const decoder>& decode() const noexcept { return decode_; }

private:
    endpoint_info info_;
    std::shared_ptr<const encoder> encode_;
    std::shared_ptr<const decoder> decode_;
};

YUNHU_NAMESPACE_END
