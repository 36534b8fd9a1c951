// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/inbox/cursor_text.hpp"

#include <yunhu/cursor_store.hpp>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

YUNHU_NAMESPACE_BEGIN
namespace {

constexpr std::uint64_t max_file_bytes = std::uint64_t{512} << 20U;

error_code last_error() {
    return {errno, boost::system::system_category()};
}

failure refuse(std::string detail, const error_code& cause = {}) {
    call_info info;
    info.cause = cause;
    info.detail = "cursors: " + std::move(detail);
    return {errc::invalid_request, std::move(info)};
}

/// Closes a file descriptor.
class descriptor {
public:
    explicit descriptor(int fd) noexcept : fd_(fd) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() { close(); }

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }
    /// False: an error of an earlier write was reported by closing.
    bool close() noexcept { return fd_ < 0 || ::close(std::exchange(fd_, -1)) == 0; }

private:
    int fd_;
};

result<std::string> read_all(const descriptor& file) {
    std::string made;
    std::array<char, 64 * 1024> buffer{};
    for (;;) {
        const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
        if (got == 0) {
            return made;
        }
        if (got > 0) {
            made.append(buffer.data(), static_cast<std::size_t>(got));
            if (made.size() > max_file_bytes) {
                return refuse("the file is too large");
            }
        } else if (errno != EINTR) {
            return refuse("the file can't be read", last_error());
        }
    }
}

error_code write_all(const descriptor& file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t taken = ::write(file.get(), text.data(), text.size());
        if (taken >= 0) {
            text.remove_prefix(static_cast<std::size_t>(taken));
        } else if (errno != EINTR) {
            return last_error();
        }
    }
    return ::fsync(file.get()) == 0 ? error_code() : last_error();
}

/// Writes a file of its owner only, and waits until it is on the disk.
error_code write_file(const std::filesystem::path& path, std::string_view text) {
    constexpr mode_t owner_only = 0600;
    (void)::unlink(path.c_str()); // of a save that was killed; EXCL below: a link is not followed
    descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, owner_only));
    if (!file.valid()) {
        return last_error();
    }
    if (const error_code ec = write_all(file, text)) {
        return ec;
    }
    return file.close() ? error_code() : last_error();
}

/// Makes a rename in the directory survive a power loss.
error_code sync_directory(const std::filesystem::path& of) {
    const std::filesystem::path directory = of.has_parent_path() ? of.parent_path() : ".";
    const descriptor file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!file.valid()) {
        return last_error();
    }
    // Some file systems do not know it, and need it not.
    return ::fsync(file.get()) == 0 || errno == EINVAL ? error_code() : last_error();
}

} // namespace

cursor_store::~cursor_store() = default;

cursor_file::cursor_file(std::filesystem::path path) : path_(std::move(path)) {}

result<inbox_cursors> cursor_file::load() {
    ours_ = false;
    const descriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)); // a FIFO must not block
    if (!file.valid()) {
        if (errno == ENOENT) {
            ours_ = true;
            return inbox_cursors();
        }
        return refuse("the file can't be opened", last_error());
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return refuse("not a regular file");
    }
    const result<std::string> text = read_all(file);
    if (!text) {
        return text.error();
    }
    auto cursors = detail::read_cursors(*text, max_chats);
    if (!cursors) {
        return refuse(cursors.error().detail);
    }
    ours_ = true;
    return *std::move(cursors);
}

result<void> cursor_file::save(const inbox_cursors& cursors) {
    if (cursors.chats.size() > max_chats) {
        return refuse("more than " + std::to_string(max_chats) + " chats");
    }
    if (!ours_) {
        if (const result<inbox_cursors> loaded = load(); !loaded) {
            return loaded.error();
        }
    }
    std::filesystem::path next = path_;
    next += ".new";
    error_code ec = write_file(next, detail::write_cursors(cursors));
    if (!ec && ::rename(next.c_str(), path_.c_str()) != 0) {
        ec = last_error();
    }
    if (ec) {
        (void)::unlink(next.c_str());
        return refuse("the file can't be written", ec);
    }
    if (const error_code not_synced = sync_directory(path_)) {
        return refuse("the directory can't be written", not_synced);
    }
    return {};
}

YUNHU_NAMESPACE_END
