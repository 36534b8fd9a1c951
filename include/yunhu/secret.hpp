// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <string>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN

/// A string that must not leak: it is not printable, comparable or implicitly convertible, and its memory is wiped on
/// destruction.
class YUNHU_EXPORT secret {
public:
    secret() = default;
    // NOLINTBEGIN(google-explicit-constructor): implicit to a secret, never from it
    /// Moves the string and wipes the source.
    secret(std::string value) noexcept : value_(std::move(value)) { wipe(value); }
    secret(std::string_view value) : value_(value) {}
    secret(const char* value) : value_(value) {}
    // NOLINTEND(google-explicit-constructor)
    secret(const secret&) = default;
    secret(secret&& other) noexcept : value_(std::move(other.value_)) { wipe(other.value_); }
    secret& operator=(const secret& other) {
        if (this != &other) {
            wipe(value_);
            value_ = other.value_;
        }
        return *this;
    }
    secret& operator=(secret&& other) noexcept {
        if (this != &other) {
            wipe(value_);
            value_ = std::move(other.value_);
            wipe(other.value_);
        }
        return *this;
    }
    ~secret() { wipe(value_); }

    /// The secret string. Named so that uses are easy to find.
    [[nodiscard]] std::string_view reveal() const noexcept { return value_; }
    [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

private:
    static void wipe(std::string& text) noexcept;
    std::string value_;
};

YUNHU_NAMESPACE_END
