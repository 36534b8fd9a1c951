// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// What of a download is there: a hidden file beside its place, and the tag of the content in a second one. Throws
/// `boost::system::system_error`.
class partial_file {
public:
    explicit partial_file(const std::filesystem::path& target)
        : part_(target.parent_path() / ("." + target.filename().string() + ".part")),
          tag_(target.parent_path() / ("." + target.filename().string() + ".tag")),
          handle_(::open(part_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666)) {
        if (handle_ < 0) {
            fail();
        }
    }
    partial_file(const partial_file&) = delete;
    partial_file& operator=(const partial_file&) = delete;
    ~partial_file() {
        if (size() == 0) { // nothing to go on with
            remove();
        }
        ::close(handle_);
    }

    [[nodiscard]] std::uint64_t size() const {
        struct stat about {};
        return ::fstat(handle_, &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
    }
    [[nodiscard]] std::string tag() const {
        std::ifstream in(tag_, std::ios::binary);
        std::string text;
        std::getline(in, text);
        constexpr std::size_t longest = 200;
        return text.size() <= longest ? text : std::string();
    }
    /// Begins anew, with a content of that tag.
    void restart(const std::string& tag) {
        if (::ftruncate(handle_, 0) != 0) {
            fail();
        }
        std::ofstream out(tag_, std::ios::binary | std::ios::trunc);
        out << tag << '\n';
        if (!out.flush()) {
            fail();
        }
    }
    void append(std::string_view bytes, std::uint64_t at) {
        while (!bytes.empty()) {
            const ssize_t put = ::pwrite(handle_, bytes.data(), bytes.size(), static_cast<off_t>(at));
            if (put < 0 && errno == EINTR) {
                continue;
            }
            if (put <= 0) {
                fail();
            }
            at += static_cast<std::uint64_t>(put);
            bytes.remove_prefix(static_cast<std::size_t>(put));
        }
    }
    /// Bytes from the beginning; the number read.
    [[nodiscard]] std::size_t read(std::uint64_t at, char* into, std::size_t size) const {
        const ssize_t got = ::pread(handle_, into, size, static_cast<off_t>(at));
        if (got < 0) {
            fail();
        }
        return static_cast<std::size_t>(got);
    }
    /// Gives it its name; another one with a number if that is taken and must not be replaced.
    [[nodiscard]] std::filesystem::path publish(const std::filesystem::path& target, bool overwrite) {
        std::filesystem::path name = target;
        for (unsigned number = 1; !overwrite; ++number) {
            if (::link(part_.c_str(), name.c_str()) == 0) {
                ::unlink(part_.c_str());
                ::unlink(tag_.c_str());
                return name;
            }
            constexpr unsigned most = 10'000;
            if (errno != EEXIST || number > most) {
                fail();
            }
            name = target.parent_path() /
                   (target.stem().string() + " (" + std::to_string(number) + ")" + target.extension().string());
        }
        if (::rename(part_.c_str(), name.c_str()) != 0) {
            fail();
        }
        ::unlink(tag_.c_str());
        return name;
    }
    void remove() noexcept {
        ::unlink(part_.c_str());
        ::unlink(tag_.c_str());
    }

private:
    [[noreturn]] static void fail() {
        throw boost::system::system_error(errno != 0 ? errno : EIO, boost::system::generic_category());
    }

    std::filesystem::path part_;
    std::filesystem::path tag_;
    int handle_;
};

} // namespace detail
YUNHU_NAMESPACE_END
