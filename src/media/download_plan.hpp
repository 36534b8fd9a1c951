// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace storage {

/// A place that a download comes from.
struct media_url {
    bool operator==(const media_url&) const = default;

    std::string host;   ///< lower case; always by HTTPS, port 443
    std::string target; ///< path and query
};

/// Parses a URL of a known host. None: another host, another scheme than http and https, a port, or credentials.
/// `http` becomes `https`.
[[nodiscard]] std::optional<media_url> parse_media_url(std::string_view url);
/// What a message or an event names: a URL, or a key at that host.
[[nodiscard]] std::optional<media_url> locate_media(std::string_view value, std::string_view host);
/// The target of a redirect: a URL of a known host, or a path at the same one.
[[nodiscard]] std::optional<media_url> follow(const media_url& from, std::string_view location);

/// What there is of a download that goes on.
struct partial_download {
    std::uint64_t size = 0; ///< bytes that are there; 0: none
    std::string etag;       ///< of the content; empty: it can't go on
};

/// The request: its header section.
[[nodiscard]] std::string write_media_request(const media_url& from, std::string_view user_agent,
                                              const partial_download& have);

/// The fields of a response that a download needs.
struct media_response {
    int status = 0;
    std::string content_type;
    std::string content_range;
    std::string content_disposition;
    std::string etag;
    std::string location;
    std::optional<std::uint64_t> content_length;
};

enum class media_step : std::uint8_t {
    take,       ///< the body is the whole content
    go_on,      ///< the body is the rest of it
    start_over, ///< what is there is not the beginning of this content: request it all
    redirect,   ///< to the location
    try_later,  ///< a server's trouble
    fail,
};

struct media_decision {
    media_step step = media_step::fail;
    std::optional<std::uint64_t> total; ///< size of the whole content
    std::string_view detail;            ///< of `fail`
};

/// `expects_text`: HTML is what was asked for.
[[nodiscard]] media_decision decide(const media_response& response, const partial_download& have, bool expects_text);

/// The hash in an `ETag`: a qetag of 28 characters, else empty.
[[nodiscard]] std::string hash_in_etag(std::string_view etag);

} // namespace storage
YUNHU_NAMESPACE_END
