// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "raw_client.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace yunhu::test {
namespace {

void trust(SSL_CTX* context, const std::string& ca_pem) {
    BIO* in = BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size()));
    const x509_ptr ca(PEM_read_bio_X509(in, nullptr, nullptr, nullptr));
    BIO_free(in);
    if (!ca) {
        throw std::runtime_error("invalid CA certificate");
    }
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
}

} // namespace

raw_client::raw_client(std::uint16_t port, raw_client_options options) : plain_(options.plain) {
    connect(port, options);
    if (connected_ && !plain_) {
        handshake(options);
    }
}

raw_client::~raw_client() {
    close();
}

void raw_client::connect(std::uint16_t port, const raw_client_options& options) {
    socket_ = ::socket(options.ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval limit{fault_log::wait_limit.count(), 0};
    const int on = 1;
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without MSG_NOSIGNAL
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (options.receive_buffer != 0) {
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &options.receive_buffer, sizeof options.receive_buffer);
    }
    if (options.ipv6) {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(port);
        address.sin6_addr = in6addr_loopback;
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    } else {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
}

void raw_client::handshake(const raw_client_options& options) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* context = context_.get();
    SSL_CTX_set_security_level(context, 0); // the server decides
    SSL_CTX_set_min_proto_version(context, options.min_version);
    SSL_CTX_set_max_proto_version(context, options.max_version);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
    if (!options.ca_pem.empty()) {
        trust(context, options.ca_pem);
    }
    ssl_.reset(SSL_new(context));
    SSL* ssl = ssl_.get();
    SSL_set_fd(ssl, socket_);
    if (options.host_is_ip) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), options.host.c_str());
    } else {
        SSL_set1_host(ssl, options.host.c_str());
        SSL_set_tlsext_host_name(ssl, options.host.c_str());
    }
    if (!options.alpn.empty()) {
        std::string list; // each protocol after a byte with its length
        for (const std::string& protocol : options.alpn) {
            list += static_cast<char>(protocol.size()) + protocol;
        }
        SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(list.data()),
                            static_cast<unsigned>(list.size()));
    }
    if (options.resume != nullptr) {
        SSL_set_session(ssl, options.resume);
    }
    ERR_clear_error();
    if (!options.early_data.empty()) {
        std::size_t written = 0;
        SSL_write_early_data(ssl, options.early_data.data(), options.early_data.size(), &written);
    }
    handshake_done_ = SSL_connect(ssl) == 1;
    if (!handshake_done_) {
        error_ = last_tls_error();
    }
}

bool raw_client::write(std::string_view data) {
    if (plain_) {
        return ::send(socket_, data.data(), data.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(data.size());
    }
    ERR_clear_error();
    return SSL_write(ssl_.get(), data.data(), static_cast<int>(data.size())) == static_cast<int>(data.size());
}

std::string raw_client::read_once() {
    std::string data(64 * 1024, '\0');
    ERR_clear_error();
    errno = 0;
    const ssize_t size = plain_ ? ::recv(socket_, data.data(), data.size(), 0)
                                : SSL_read(ssl_.get(), data.data(), static_cast<int>(data.size()));
    if (size > 0) {
        data.resize(static_cast<std::size_t>(size));
        return data;
    }
    const int tls = plain_ ? SSL_ERROR_SYSCALL : SSL_get_error(ssl_.get(), static_cast<int>(size));
    const bool eof = plain_ ? size == 0 : ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    error_ = last_tls_error();
    end_ = tls == SSL_ERROR_ZERO_RETURN ? reading::close_notify
           : eof                        ? reading::truncated
           : errno == ECONNRESET        ? reading::reset
                                        : reading::failed;
    return {};
}

std::string raw_client::read(std::size_t size) {
    std::string all;
    while (all.size() < size && end_ == reading::open) {
        all += read_once();
    }
    return all;
}

std::string raw_client::read_to_end() {
    return read(std::string::npos);
}

bool raw_client::readable_within(std::chrono::milliseconds time) const {
    pollfd watched{socket_, POLLIN, 0};
    return ::poll(&watched, 1, static_cast<int>(time.count())) == 1;
}

std::size_t raw_client::write_what_fits(std::size_t size) {
    const std::string zeros(64 * 1024, '0');
    std::size_t taken = 0;
    while (taken < size) {
        const ssize_t n = ::send(socket_, zeros.data(), zeros.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0) {
            break;
        }
        taken += static_cast<std::size_t>(n);
    }
    return taken;
}

void raw_client::close() {
    if (socket_ >= 0) {
        ::close(std::exchange(socket_, -1));
    }
}

std::string request(std::string_view body) {
    return "POST /v1/msg/x HTTP/1.1\r\nHost: localhost\r\nToken: t\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string(body);
}

bool exchange_ok(raw_client& client) {
    return client.write(request()) && client.read(ok_response.size()) == ok_response;
}

} // namespace yunhu::test
