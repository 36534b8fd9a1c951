// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstddef>
#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace codec {

/// This thread's wire message of the given type, empty. Clearing keeps the memory of its fields, so that the usual
/// small responses are decoded without an allocation. One at a time of each type.
template <class Wire> class message_cache {
public:
    message_cache() = default;
    message_cache(const message_cache&) = delete;
    message_cache& operator=(const message_cache&) = delete;
    ~message_cache() {
        if (size_ > max_kept) {
            message() = Wire();
        } else {
            message().Clear();
        }
    }

    [[nodiscard]] Wire& operator*() const noexcept { return message(); }
    [[nodiscard]] Wire* operator->() const noexcept { return &message(); }
    /// Sets the message's size on the wire: the memory of a large one is not kept.
    void set_size(std::size_t bytes) noexcept { size_ = bytes; }

private:
    static constexpr std::size_t max_kept = std::size_t{64} * 1024;

    static Wire& message() noexcept {
        thread_local Wire one;
        return one;
    }

    std::size_t size_ = 0;
};

/// The memory of a body that has been read, for this thread's next request.
class body_cache {
public:
    [[nodiscard]] static std::string take() noexcept { return std::exchange(memory(), {}); }
    static void give(std::string&& body) noexcept {
        constexpr std::size_t max_kept = std::size_t{4} * 1024;
        if (body.capacity() <= max_kept) {
            body.clear();
            memory() = std::move(body);
        }
    }

private:
    static std::string& memory() noexcept {
        thread_local std::string one;
        return one;
    }
};

} // namespace codec
YUNHU_NAMESPACE_END
