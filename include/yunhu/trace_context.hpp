// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN

/// Position of a caller in a distributed trace: the value of a `traceparent` header (W3C Trace Context, version 00),
/// e.g. `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`. Constructible from any text; a call fails with
/// `errc::invalid_request` if its context is neither empty nor valid.
class YUNHU_EXPORT trace_context {
public:
    static constexpr std::size_t length = 55;

    constexpr trace_context() = default;
    constexpr trace_context(std::string_view text) // NOLINT(google-explicit-constructor)
        : size_(static_cast<std::uint8_t>(text.size() > length ? length + 1 : text.size())) {
        text.copy(text_.data(), length);
    }
    constexpr trace_context(const char* text) // NOLINT(google-explicit-constructor)
        : trace_context(std::string_view(text)) {}
    trace_context(const std::string& text) // NOLINT(google-explicit-constructor)
        : trace_context(std::string_view(text)) {}

    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    /// True for version 00 in lower case without an all-zero id.
    [[nodiscard]] bool valid() const noexcept;
    /// The text, truncated to `length`.
    [[nodiscard]] constexpr std::string_view text() const noexcept {
        return {text_.data(), size_ > length ? length : size_};
    }

private:
    std::array<char, length> text_{};
    std::uint8_t size_ = 0; ///< `length` + 1 for longer texts, which are invalid
};

YUNHU_NAMESPACE_END
