// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/connect_exchange.hpp"

#include <algorithm>
#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace http {
namespace {

std::string to_base64(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4); // no reallocation leaves a part of it behind
    for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(3, bytes.size()))) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8U | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            out += i <= bytes.size() ? digits[group >> (18U - 6U * i) & 63U] : '=';
        }
    }
    return out;
}

constexpr std::string_view version_prefix = "HTTP/1.";
constexpr std::size_t status_at = 9; // after "HTTP/1.1 "
constexpr std::size_t status_line_size = status_at + 3;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The status of a header section; none: malformed.
std::optional<int> parse_status(std::string_view header) {
    if (header.size() <= status_line_size || !header.starts_with(version_prefix) ||
        !is_digit(header[version_prefix.size()]) || header[status_at - 1] != ' ' ||
        (header[status_line_size] != ' ' && header[status_line_size] != '\r')) {
        return std::nullopt;
    }
    int status = 0;
    for (const char c : header.substr(status_at, 3)) {
        if (!is_digit(c)) {
            return std::nullopt;
        }
        status = status * 10 + (c - '0');
    }
    return status >= 100 && status < 600 ? std::optional(status) : std::nullopt;
}

} // namespace

secret write_connect(std::string_view host, std::string_view port, std::string_view user, const secret& password) {
    const bool brackets = host.find(':') != std::string_view::npos;
    std::string target;
    target.append(brackets ? "[" : "").append(host).append(brackets ? "]:" : ":").append(port);
    std::string request;
    request.reserve(128 + 2 * target.size() + 2 * (user.size() + password.reveal().size()));
    request.append("CONNECT ").append(target).append(" HTTP/1.1\r\nHost: ").append(target).append("\r\n");
    if (!user.empty()) {
        std::string plain;
        plain.reserve(user.size() + 1 + password.reveal().size());
        plain.append(user).append(":").append(password.reveal());
        const secret credentials(std::move(plain));
        const secret encoded(to_base64(credentials.reveal()));
        request.append("Proxy-Authorization: Basic ").append(encoded.reveal()).append("\r\n");
    }
    request.append("\r\n");
    return {std::move(request)};
}

connect_response::state connect_response::feed(std::string_view bytes) {
    header_ += bytes;
    for (;;) {
        const std::size_t checked = std::min(header_.size(), version_prefix.size());
        if (std::string_view(header_).substr(0, checked) != version_prefix.substr(0, checked)) {
            return state::malformed;
        }
        const std::size_t end = header_.find("\r\n\r\n");
        const std::size_t bare = header_.find("\n\n");
        if (bare != std::string::npos && bare < end) { // it would be awaited in vain
            return state::malformed;
        }
        constexpr std::size_t part_of_end = 3; // the last bytes may belong to an incomplete end
        const std::size_t size =
            end != std::string::npos ? end : header_.size() - std::min(header_.size(), part_of_end);
        if (skipped_ + size > max_bytes_) {
            return state::too_large;
        }
        if (end == std::string::npos) {
            return state::incomplete;
        }
        const std::optional<int> status = parse_status(header_);
        if (!status) {
            return state::malformed;
        }
        const std::size_t next = end + 4;
        if (*status >= 200) {
            status_ = *status;
            return succeeded() && header_.size() > next ? state::trailing_data : state::complete;
        }
        skipped_ += next;
        header_.erase(0, next);
    }
}

} // namespace http
YUNHU_NAMESPACE_END
