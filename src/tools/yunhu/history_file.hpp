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

/// Messages of one chat, one JSON object per line; appendable at any time. An incomplete last line, left by a killed
/// program, is removed, so that the last line is always the place to continue.
class history_file {
public:
    /// Opens the file or makes it, and reads it. Throws `bad_field` when it can't be opened, is in use by
    /// another `yunhu history`, or is none of these files.
    explicit history_file(const std::string& path);
    history_file(const history_file&) = delete;
    history_file& operator=(const history_file&) = delete;
    ~history_file();

    [[nodiscard]] std::uint64_t lines() const { return lines_; }
    [[nodiscard]] const std::optional<json::object>& first() const { return first_; }
    [[nodiscard]] const std::optional<json::object>& last() const { return last_; }

    /// Adds a line. It is with the kernel when this returns. Throws `std::system_error`.
    void add(const json::object& message);

private:
    void read_all();

    int fd_ = -1;
    std::uint64_t lines_ = 0;
    std::optional<json::object> first_;
    std::optional<json::object> last_;
};

} // namespace cli
