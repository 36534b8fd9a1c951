// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/server.hpp"

#include "testing/certificate.hpp"
#include "testing/service.hpp"
#include "testing/session.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/post.hpp>

#include <openssl/ssl.h>

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

constexpr std::chrono::milliseconds pause_after_failed_accept{10};

// ALPN: http/1.1, or nothing in common.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
    static constexpr std::string_view ours("\x08http/1.1", 9);
    unsigned char* found = nullptr;
    const int result = SSL_select_next_proto(&found, chosen_size, reinterpret_cast<const unsigned char*>(ours.data()),
                                             static_cast<unsigned int>(ours.size()), offered, offered_size);
    *chosen = found;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

asio::ssl::context make_tls(const identity& who) {
    asio::ssl::context tls(asio::ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
    tls.use_certificate_chain(asio::buffer(who.certificate));
    tls.use_private_key(asio::buffer(who.key), asio::ssl::context::pem);
    static constexpr std::string_view session_context = "yunhu emulator"; // without one, nothing is resumed
    SSL_CTX_set_session_id_context(tls.native_handle(), reinterpret_cast<const unsigned char*>(session_context.data()),
                                   static_cast<unsigned int>(session_context.size()));
    SSL_CTX_set_alpn_select_cb(tls.native_handle(), &choose_protocol, nullptr);
    return tls;
}

} // namespace

struct server::impl {
    impl(const emulator_options& options, const identity& who, service& application)
        : application_(application), idle_timeout_(options.idle_timeout), tls_(make_tls(who)),
          acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), options.port)), pause_(context_),
          port_(acceptor_.local_endpoint().port()) {
        accept();
        thread_ = std::thread([this] { context_.run(); });
    }

    void stop() {
        asio::post(context_, [this] {
            error_code ignored;
            acceptor_.close(ignored);
            pause_.cancel();
            close_all();
        });
        thread_.join(); // every operation has been aborted, so run() comes to its end
    }

    void accept() {
        acceptor_.async_accept([this](error_code failed, socket peer) {
            if (!acceptor_.is_open()) {
                return;
            }
            if (failed) { // out of descriptors, perhaps: they come back
                pause_.expires_after(pause_after_failed_accept);
                pause_.async_wait([this](error_code) { acceptor_.is_open() ? accept() : void(); });
                return;
            }
            if (application_.admit_connection()) {
                begin(std::move(peer));
            }
            accept();
        });
    }

    void begin(socket peer) {
        error_code ignored;
        peer.set_option(tcp::no_delay(true), ignored);
        auto made = std::make_shared<session>(std::move(peer), tls_, application_, idle_timeout_,
                                              [this](session* closed) { sessions_.erase(closed); });
        sessions_.insert(made.get()); // which lives at least as long as it is not closed
        made->start();
    }

    void close_all() {
        const std::vector<session*> all(sessions_.begin(), sessions_.end());
        for (session* each : all) {
            each->shared_from_this()->close();
        }
    }

    service& application_;
    std::chrono::milliseconds idle_timeout_;
    asio::io_context context_{1};
    asio::ssl::context tls_;
    acceptor acceptor_;
    timer pause_;
    std::uint16_t port_;
    std::unordered_set<session*> sessions_;
    std::thread thread_;
};

server::server(const emulator_options& options, const identity& who, service& application)
    : impl_(std::make_unique<impl>(options, who, application)) {}

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
