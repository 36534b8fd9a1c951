// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>

namespace yunhu::test {

/// Owns a file descriptor.
class unique_fd {
public:
    unique_fd() = default;
    explicit unique_fd(int fd) noexcept : fd_(fd) {}
    unique_fd(unique_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    unique_fd& operator=(unique_fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~unique_fd();

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
    explicit operator bool() const noexcept { return fd_ >= 0; }

private:
    int fd_ = -1;
};

/// A TCP socket bound to 127.0.0.1 (or another `last_byte`) or ::1. Throws `std::system_error`.
[[nodiscard]] unique_fd bind_loopback(bool ipv6, std::uint16_t port, unsigned last_byte = 1);
void start_listening(const unique_fd& bound, int backlog);
[[nodiscard]] std::uint16_t local_port(const unique_fd& bound);
/// Connects the (IPv4) socket; true: the result is open after that time.
[[nodiscard]] bool connecting_hangs(const unique_fd& socket, std::uint16_t port, std::chrono::milliseconds time);

/// A local port that refuses every connection and is reserved while this object exists.
class closed_port {
public:
    explicit closed_port(bool ipv6 = false);
    [[nodiscard]] std::uint16_t port() const { return local_port(bound_); }

private:
    unique_fd bound_;
};

/// A local port that ignores SYN: connecting to it hangs.
class black_hole {
public:
    /// `port` 0: any free port. Another one can be that of a server on 127.0.0.1, for ::1 or 127.0.0.2.
    explicit black_hole(bool ipv6 = false, std::uint16_t port = 0, unsigned last_byte = 1);
    [[nodiscard]] std::uint16_t port() const { return local_port(listener_); }

private:
    unique_fd listener_;
    unique_fd filler_; ///< fills the accept queue
};

} // namespace yunhu::test
