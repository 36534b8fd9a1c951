// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/server.hpp"

#include "testing/certificate.hpp"
#include "testing/server_connection.hpp"
#include "testing/service.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>

#include <openssl/ssl.h>

#include <fcntl.h>

#include <future>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;

constexpr std::chrono::milliseconds accept_retry_delay{10};
constexpr int slow_receive_buffer = 64 << 10; // holds a segment of the loopback device

// Selects http/1.1 or http/1.0, or fails the handshake with no_application_protocol.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
    static constexpr std::string_view supported("\x08http/1.1\x08http/1.0", 18);
    unsigned char* found = nullptr;
    const int result =
        SSL_select_next_proto(&found, chosen_size, reinterpret_cast<const unsigned char*>(supported.data()),
                              static_cast<unsigned int>(supported.size()), offered, offered_size);
    *chosen = found;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

asio::ssl::context make_tls_context(const identity& id) {
    asio::ssl::context tls(asio::ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
    tls.use_certificate_chain(asio::buffer(id.certificate));
    tls.use_private_key(asio::buffer(id.key), asio::ssl::context::pem);
    static constexpr std::string_view session_context = "yunhu emulator"; // required for resumption
    SSL_CTX_set_session_id_context(tls.native_handle(), reinterpret_cast<const unsigned char*>(session_context.data()),
                                   static_cast<unsigned int>(session_context.size()));
    SSL_CTX_set_alpn_select_cb(tls.native_handle(), &choose_protocol, nullptr);
    return tls;
}

} // namespace

namespace {

// A program that is started meanwhile must not inherit the socket. Asio does not open or accept sockets with it.
template <class Socket> void close_on_exec(Socket& s) noexcept {
    (void)::fcntl(s.native_handle(), F_SETFD, FD_CLOEXEC);
}

} // namespace

struct server::impl {
    impl(const emulator_options& options, const identity& id, service& application)
        : application_(application), limits_{options.idle_timeout, options.gateway_queue_limit, options.read_rate},
          tls_(make_tls_context(id)),
          acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), options.port)), accept_timer_(context_),
          port_(acceptor_.local_endpoint().port()) {
        close_on_exec(acceptor_);
        if (limits_.read_rate != 0) { // accepted sockets inherit it
            acceptor_.set_option(asio::socket_base::receive_buffer_size(slow_receive_buffer));
        }
        application_.set_gateway_url("wss://127.0.0.1:" + std::to_string(port_) + "/ws");
        accept();
        thread_ = std::thread([this] { context_.run(); });
    }

    void stop() {
        asio::post(context_, [this] {
            error_code ignored;
            acceptor_.close(ignored);
            accept_timer_.cancel();
            close_all();
        });
        thread_.join(); // all operations are aborted, so run() returns
    }

    void accept() {
        acceptor_.async_accept([this](error_code failed, socket peer) {
            if (!acceptor_.is_open()) {
                return;
            }
            if (failed) { // out of descriptors, for example
                accept_timer_.expires_after(accept_retry_delay);
                accept_timer_.async_wait([this](error_code) { acceptor_.is_open() ? accept() : void(); });
                return;
            }
            if (application_.admit_connection()) {
                start_connection(std::move(peer));
            }
            accept();
        });
    }

    void start_connection(socket peer) {
        error_code ignored;
        peer.set_option(tcp::no_delay(true), ignored);
        close_on_exec(peer);
        auto connection =
            std::make_shared<server_connection>(std::move(peer), tls_, application_, limits_,
                                                [this](server_connection* closed) { connections_.erase(closed); });
        connections_.insert(connection.get()); // its operations own it until it is closed
        connection->start();
    }

    void close_all() {
        const std::vector<server_connection*> all(connections_.begin(), connections_.end());
        for (server_connection* each : all) {
            each->shared_from_this()->close();
        }
    }

    service& application_;
    connection_limits limits_;
    asio::io_context context_{1};
    asio::ssl::context tls_;
    acceptor acceptor_;
    timer accept_timer_;
    std::uint16_t port_;
    std::unordered_set<server_connection*> connections_;
    std::thread thread_;
};

server::server(const emulator_options& options, const identity& id, service& application)
    : impl_(std::make_unique<impl>(options, id, application)) {}

server::~server() {
    impl_->stop();
}

std::uint16_t server::port() const {
    return impl_->port_;
}

void server::drop_connections() {
    std::promise<void> done;
    asio::dispatch(impl_->context_, [this, &done] {
        impl_->close_all();
        done.set_value();
    });
    done.get_future().wait();
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
