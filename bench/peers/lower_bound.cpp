// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A lower bound of the cost: epoll, OpenSSL on the socket, a prepared request, no parsing.

#include "peer.hpp"
#include "request.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace bench = yunhu::bench;

namespace {

struct context_free {
    void operator()(SSL_CTX* p) const noexcept { SSL_CTX_free(p); }
};
using context = std::unique_ptr<SSL_CTX, context_free>;

// The prefix and the suffix of every response: the suffix is the last field of its Status.
constexpr std::string_view begins = "HTTP/1.1 200 ";
constexpr std::string_view ends = "\x1a\x07success";

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

class connection {
public:
    connection(const bench::peer_options& options, SSL_CTX* tls)
        : fd_(socket(AF_INET, SOCK_STREAM, 0)), ssl_(SSL_new(tls)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(options.port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        if (fd_ < 0 || ssl_ == nullptr || connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 ||
            setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
            fail("connect");
        }
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), "127.0.0.1");
        if (SSL_set_fd(ssl_, fd_) != 1 || SSL_connect(ssl_) != 1) {
            throw std::runtime_error("the TLS handshake failed");
        }
        if (fcntl(fd_, F_SETFL, O_NONBLOCK) != 0) {
            fail("fcntl");
        }
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() {
        SSL_free(ssl_);
        close(fd_);
    }

    [[nodiscard]] int fd() const noexcept { return fd_; }

    void send(std::string_view request) {
        std::size_t written = 0;
        if (SSL_write_ex(ssl_, request.data(), request.size(), &written) != 1 || written != request.size()) {
            throw std::runtime_error("a request was not written in one call"); // smaller than any socket buffer
        }
    }

    /// Reads available bytes; true: the response is complete. The server sends it in one TLS record.
    [[nodiscard]] bool read() {
        std::size_t got = 0;
        if (SSL_read_ex(ssl_, buffer_.data(), buffer_.size(), &got) == 1) {
            const std::string_view response(buffer_.data(), got);
            if (!response.starts_with(begins) || !response.ends_with(ends)) {
                throw std::runtime_error("a response that is not a success");
            }
            return true;
        }
        if (SSL_get_error(ssl_, 0) != SSL_ERROR_WANT_READ) {
            throw std::runtime_error("a connection was lost");
        }
        return false;
    }

private:
    int fd_;
    SSL* ssl_;
    std::array<char, 4096> buffer_{};
};

context trusting(const std::string& ca_file) {
    context tls(SSL_CTX_new(TLS_client_method()));
    if (!tls || SSL_CTX_load_verify_file(tls.get(), ca_file.c_str()) != 1) {
        throw std::runtime_error("the CA can't be read");
    }
    SSL_CTX_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_read_ahead(tls.get(), 1); // one system call per read instead of two
    return tls;
}

void work(const bench::peer_options& options, bench::meter& cost) {
    const context tls = trusting(options.ca_file);
    const std::string body = bench::request_body(bench::id_source().next());
    const std::string request = bench::request_head(options.port, body.size()) + body;

    const int poll = epoll_create1(0);
    std::vector<std::unique_ptr<connection>> all;
    for (std::size_t i = 0; i < options.connections; ++i) {
        all.push_back(std::make_unique<connection>(options, tls.get()));
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = all.back().get();
        if (epoll_ctl(poll, EPOLL_CTL_ADD, all.back()->fd(), &event) != 0) {
            fail("epoll_ctl");
        }
    }
    std::size_t busy = 0;
    for (const auto& each : all) {
        if (cost.next()) {
            each->send(request);
            ++busy;
        }
    }
    std::array<epoll_event, 128> events{};
    while (busy > 0) {
        const int ready = epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
        for (std::size_t i = 0; static_cast<int>(i) < ready; ++i) {
            auto& each = *static_cast<connection*>(events[i].data.ptr);
            if (!each.read()) {
                continue;
            }
            cost.completed();
            if (cost.next()) {
                each.send(request);
            } else {
                --busy;
            }
        }
    }
    close(poll);
}

} // namespace

int main(int argc, char** argv) {
    return bench::run_peer(argc, argv, "lower_bound", work);
}
