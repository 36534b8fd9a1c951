// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "raw_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/error_code.hpp>

#include <poll.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

asio::ssl::context make_context(const std::string& ca_pem) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.add_certificate_authority(asio::buffer(ca_pem));
    context.set_verify_mode(asio::ssl::verify_peer);
    return context;
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

struct raw_client::impl {
    explicit impl(const std::string& ca_pem) : tls(make_context(ca_pem)), stream(context, tls) {}

    asio::io_context context;
    asio::ssl::context tls;
    asio::ssl::stream<tcp::socket> stream;
    std::string buffer;
};

raw_client::raw_client(raw_client&&) noexcept = default;

raw_client::~raw_client() = default;

raw_client::raw_client(std::uint16_t port, const std::string& ca_pem, const tls_options& options)
    : impl_(std::make_unique<impl>(ca_pem)) {
    impl_->stream.next_layer().connect({asio::ip::address_v4::loopback(), port});
    impl_->stream.next_layer().set_option(tcp::no_delay(true));
    impl_->stream.set_verify_callback(asio::ssl::host_name_verification(options.host));
    SSL* ssl = impl_->stream.native_handle();
    SSL_set_max_proto_version(ssl, options.max_version);
    if (options.resume != nullptr) {
        SSL_set_session(ssl, options.resume);
    }
    if (!options.alpn.empty()) {
        SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(options.alpn.data()),
                            static_cast<unsigned int>(options.alpn.size()));
    }
    impl_->stream.handshake(asio::ssl::stream_base::client);
}

void raw_client::send(std::string_view bytes) {
    asio::write(impl_->stream, asio::buffer(bytes.data(), bytes.size()));
}

response raw_client::read() {
    std::size_t head_end = 0;
    while ((head_end = impl_->buffer.find("\r\n\r\n")) == std::string::npos) {
        impl_->buffer += read_some();
    }
    response got;
    const std::string head = impl_->buffer.substr(0, head_end + 2);
    if (head.rfind("HTTP/1.1 ", 0) != 0) {
        throw std::runtime_error("not an HTTP answer: " + head);
    }
    got.status = std::stoi(head.substr(9, 3));
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
        const std::size_t end = head.find("\r\n", at);
        const std::size_t colon = head.find(": ", at);
        got.headers.emplace_back(lower(head.substr(at, colon - at)), head.substr(colon + 2, end - colon - 2));
        at = end + 2;
    }
    const std::size_t size = std::stoul(got.header("content-length"));
    impl_->buffer.erase(0, head_end + 4);
    while (impl_->buffer.size() < size) {
        impl_->buffer += read_some();
    }
    got.body = impl_->buffer.substr(0, size);
    impl_->buffer.erase(0, size);
    return got;
}

std::string raw_client::read_some() {
    std::array<char, 16384> chunk{};
    return {chunk.data(), impl_->stream.read_some(asio::buffer(chunk))};
}

ending raw_client::read_to_end(std::string* rest) {
    std::string all = std::move(impl_->buffer);
    std::array<char, 16384> chunk{};
    boost::system::error_code failed;
    while (!failed) {
        all.append(chunk.data(), impl_->stream.read_some(asio::buffer(chunk), failed));
    }
    if (rest != nullptr) {
        *rest = std::move(all);
    }
    if (failed == asio::error::eof) {
        return ending::close_notify;
    }
    if (failed == asio::ssl::error::stream_truncated) {
        return ending::fin;
    }
    return failed == asio::error::connection_reset ? ending::reset : ending::other;
}

bool raw_client::readable_within(std::chrono::milliseconds time) {
    pollfd watched{impl_->stream.next_layer().native_handle(), POLLIN, 0};
    return ::poll(&watched, 1, static_cast<int>(time.count())) == 1;
}

bool raw_client::resumed() {
    return SSL_session_reused(impl_->stream.native_handle()) == 1;
}

session_ptr raw_client::session() {
    return {SSL_get1_session(impl_->stream.native_handle()), &SSL_SESSION_free};
}

std::string raw_client::alpn() {
    const unsigned char* chosen = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(impl_->stream.native_handle(), &chosen, &size);
    return {reinterpret_cast<const char*>(chosen), size};
}

int raw_client::tls_version() {
    return SSL_version(impl_->stream.native_handle());
}

std::string request_text(std::string_view method, std::string_view target, const headers& with, std::string_view body) {
    std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
    for (const auto& [name, value] : with) {
        text += name + ": " + value + "\r\n";
    }
    return text + "\r\n" + std::string(body);
}

headers right_headers(std::string_view content_type, std::size_t body_size) {
    return {{"host", "127.0.0.1"},
            {"token", "test-token"},
            {"content-type", std::string(content_type)},
            {"content-length", std::to_string(body_size)}};
}

std::string right_request(std::string_view name, std::string_view content_type, std::string_view body) {
    return request_text("POST", "/v1/msg/" + std::string(name), right_headers(content_type, body.size()), body);
}

} // namespace testing::test
YUNHU_NAMESPACE_END
