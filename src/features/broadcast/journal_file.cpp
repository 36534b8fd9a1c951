// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/journal_file.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

error_code last_error() {
    return {errno, boost::system::system_category()};
}

[[noreturn]] void refuse(std::string detail, const error_code& cause = {}) {
    throw error(invalid_broadcast("journal: " + std::move(detail), cause));
}

[[noreturn]] void throw_journal_error(const std::string& detail, const error_code& why) {
    throw error(journal_failure(detail, why));
}

// A path that is wrong, not a disk.
bool is_wrong_path(const error_code& why) {
    namespace code = boost::system::errc;
    return why == code::no_such_file_or_directory || why == code::not_a_directory || why == code::is_a_directory ||
           why == code::permission_denied || why == code::operation_not_permitted || why == code::filename_too_long ||
           why == code::too_many_symbolic_link_levels;
}

int lock(int file) {
    int result = 0;
    do {
        result = ::flock(file, LOCK_EX | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    return result;
}

// A new file survives a power loss once its directory is on the disk.
void sync_directory(const std::filesystem::path& of) {
    const std::filesystem::path directory = of.has_parent_path() ? of.parent_path() : ".";
    const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)::fsync(fd);
        ::close(fd);
    }
}

} // namespace

failure invalid_broadcast(std::string detail, const error_code& cause) {
    call_info info;
    info.endpoint = "send-message";
    info.cause = cause;
    info.detail = std::move(detail);
    return {errc::invalid_request, std::move(info)};
}

failure journal_failure(const std::string& detail, const error_code& why) {
    failure f = invalid_broadcast("journal: " + detail, why);
    f.code = why;
    return f;
}

failure lock_failure(const error_code& why) {
    if (why == boost::system::errc::operation_would_block) {
        return invalid_broadcast("journal: in use by another broadcast", why);
    }
    return journal_failure("can't be locked", why); // such as on a network file system without locks
}

journal_file::~journal_file() {
    if (file_ >= 0) {
        ::close(file_);
    }
}

void journal_file::open(const std::filesystem::path& path, durability sync, const journal_header& header,
                        journal_state& state) {
    constexpr mode_t owner_only = 0600;
    sync_ = sync;
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, owner_only);
    if (const error_code why = file_ < 0 ? last_error() : error_code()) {
        is_wrong_path(why) ? refuse("can't be opened", why) : throw_journal_error("can't be opened", why);
    }
    struct stat status {};
    if (::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode)) {
        refuse("not a regular file");
    }
    if (lock(file_) != 0) {
        throw error(lock_failure(last_error()));
    }
    lines_ = read(header, state);
    if (::ftruncate(file_, static_cast<off_t>(size_)) != 0) { // an incomplete record
        throw_journal_error("can't be written", last_error());
    }
    if (!lines_.empty()) {
        if (const error_code ec = flush()) {
            throw_journal_error("can't be written", ec);
        }
        if (sync_ == durability::power_loss) {
            sync_directory(path);
        }
    }
}

// Sets `size_` to the number of valid bytes. Returns the bytes that must be written before the journal is continued.
std::string journal_file::read(const journal_header& header, journal_state& state) {
    journal_reader reader([&state](const journal_record& record) { state.apply(record); });
    std::array<char, 64 * 1024> buffer{};
    for (;;) {
        const ssize_t got = ::read(file_, buffer.data(), buffer.size());
        if (got == 0) {
            break;
        }
        if (got > 0) {
            reader.feed(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
        } else if (errno != EINTR) {
            throw_journal_error("can't be read", last_error());
        }
    }
    switch (reader.finish()) {
    case journal_reader::status::empty:
        return to_line(header);
    case journal_reader::status::good:
        break;
    case journal_reader::status::not_a_journal:
        refuse("the file is not one of a broadcast");
    case journal_reader::status::other_version:
        refuse("the file is of another version");
    case journal_reader::status::damaged:
        refuse("damaged at line " + std::to_string(reader.bad_line()));
    }
    if (reader.header().message != header.message) {
        refuse("it belongs to another message");
    }
    if (header.total && reader.header().total && *header.total != *reader.header().total) {
        refuse("it is of " + std::to_string(*reader.header().total) + " targets, not of " +
               std::to_string(*header.total));
    }
    size_ = reader.good_bytes();
    return (reader.unterminated() ? "\n" : "") + (reader.needs_upgrade() ? upgrade_lines(header) : std::string());
}

void journal_file::add(const journal_record& record) {
    if (file_ >= 0 && !error_ && !append_line(record, lines_)) {
        error_ = make_error_code(boost::system::errc::value_too_large);
    }
}

error_code journal_file::flush() {
    if (!error_ && !lines_.empty()) {
        error_ = write(lines_);
        if (error_) {
            (void)!::ftruncate(file_, static_cast<off_t>(size_)); // best effort
        } else {
            size_ += lines_.size();
        }
        lines_.clear();
    }
    return error_;
}

error_code journal_file::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t taken = ::write(file_, text.data(), text.size());
        if (taken >= 0) {
            text.remove_prefix(static_cast<std::size_t>(taken));
        } else if (errno != EINTR) {
            return last_error();
        }
    }
    if (sync_ == durability::power_loss && ::fdatasync(file_) != 0) {
        return last_error();
    }
    return {};
}

} // namespace detail
YUNHU_NAMESPACE_END
