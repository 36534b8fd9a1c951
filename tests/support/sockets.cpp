// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace yunhu::test {
namespace {

void check(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
}

/// A loopback address of either family.
struct loopback {
    loopback(bool ipv6, std::uint16_t port, unsigned last_byte = 1) {
        if (ipv6) {
            v6.sin6_family = AF_INET6;
            v6.sin6_port = htons(port);
            v6.sin6_addr = in6addr_loopback;
            size = sizeof v6;
        } else {
            v4.sin_family = AF_INET;
            v4.sin_port = htons(port);
            v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + last_byte);
            size = sizeof v4;
        }
    }

    [[nodiscard]] const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&v6); }

    union {
        sockaddr_in6 v6{};
        sockaddr_in v4;
    };
    socklen_t size;
};

} // namespace

unique_fd::~unique_fd() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

unique_fd bind_loopback(bool ipv6, std::uint16_t port, unsigned last_byte) {
    unique_fd fd(::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    check(fd.get(), "socket");
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const loopback address(ipv6, port, last_byte);
    check(::bind(fd.get(), address.get(), address.size), "bind");
    return fd;
}

void start_listening(const unique_fd& bound, int backlog) {
    check(::listen(bound.get(), backlog), "listen");
}

std::uint16_t local_port(const unique_fd& bound) {
    sockaddr_in6 address{};
    socklen_t size = sizeof address;
    check(::getsockname(bound.get(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    return ntohs(address.sin6_port); // at the same place in both families
}

bool connecting_hangs(const unique_fd& socket, std::uint16_t port, std::chrono::milliseconds time) {
    const loopback address(false, port);
    if (::connect(socket.get(), address.get(), address.size) == 0 || errno != EINPROGRESS) {
        return false;
    }
    pollfd watched{socket.get(), POLLOUT, 0};
    return ::poll(&watched, 1, static_cast<int>(time.count())) == 0;
}

closed_port::closed_port(bool ipv6) : bound_(bind_loopback(ipv6, 0)) {}

black_hole::black_hole(bool ipv6, std::uint16_t port, unsigned last_byte)
    : listener_(bind_loopback(ipv6, port, last_byte)) {
    start_listening(listener_, 0);
    filler_ = unique_fd(::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    check(filler_.get(), "socket");
    const loopback address(ipv6, local_port(listener_), last_byte);
    check(::connect(filler_.get(), address.get(), address.size), "connect");
}

} // namespace yunhu::test
