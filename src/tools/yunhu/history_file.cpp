// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "history_file.hpp"

#include "fields.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/error_code.hpp>

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cli {
namespace {

[[noreturn]] void throw_errno() {
    throw std::system_error(errno, std::generic_category());
}

[[noreturn]] void refuse() {
    throw bad_field("jsonl", "the file was not written by yunhu history");
}

// The message in a line that `yunhu history` wrote; absent: it is JSON of another kind, or none.
std::optional<json::object> message_in(std::string_view line) {
    boost::system::error_code ec;
    json::value v = json::parse(line, ec);
    const json::object* o = ec ? nullptr : v.if_object();
    const json::value* seq = o == nullptr ? nullptr : o->if_contains("msg_seq");
    const json::value* id = o == nullptr ? nullptr : o->if_contains("msg_id");
    const json::value* chat = o == nullptr ? nullptr : o->if_contains("chat");
    if (seq == nullptr || !seq->is_number() || id == nullptr || !id->is_string() || chat == nullptr ||
        !chat->is_string()) {
        return std::nullopt;
    }
    return std::move(v.get_object());
}

json::object message_in_own(std::string_view line) {
    std::optional<json::object> message = message_in(line);
    if (!message) {
        refuse();
    }
    return std::move(*message);
}

// Whether `history_file::add` may have begun a message of that chat with this text.
bool begins_line(std::string_view text, const std::string& chat) {
    std::string own = json::serialize(json::object{{"chat", chat}, {"msg_id", ""}});
    own.resize(own.size() - 2); // without the id's second quote and the brace
    return text.substr(0, own.size()) == std::string_view(own).substr(0, text.size());
}

} // namespace

history_file::history_file(const std::string& path, const std::string& chat) {
    open_and_lock(path);
    try {
        read_all(chat);
    } catch (...) {
        close(fd_);
        throw;
    }
}

history_file::~history_file() {
    close(fd_);
}

void history_file::open_and_lock(const std::string& path) {
    constexpr mode_t owner_only = 0600;
    fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, owner_only);
    if (fd_ < 0) {
        throw bad_field("jsonl", "the file can't be opened");
    }
    struct stat status {};
    const bool is_file = fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
    const int failed = !is_file || flock(fd_, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
    if (is_file && failed == 0) {
        return;
    }
    close(fd_);
    if (!is_file) {
        throw bad_field("jsonl", "must be a regular file, or - for standard output");
    }
    if (failed == EWOULDBLOCK) {
        throw bad_field("jsonl", "the file is in use by another yunhu history");
    }
    throw bad_field("jsonl", "the file can't be locked");
}

void history_file::read_all(const std::string& chat) {
    constexpr std::size_t longest_line = std::size_t{64} << 20U; // more than a response can have
    std::vector<char> part(std::size_t{1} << 16U);
    std::string line; // read since the last newline
    std::string last;
    off_t end_of_lines = 0;
    for (;;) {
        const ssize_t n = read(fd_, part.data(), part.size());
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            throw_errno();
        }
        if (n == 0) {
            break;
        }
        std::string_view rest(part.data(), static_cast<std::size_t>(n));
        for (std::size_t at = rest.find('\n'); at != std::string_view::npos; at = rest.find('\n')) {
            line.append(rest.substr(0, at));
            rest.remove_prefix(at + 1);
            end_of_lines += static_cast<off_t>(line.size() + 1);
            if (lines_++ == 0) {
                first_ = message_in_own(line);
            }
            last.swap(line);
            line.clear();
        }
        line.append(rest);
        if (line.size() > longest_line) {
            refuse();
        }
    }
    if (lines_ > 0) {
        last_ = message_in_own(last);
    }
    if (!line.empty()) {
        finish_last_line(line, end_of_lines, chat);
    }
}

// The last line has no line feed: an editor dropped it, or the program was killed while it wrote.
void history_file::finish_last_line(const std::string& line, std::int64_t begin, const std::string& chat) {
    if (first_ && first_->at("chat").as_string() != chat) {
        return; // the caller refuses the file
    }
    if (std::optional<json::object> whole = message_in(line)) {
        if (whole->at("chat").as_string() == chat) { // else the caller refuses the file
            write_all("\n");
        }
        ++lines_;
        first_ = first_ ? std::move(first_) : whole;
        last_ = std::move(whole);
        return;
    }
    boost::system::error_code ec;
    (void)json::parse(line, ec);
    if (!ec || !begins_line(line, chat)) {
        refuse();
    }
    if (ftruncate(fd_, begin) != 0) {
        throw_errno();
    }
}

void history_file::add(const json::object& message) {
    std::string line = json::serialize(message);
    line += '\n';
    write_all(line);
    ++lines_;
}

void history_file::write_all(std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = write(fd_, text.data(), text.size());
        if (n < 0 && errno != EINTR) {
            throw_errno();
        }
        text.remove_prefix(n < 0 ? 0 : static_cast<std::size_t>(n));
    }
}

} // namespace cli
