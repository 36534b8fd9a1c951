// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/media/content_file.hpp"

#include <yunhu/config.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A file without a name: it is gone with its handle, also when the process is killed. Throws
/// `boost::system::system_error`.
class spool_file {
public:
    explicit spool_file(const std::filesystem::path& folder) {
        const std::filesystem::path where = folder.empty() ? std::filesystem::temp_directory_path() : folder;
        constexpr int owner_only = 0600;
        handle_ = ::open(where.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, owner_only);
        if (handle_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) { // not every file system has it
            std::string pattern = (where / ".yunhu-upload-XXXXXX").string();
            handle_ = ::mkostemp(pattern.data(), O_CLOEXEC);
            if (handle_ >= 0) {
                ::unlink(pattern.c_str());
            }
        }
        if (handle_ < 0) {
            fail();
        }
    }
    spool_file(const spool_file&) = delete;
    spool_file& operator=(const spool_file&) = delete;
    ~spool_file() {
        if (handle_ >= 0) {
            ::close(handle_);
        }
    }

    void append(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t put = ::pwrite(handle_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
            if (put < 0 && errno == EINTR) {
                continue;
            }
            if (put <= 0) {
                fail();
            }
            size_ += static_cast<std::uint64_t>(put);
            bytes.remove_prefix(static_cast<std::size_t>(put));
        }
    }
    /// What was appended; this object is empty then.
    [[nodiscard]] std::shared_ptr<const content_file> finish() {
        return std::make_shared<const content_file>(std::exchange(handle_, -1), size_);
    }

private:
    [[noreturn]] static void fail() {
        throw boost::system::system_error(errno != 0 ? errno : EIO, boost::system::generic_category());
    }

    int handle_ = -1;
    std::uint64_t size_ = 0;
};

} // namespace detail
YUNHU_NAMESPACE_END
