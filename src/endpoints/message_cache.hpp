// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace codec {

/// An object of this thread. Null once it was destroyed at the thread's end: destructors that run later, such as that
/// of a client of static storage, do without it.
template <class T> [[nodiscard]] T* thread_object() noexcept {
    struct guarded {
        explicit guarded(bool& gone) noexcept : gone_(&gone) {}
        guarded(const guarded&) = delete;
        guarded& operator=(const guarded&) = delete;
        ~guarded() { *gone_ = true; }

        T object;

    private:
        bool* gone_;
    };
    thread_local bool gone = false; // trivial: may be read at any time
    if (gone) {
        return nullptr;
    }
    thread_local guarded one(gone);
    return &one.object;
}

/// This thread's wire message of the given type, empty. Clearing keeps the memory of its fields, so that the usual
/// small responses are decoded without an allocation. One at a time of each type.
template <class Wire> class message_cache {
public:
    message_cache() : message_(thread_object<Wire>()) {
        if (message_ == nullptr) {
            message_ = &own_.emplace();
        }
    }
    message_cache(const message_cache&) = delete;
    message_cache& operator=(const message_cache&) = delete;
    ~message_cache() {
        if (size_ > max_kept) {
            *message_ = Wire();
        } else {
            message_->Clear();
        }
    }

    [[nodiscard]] Wire& operator*() const noexcept { return *message_; }
    [[nodiscard]] Wire* operator->() const noexcept { return message_; }
    /// Sets the message's size on the wire: the memory of a large one is not kept.
    void set_size(std::size_t bytes) noexcept { size_ = bytes; }

private:
    static constexpr std::size_t max_kept = std::size_t{64} * 1024;

    Wire* message_;
    std::optional<Wire> own_; ///< without an object of the thread
    std::size_t size_ = 0;
};

/// The memory of a body that has been read, for this thread's next request.
class body_cache {
public:
    [[nodiscard]] static std::string take() noexcept {
        std::string* const memory = thread_object<std::string>();
        return memory != nullptr ? std::exchange(*memory, {}) : std::string();
    }
    static void give(std::string&& body) noexcept {
        constexpr std::size_t max_kept = std::size_t{4} * 1024;
        std::string* const memory = thread_object<std::string>();
        if (memory != nullptr && body.capacity() <= max_kept) {
            body.clear();
            *memory = std::move(body);
        }
    }
};

} // namespace codec
YUNHU_NAMESPACE_END
