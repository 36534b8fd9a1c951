// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A regular file that is read at any offset, from any thread. Throws `boost::system::system_error`.
class content_file {
public:
    explicit content_file(const std::filesystem::path& path)
        : handle_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) { // O_NONBLOCK: not forever at a pipe
        struct stat about {};
        if (handle_ < 0 || ::fstat(handle_, &about) != 0) {
            const int reason = errno;
            close();
            throw boost::system::system_error(reason, boost::system::generic_category());
        }
        if (!S_ISREG(about.st_mode)) {
            close();
            throw boost::system::system_error(EINVAL, boost::system::generic_category());
        }
        size_ = static_cast<std::uint64_t>(about.st_size);
    }
    /// Takes a handle over.
    content_file(int handle, std::uint64_t size) noexcept : handle_(handle), size_(size) {}
    content_file(content_file&& other) noexcept : handle_(std::exchange(other.handle_, -1)), size_(other.size_) {}
    content_file& operator=(content_file&&) = delete;
    ~content_file() { close(); }

    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    /// Fills the buffer; a file that ends before has changed.
    void read(std::uint64_t offset, std::span<char> into) const {
        while (!into.empty()) {
            const ssize_t got = ::pread(handle_, into.data(), into.size(), static_cast<off_t>(offset));
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got <= 0) {
                throw boost::system::system_error(got < 0 ? errno : EIO, boost::system::generic_category());
            }
            offset += static_cast<std::uint64_t>(got);
            into = into.subspan(static_cast<std::size_t>(got));
        }
    }

private:
    void close() noexcept {
        if (handle_ >= 0) {
            ::close(handle_);
        }
        handle_ = -1;
    }

    int handle_;
    std::uint64_t size_ = 0;
};

} // namespace detail
YUNHU_NAMESPACE_END
