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
#include <unistd.h>

namespace cli {
namespace {

[[noreturn]] void throw_errno() {
    throw std::system_error(errno, std::generic_category());
}

// A line that `yunhu history` wrote. Throws `bad_field`.
json::object message_in(std::string_view line) {
    boost::system::error_code ec;
    json::value v = json::parse(line, ec);
    const json::object* o = ec ? nullptr : v.if_object();
    const json::value* seq = o == nullptr ? nullptr : o->if_contains("msg_seq");
    const json::value* id = o == nullptr ? nullptr : o->if_contains("msg_id");
    const json::value* chat = o == nullptr ? nullptr : o->if_contains("chat");
    if (seq == nullptr || !seq->is_number() || id == nullptr || !id->is_string() || chat == nullptr ||
        !chat->is_string()) {
        throw bad_field("jsonl", "the file was not written by yunhu history");
    }
    return std::move(v.get_object());
}

} // namespace

history_file::history_file(const std::string& path)
    : fd_(open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) {
    if (fd_ < 0) {
        throw bad_field("jsonl", "the file can't be opened");
    }
    try {
        if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
            throw bad_field("jsonl", "the file is in use by another yunhu history");
        }
        read_all();
    } catch (...) {
        close(fd_);
        throw;
    }
}

history_file::~history_file() {
    close(fd_);
}

void history_file::read_all() {
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
                first_ = message_in(line);
            }
            last.swap(line);
            line.clear();
        }
        line.append(rest);
    }
    if (lines_ > 0) {
        last_ = message_in(last);
    } else if (!line.empty() && line.front() != '{') {
        throw bad_field("jsonl", "the file was not written by yunhu history"); // and is not to be emptied
    }
    if (!line.empty() && ftruncate(fd_, end_of_lines) != 0) {
        throw_errno();
    }
}

void history_file::add(const json::object& message) {
    std::string line = json::serialize(message);
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        const ssize_t n = write(fd_, rest.data(), rest.size());
        if (n < 0 && errno != EINTR) {
            throw_errno();
        }
        rest.remove_prefix(n < 0 ? 0 : static_cast<std::size_t>(n));
    }
    ++lines_;
}

} // namespace cli
