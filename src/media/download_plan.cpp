// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/download_plan.hpp"

#include "media/storage_hosts.hpp"
#include "model/ascii.hpp"

#include <yunhu/endpoint.hpp>

#include <algorithm>
#include <charconv>

YUNHU_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr int whole_content = 200;
constexpr int partial_content = 206;
constexpr int range_not_satisfiable = 416;
constexpr int asks_to_wait = 429;
constexpr int first_server_error = 500;

// May stand in a request line.
bool is_target(std::string_view text) noexcept {
    constexpr std::size_t max_size = 4096;
    return text.starts_with('/') && text.size() <= max_size &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
}

std::optional<std::uint64_t> number(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    return ec == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

struct content_range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::optional<std::uint64_t> total;
};

// `bytes 5-9/10`
std::optional<content_range> parse_content_range(std::string_view text) {
    constexpr std::string_view unit = "bytes ";
    const std::size_t dash = text.find('-');
    const std::size_t slash = text.find('/');
    if (!text.starts_with(unit) || dash == text.npos || slash == text.npos || slash < dash) {
        return std::nullopt;
    }
    const auto first = number(text.substr(unit.size(), dash - unit.size()));
    const auto last = number(text.substr(dash + 1, slash - dash - 1));
    if (!first || !last || *last < *first) {
        return std::nullopt;
    }
    content_range made{*first, *last, std::nullopt};
    if (text.substr(slash + 1) != "*") {
        made.total = number(text.substr(slash + 1));
        if (!made.total || *made.total <= *last) {
            return std::nullopt;
        }
    }
    return made;
}

bool is_html(std::string_view content_type) {
    const std::string type = detail::lower_case(content_type.substr(0, content_type.find(';')));
    return type.starts_with("text/html") || type.starts_with("application/xhtml");
}

media_decision refused(std::string_view why) {
    media_decision made;
    made.detail = why;
    return made;
}

media_decision whole(const media_response& response) {
    media_decision made;
    made.step = media_step::take;
    made.total = response.content_length;
    return made;
}

} // namespace

std::optional<media_url> parse_media_url(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == url.npos) {
        return std::nullopt;
    }
    const std::string name = detail::lower_case(url.substr(0, scheme));
    if (name != "http" && name != "https") {
        return std::nullopt;
    }
    std::string_view rest = url.substr(scheme + 3);
    rest = rest.substr(0, rest.find('#'));
    const std::size_t end = rest.find_first_of("/?");
    media_url made{detail::lower_case(rest.substr(0, end)), std::string(end == rest.npos ? "/" : rest.substr(end))};
    if (made.target.front() == '?') {
        made.target.insert(0, 1, '/');
    }
    // A port or credentials are no part of a name.
    return is_media_host(made.host) && is_target(made.target) ? std::optional(std::move(made)) : std::nullopt;
}

std::optional<media_url> locate_media(std::string_view value, std::string_view host) {
    if (value.find("://") != value.npos) {
        return parse_media_url(value);
    }
    media_url made{std::string(host), {}};
    while (value.starts_with('/')) {
        value.remove_prefix(1);
    }
    for (bool more = !value.empty(); more;) {
        const std::size_t slash = value.find('/');
        const std::string_view segment = value.substr(0, slash);
        if (segment == "." || segment == "..") {
            return std::nullopt;
        }
        made.target += '/' + percent_encode(segment);
        more = slash != value.npos;
        value.remove_prefix(more ? slash + 1 : value.size());
    }
    return is_media_host(made.host) && is_target(made.target) ? std::optional(std::move(made)) : std::nullopt;
}

std::optional<media_url> follow(const media_url& from, std::string_view location) {
    if (location.starts_with("//")) {
        return parse_media_url("https:" + std::string(location));
    }
    if (location.starts_with('/')) {
        media_url made{from.host, std::string(location.substr(0, location.find('#')))};
        return is_target(made.target) ? std::optional(std::move(made)) : std::nullopt;
    }
    return parse_media_url(location);
}

std::string write_media_request(const media_url& from, std::string_view user_agent, const partial_download& have) {
    std::string out = "GET " + from.target + " HTTP/1.1\r\nhost: " + from.host + "\r\nuser-agent: ";
    out.append(user_agent).append("\r\naccept: */*\r\naccept-encoding: identity");
    if (needs_referer(from.host)) {
        out += "\r\nreferer: http://myapp.jwznb.com";
    }
    if (have.size > 0 && !have.etag.empty()) {
        out += "\r\nrange: bytes=" + std::to_string(have.size) + "-\r\nif-range: " + have.etag;
    }
    return out + "\r\n\r\n";
}

media_decision decide(const media_response& response, const partial_download& have, bool expects_text) {
    media_decision made;
    const bool redirected = response.status == 301 || response.status == 302 || response.status == 303 ||
                            response.status == 307 || response.status == 308;
    if (redirected) {
        made.step = response.location.empty() ? media_step::fail : media_step::redirect;
        made.detail = "the redirect has no location";
        return made;
    }
    if (response.status == asks_to_wait || response.status >= first_server_error) {
        made.step = media_step::try_later;
        return made;
    }
    if (response.status == range_not_satisfiable && have.size > 0) {
        made.step = media_step::start_over;
        return made;
    }
    if (response.status == 403) {
        return refused("the host refuses the download: the link may have expired");
    }
    if (response.status == 404) {
        return refused("there is no such file");
    }
    if (response.status != whole_content && response.status != partial_content) {
        return refused("unexpected HTTP status");
    }
    if (is_html(response.content_type) && !expects_text) {
        return refused("the host answered with a page in place of the file");
    }
    if (response.status == whole_content) {
        return whole(response);
    }
    const auto range = parse_content_range(response.content_range);
    const bool same = have.etag.empty() || response.etag.empty() || response.etag == have.etag;
    if (!range || have.size == 0 || range->first != have.size || !same ||
        (response.content_length && *response.content_length != range->last - range->first + 1) ||
        (range->total && *range->total != range->last + 1)) {
        made.step = have.size > 0 ? media_step::start_over : media_step::fail;
        made.detail = "the host answered with a part that was not requested";
        return made;
    }
    made.step = media_step::go_on;
    made.total = range->last + 1;
    return made;
}

std::string hash_in_etag(std::string_view etag) {
    if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
        etag = etag.substr(1, etag.size() - 2);
    }
    constexpr std::size_t qetag_size = 28;
    const bool is_qetag =
        etag.size() == qetag_size && (etag.front() == 'F' || etag.front() == 'l') &&
        std::ranges::all_of(etag, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        });
    return is_qetag ? std::string(etag) : std::string();
}

} // namespace storage
YUNHU_NAMESPACE_END
