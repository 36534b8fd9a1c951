// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "fault_journal.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace yunhu::test {
namespace {

/// Removes the text before `until`, and `until`, from the front of `text`; returns the former.
std::string_view take(std::string_view& text, std::string_view until) {
    const std::size_t at = text.find(until);
    if (at == std::string_view::npos) {
        throw std::runtime_error("unreadable request");
    }
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(at + until.size());
    return taken;
}

std::size_t content_length(const seen_request& request) {
    if (!request.header("transfer-encoding").empty()) {
        throw std::runtime_error("a request with a transfer-encoding");
    }
    const std::string_view text = request.header("content-length");
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw std::runtime_error("a request without a valid content-length");
    }
    return length;
}

} // namespace

std::string_view seen_request::header(std::string_view name) const {
    const auto found =
        std::ranges::find_if(headers, [name](const auto& field) { return boost::iequals(field.first, name); });
    return found == headers.end() ? std::string_view() : found->second;
}

std::size_t fault_journal::handshakes() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(connections, &seen_connection::handshake));
}

std::size_t fault_journal::resumed() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(connections, &seen_connection::resumed));
}

std::size_t fault_journal::open() const noexcept {
    return static_cast<std::size_t>(std::ranges::count(connections, false, &seen_connection::over));
}

bool fault_journal::closed(std::size_t number) const noexcept {
    return number >= 1 && number <= connections.size() && connections[number - 1].closed_by_client();
}

bool fault_log::wait_until(const std::function<bool(const fault_journal&)>& condition) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, wait_limit, [&] { return condition(journal_); });
}

void fault_log::open_gate(std::string name) {
    const std::scoped_lock lock(mutex_);
    open_gates_.insert(std::move(name));
}

bool fault_log::is_open(std::string_view gate) const {
    const std::scoped_lock lock(mutex_);
    return open_gates_.contains(gate);
}

std::optional<parsed_request> parse_request(std::string_view buffer) {
    static constexpr std::string_view blank_line = "\r\n\r\n";
    const std::size_t header_end = buffer.find(blank_line);
    if (header_end == std::string_view::npos) {
        return std::nullopt;
    }
    parsed_request parsed;
    seen_request& request = parsed.request;
    std::string_view header = buffer.substr(0, header_end + 2);
    std::string_view line = take(header, "\r\n");
    request.method = take(line, " ");
    request.target = take(line, " ");
    if (line != "HTTP/1.1") {
        throw std::runtime_error("not an HTTP/1.1 request");
    }
    while (!header.empty()) {
        std::string_view field = take(header, "\r\n");
        const std::string_view name = take(field, ":");
        field.remove_prefix(std::min(field.find_first_not_of(' '), field.size()));
        request.headers.emplace_back(name, field);
    }
    const std::size_t body_at = header_end + blank_line.size();
    const std::size_t length = content_length(request);
    if (buffer.size() - body_at < length) {
        return std::nullopt;
    }
    request.body = buffer.substr(body_at, length);
    parsed.size = body_at + length;
    request.bytes = buffer.substr(0, parsed.size);
    return parsed;
}

} // namespace yunhu::test
