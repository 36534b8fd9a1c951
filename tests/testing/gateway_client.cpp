// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "gateway_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

struct gateway_client::impl {
    explicit impl(const std::string& ca_pem) {
        tls.add_certificate_authority(asio::buffer(ca_pem));
        socket.emplace(context, tls);
        auto& stream = socket->next_layer();
        stream.set_verify_mode(asio::ssl::verify_peer);
        stream.set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
    }

    void write(std::string_view bytes, bool text) {
        socket->text(text);
        error_code failed; // the end of the connection is what the next read finds
        socket->write(asio::buffer(bytes), failed);
    }

    asio::io_context context;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    std::optional<websocket::stream<asio::ssl::stream<tcp::socket>>> socket;
    boost::beast::flat_buffer buffer;
    std::optional<received> arrived; // by the pending read
    bool reading = false;
};

gateway_client::gateway_client(std::uint16_t port, const std::string& ca_pem) : impl_(std::make_unique<impl>(ca_pem)) {
    auto& stream = impl_->socket->next_layer();
    stream.next_layer().connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
    stream.handshake(asio::ssl::stream_base::client);
    impl_->socket->handshake("127.0.0.1", "/ws");
}

gateway_client::~gateway_client() {
    error_code ignored;
    impl_->socket->next_layer().next_layer().close(ignored);
    impl_->context.restart();
    impl_->context.run_for(std::chrono::minutes(1));
}

void gateway_client::send(std::string_view text) {
    impl_->write(text, true);
}

void gateway_client::send_binary(std::string_view bytes) {
    impl_->write(bytes, false);
}

void gateway_client::log_in(const std::string& user_id, const std::string& token, const std::string& platform) {
    send(R"({"seq":"1","cmd":"login","data":{"userId":")" + user_id + R"(","token":")" + token + R"(","platform":")" +
         platform + R"(","deviceId":"d-1"}})");
}

void gateway_client::heartbeat() {
    send(R"({"seq":"2","cmd":"heartbeat","data":{}})");
}

received gateway_client::next(std::chrono::milliseconds limit) {
    if (!std::exchange(impl_->reading, true)) {
        impl_->socket->async_read(impl_->buffer, [this](error_code failed, std::size_t) {
            received found;
            if (failed == websocket::error::closed) {
                found.what = received::kind::closed;
                found.code = impl_->socket->reason().code;
                found.bytes = std::string(impl_->socket->reason().reason.c_str());
            } else if (failed) {
                found.what = received::kind::cut_off;
            } else {
                found.what = received::kind::frame;
                found.text = impl_->socket->got_text();
                found.bytes = boost::beast::buffers_to_string(impl_->buffer.data());
                impl_->buffer.clear();
                if (!found.text && !found.envelope.ParseFromString(found.bytes)) {
                    found.envelope.Clear();
                }
            }
            impl_->arrived = std::move(found);
        });
    }
    impl_->context.restart();
    impl_->context.run_for(limit);
    if (!impl_->arrived) {
        return {};
    }
    impl_->reading = false;
    return *std::exchange(impl_->arrived, std::nullopt);
}

void gateway_client::close() {
    error_code ignored;
    impl_->socket->close(websocket::close_code::normal, ignored);
}

} // namespace testing::test
YUNHU_NAMESPACE_END
