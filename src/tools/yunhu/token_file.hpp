// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>
#include <system_error>

namespace cli {

/// A file that will have a token. It is prepared before the token is asked for: a login whose token can't be stored
/// would be lost. Only its owner can read it, and an older one is replaced as a whole.
class token_file {
public:
    /// Throws `bad_field` if the file can't be written.
    explicit token_file(std::string path);
    token_file(const token_file&) = delete;
    token_file& operator=(const token_file&) = delete;
    /// Without `store` there is no file, or the older one.
    ~token_file();

    /// The token and a line's end. Returns why they could not be written.
    [[nodiscard]] std::error_code store(std::string_view token);

private:
    std::string path_;
    std::string made_; // in the same folder; empty: it has become the file
    int descriptor_;
};

} // namespace cli
