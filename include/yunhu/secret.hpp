// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

namespace detail {

/// Overwrites memory. The compiler can't leave it out.
YUNHU_EXPORT void wipe(void* memory, std::size_t size) noexcept;
/// Overwrites the text, with the memory that it has beyond its end, and empties it.
YUNHU_EXPORT void wipe(std::string& text) noexcept;

/// Memory that is wiped before it is freed: at the end, and when a container moves to a larger block.
template <class T> struct wiping_allocator {
    using value_type = T;

    wiping_allocator() = default;
    template <class U> constexpr wiping_allocator(const wiping_allocator<U>& /*other*/) noexcept {} // NOLINT

    [[nodiscard]] T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
    void deallocate(T* memory, std::size_t count) noexcept {
        wipe(memory, count * sizeof(T));
        std::allocator<T>().deallocate(memory, count);
    }
    bool operator==(const wiping_allocator& /*other*/) const noexcept { return true; }
};

/// Bytes with a secret among them, wherever it stands. Not a string: that keeps short texts in the object itself, where
/// moves and destructors leave copies.
using secret_bytes = std::vector<char, wiping_allocator<char>>;

[[nodiscard]] inline std::string_view view_of(const secret_bytes& bytes) noexcept {
    return {bytes.data(), bytes.size()};
}

} // namespace detail

/// A string that must not leak: it is not printable, comparable or implicitly convertible, and its memory is wiped
/// before it is freed, by every copy and after every move.
class YUNHU_EXPORT secret {
public:
    secret() = default;
    // NOLINTBEGIN(google-explicit-constructor): implicit to a secret, never from it
    /// Copies the string and wipes the source.
    secret(std::string&& value) : secret(std::string_view(value)) { detail::wipe(value); }
    secret(const std::string& value) : secret(std::string_view(value)) {}
    secret(std::string_view value) : value_(value.begin(), value.end()) {}
    secret(const char* value) : secret(std::string_view(value)) {}
    // NOLINTEND(google-explicit-constructor)
    secret(const secret&) = default;
    secret(secret&& other) noexcept = default;
    secret& operator=(const secret& other) {
        if (this != &other) {
            *this = secret(other); // the old value's memory is wiped now, and not when it is freed
        }
        return *this;
    }
    secret& operator=(secret&& other) noexcept = default;
    ~secret() = default;

    /// The secret string. Named so that uses are easy to find.
    [[nodiscard]] std::string_view reveal() const noexcept { return detail::view_of(value_); }
    [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

private:
    detail::secret_bytes value_;
};

YUNHU_NAMESPACE_END
