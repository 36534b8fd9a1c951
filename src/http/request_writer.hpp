// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/secret.hpp>

#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace http {

struct base_url;

/// True if the path of an endpoint can stand in a request line: it begins with `/` and consists of visible ASCII
/// characters without `#`. A blank or a line end would end the request line, and the rest would be header lines.
[[nodiscard]] bool is_request_path(std::string_view path) noexcept;
/// True if the text can be the value of a header field, or is empty: visible ASCII without leading or trailing spaces.
[[nodiscard]] bool is_field_value_or_empty(std::string_view text) noexcept;

/// A request that is not a POST to the API with its constant header section.
struct request_form {
    std::string_view method; ///< `GET`
    std::string_view path;
    std::string_view content_type; ///< may be empty
    std::string_view accept;
    std::string_view token; ///< empty: no such field
};

/// Writes requests to one server. Pure and immutable.
///
/// Most of a header section is constant for an account and a content type. `request_head_template` builds that part
/// once, and `write` copies it between the path and the content length.
class request_writer {
public:
    request_writer() = default;
    request_writer(const base_url& url, std::string_view user_agent);

    /// The header section from the end of the path to the value of `content-length`. `token` must be a valid field
    /// value, or empty: no such field.
    [[nodiscard]] detail::secret_bytes request_head_template(std::string_view token,
                                                             std::string_view content_type) const;

    /// Replaces `out` with a complete request, so that header section and body leave in one write. The capacity of
    /// `out` is reused. `path` is appended to the path of the base URL. `traceparent` may be empty.
    void write(std::string_view path, std::string_view head_template, std::string_view traceparent,
               std::string_view body, detail::secret_bytes& out) const;
    /// The same for any other request. A GET without a body has no `content-length`.
    void write(const request_form& form, std::string_view traceparent, std::string_view body,
               detail::secret_bytes& out) const;

private:
    std::string method_and_prefix_; ///< `POST ` and the path of the base URL
    std::string first_fields_;      ///< HTTP version, `host` and `user-agent`
};

} // namespace http
YUNHU_NAMESPACE_END
