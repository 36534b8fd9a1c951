// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "standard_streams.hpp"

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tools {
namespace {

std::error_code error_of_errno() {
    return {errno, std::generic_category()};
}

// For a non-blocking descriptor: "not now" is no end and no error.
void wait_for(int descriptor, short events) {
    pollfd one{descriptor, events, 0};
    poll(&one, 1, -1); // its result is not needed: the next access reports an error
}

bool not_now(int number) {
    return number == EAGAIN || number == EWOULDBLOCK; // NOLINT(misc-redundant-expression): not the same everywhere
}

} // namespace

std::streambuf::int_type descriptor_input::underflow() {
    for (;;) {
        const ssize_t n = read(descriptor_, buffer_.data(), buffer_.size());
        if (n > 0) {
            setg(buffer_.data(), buffer_.data(), buffer_.data() + n);
            return traits_type::to_int_type(buffer_.front());
        }
        if (n == 0) {
            return traits_type::eof();
        }
        if (not_now(errno)) {
            wait_for(descriptor_, POLLIN);
        } else if (errno != EINTR) {
            error_ = error_of_errno();
            return traits_type::eof();
        }
    }
}

descriptor_output::descriptor_output(int descriptor) : descriptor_(descriptor) {
    setp(buffer_.data(), buffer_.data() + buffer_.size());
}

descriptor_output::~descriptor_output() {
    if (failed_event_ >= 0) {
        close(failed_event_);
    }
}

int descriptor_output::open_watch() {
    if (failed_event_ < 0) {
        failed_event_ = eventfd(error_ ? 1 : 0, EFD_CLOEXEC | EFD_NONBLOCK);
    }
    const int watch = epoll_create1(EPOLL_CLOEXEC);
    epoll_event failed{};
    failed.events = EPOLLIN;
    if (failed_event_ < 0 || watch < 0 || epoll_ctl(watch, EPOLL_CTL_ADD, failed_event_, &failed) != 0) {
        const std::error_code why = error_of_errno();
        if (watch >= 0) {
            close(watch);
        }
        throw std::system_error(why);
    }
    epoll_event gone{}; // no event but those that are always reported: EPOLLERR and EPOLLHUP
    epoll_ctl(watch, EPOLL_CTL_ADD, descriptor_, &gone); // fails for a file, which has no reader that could end
    return watch;
}

void descriptor_output::reader_is_gone() {
    gone_ = true;
    fail(EPIPE);
}

std::streambuf::int_type descriptor_output::overflow(int_type c) {
    write_buffered();
    if (!traits_type::eq_int_type(c, traits_type::eof())) {
        *pptr() = traits_type::to_char_type(c);
        pbump(1);
    }
    return traits_type::not_eof(c);
}

// The end of a line, or of some.
int descriptor_output::sync() {
    write_buffered();
    skipping_ = false;
    return 0;
}

void descriptor_output::write_buffered() {
    std::string_view rest(pbase(), static_cast<std::size_t>(pptr() - pbase()));
    setp(buffer_.data(), buffer_.data() + buffer_.size());
    if (skipping_ || gone_ || rest.empty()) {
        return;
    }
    std::string_view now = error_ && last_written_ != '\n' ? std::string_view("\n") : rest;
    while (!now.empty()) {
        const ssize_t n = write(descriptor_, now.data(), now.size());
        if (n > 0) {
            last_written_ = now[static_cast<std::size_t>(n) - 1];
            const bool was_fence = now.data() != rest.data();
            rest.remove_prefix(was_fence ? 0 : static_cast<std::size_t>(n));
            now = rest;
        } else if (n < 0 && not_now(errno)) {
            wait_for(descriptor_, POLLOUT);
        } else if (n == 0 || errno != EINTR) {
            fail(n == 0 ? EIO : errno);
            return;
        }
    }
}

void descriptor_output::fail(int number) {
    skipping_ = true;
    if (!error_) {
        error_ = {number, std::generic_category()};
        if (failed_event_ >= 0) {
            eventfd_write(failed_event_, 1);
        }
    }
}

// As glibc does for set-user-ID programs: reading fails on 0, writing on 1. Messages on 2 are discarded.
standard_streams::open_descriptors::open_descriptors() {
    constexpr std::array<int, 3> modes{O_WRONLY, O_RDONLY, O_RDWR};
    for (int descriptor = 0; descriptor < 3; ++descriptor) {
        if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) {
            open("/dev/null", modes[static_cast<std::size_t>(descriptor)]); // the lowest free number: this one
        }
    }
}

standard_streams::standard_streams()
    : former_in_(std::cin.rdbuf(&in_)), former_out_(std::cout.rdbuf(&out_)), former_err_(std::cerr.rdbuf(&err_)),
      former_tie_(std::cin.tie(nullptr)) {} // the reading thread must not flush another thread's output

standard_streams::~standard_streams() {
    (void)flush();
    std::cin.tie(former_tie_);
    std::cin.rdbuf(former_in_);
    std::cout.rdbuf(former_out_);
    std::cerr.rdbuf(former_err_);
}

std::error_code standard_streams::flush() {
    err_.pubsync();
    out_.pubsync();
    return out_.error();
}

std::error_code error_of(const std::istream& in) {
    const auto* const buffer = dynamic_cast<const descriptor_input*>(in.rdbuf());
    return buffer != nullptr ? buffer->error() : std::error_code();
}

std::error_code error_of(const std::ostream& out) {
    const auto* const buffer = dynamic_cast<const descriptor_output*>(out.rdbuf());
    return buffer != nullptr ? buffer->error() : std::error_code();
}

std::optional<int> open_watch(const std::ostream& out) {
    auto* const buffer = dynamic_cast<descriptor_output*>(out.rdbuf());
    return buffer != nullptr ? std::optional(buffer->open_watch()) : std::nullopt;
}

void reader_is_gone(const std::ostream& out) {
    if (auto* const buffer = dynamic_cast<descriptor_output*>(out.rdbuf())) {
        buffer->reader_is_gone();
    }
}

int report_lost_output(std::string_view program, int exit_code) {
    std::cout.flush();
    const std::error_code why = error_of(std::cout);
    if (!why) {
        return exit_code;
    }
    std::cerr << program << ": the output could not be written: " << why.message() << std::endl;
    return exit_code == 0 ? output_lost : exit_code;
}

std::error_code check_writable(const char* file) {
    struct stat found {};
    if (stat(file, &found) == 0) {
        if (S_ISDIR(found.st_mode)) {
            return std::make_error_code(std::errc::is_a_directory);
        }
        return faccessat(AT_FDCWD, file, W_OK, AT_EACCESS) == 0 ? std::error_code() : error_of_errno();
    }
    if (errno != ENOENT) {
        return error_of_errno();
    }
    const std::string folder = std::filesystem::path(file).parent_path().string();
    const char* const where = folder.empty() ? "." : folder.c_str();
    return faccessat(AT_FDCWD, where, W_OK | X_OK, AT_EACCESS) == 0 ? std::error_code() : error_of_errno();
}

} // namespace tools
