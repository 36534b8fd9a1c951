// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cli {

namespace json = boost::json;

/// Messages of one chat, one JSON object per line; appendable at any time. The last line is always the place to
/// continue: a beginning of a line of this chat, left by a killed program, is cut off; a line that only lacks its line
/// feed gets it.
class history_file {
public:
    /// Opens the file, or creates it for the user alone, and reads it. Throws `bad_field` when it can't be opened or
    /// locked, is in use by another `yunhu history`, or has anything else than this chat's messages: such a file is not
    /// changed.
    history_file(const std::string& path, const std::string& chat);
    history_file(const history_file&) = delete;
    history_file& operator=(const history_file&) = delete;
    ~history_file();

    [[nodiscard]] std::uint64_t lines() const { return lines_; }
    [[nodiscard]] const std::optional<json::object>& first() const { return first_; }
    [[nodiscard]] const std::optional<json::object>& last() const { return last_; }

    /// Adds a line. It is with the kernel when this returns. Throws `std::system_error`.
    void add(const json::object& message);

private:
    void open_and_lock(const std::string& path);
    void read_all(const std::string& chat);
    void finish_last_line(const std::string& line, std::int64_t begin, const std::string& chat);
    void write_all(std::string_view text);

    int fd_ = -1;
    std::uint64_t lines_ = 0;
    std::optional<json::object> first_;
    std::optional<json::object> last_;
};

} // namespace cli
