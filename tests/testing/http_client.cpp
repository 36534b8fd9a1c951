// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http_client.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

bool is_address(const std::string& host) {
    in6_addr ignored{};
    return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 || ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

yunhu::test::raw_client_options raw_options(const std::string& ca_pem, const tls_options& options) {
    yunhu::test::raw_client_options raw(ca_pem);
    raw.host = options.host;
    raw.host_is_ip = is_address(options.host);
    raw.min_version = TLS1_VERSION;
    raw.max_version = options.max_version;
    raw.resume = options.resume;
    raw.alpn = options.alpn;
    return raw;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

} // namespace

std::string response::header(std::string_view name) const {
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& h) { return h.first == name; });
    return found == headers.end() ? std::string() : found->second;
}

http_client::http_client(std::uint16_t port, const std::string& ca_pem, const tls_options& options)
    : raw_(std::make_unique<yunhu::test::raw_client>(port, raw_options(ca_pem, options))) {
    if (!raw_->connected() || !raw_->handshake_done()) {
        throw handshake_failed(raw_->error());
    }
}

void http_client::send(std::string_view bytes) {
    if (!bytes.empty() && !raw_->write(bytes)) {
        throw connection_ended("cannot write");
    }
}

response http_client::read(bool to_head) {
    std::size_t head_end = 0;
    while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        buffer_ += read_some();
    }
    response got;
    const std::string head = buffer_.substr(0, head_end + 2);
    if (!head.starts_with("HTTP/1.1 ")) {
        throw std::runtime_error("not an HTTP response: " + head);
    }
    got.status = std::stoi(head.substr(9, 3));
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
        const std::size_t end = head.find("\r\n", at);
        const std::size_t colon = head.find(": ", at);
        got.headers.emplace_back(lower(head.substr(at, colon - at)), head.substr(colon + 2, end - colon - 2));
        at = end + 2;
    }
    const bool has_body = !to_head && got.status >= 200;
    const std::size_t size = has_body ? std::stoul(got.header("content-length")) : 0;
    buffer_.erase(0, head_end + 4);
    while (buffer_.size() < size) {
        buffer_ += read_some();
    }
    got.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return got;
}

std::string http_client::read_some() {
    std::string bytes = raw_->read_once();
    if (bytes.empty()) {
        throw connection_ended(raw_->error());
    }
    return bytes;
}

ending http_client::read_to_end(std::string* rest) {
    std::string all = std::move(buffer_) + raw_->read_to_end();
    if (rest != nullptr) {
        *rest = std::move(all);
    }
    return raw_->end();
}

std::string http_client::alpn() {
    const unsigned char* chosen = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(raw_->ssl(), &chosen, &size);
    return {reinterpret_cast<const char*>(chosen), size};
}

std::string request_text(std::string_view method, std::string_view target, const headers& with, std::string_view body) {
    std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
    for (const auto& [name, value] : with) {
        text += name + ": " + value + "\r\n";
    }
    return text + "\r\n" + std::string(body);
}

headers valid_headers(std::string_view content_type, std::size_t body_size) {
    return {{"host", "127.0.0.1"},
            {"token", "test-token"},
            {"content-type", std::string(content_type)},
            {"content-length", std::to_string(body_size)}};
}

std::string valid_request(std::string_view name, std::string_view content_type, std::string_view body) {
    return request_text("POST", "/v1/msg/" + std::string(name), valid_headers(content_type, body.size()), body);
}

} // namespace testing::test
YUNHU_NAMESPACE_END
