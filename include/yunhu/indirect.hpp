// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <memory>

YUNHU_NAMESPACE_BEGIN

/// Owns a heap-allocated `T`, or nothing while the value is empty, so that requests stay small in a coroutine's frame,
/// and a received message costs little to move.
/// Copies are deep. `T` is `content` or `media`.
///
/// An empty or moved-from object reads as a default `T` and compares equal to it.
template <class T> class YUNHU_EXPORT indirect {
public:
    indirect() noexcept = default;
    indirect(const T& value); // NOLINT(google-explicit-constructor): it is a value of `T`
    indirect(T&& value);      // NOLINT(google-explicit-constructor)
    indirect(const indirect& other);
    indirect(indirect&& other) noexcept = default;
    indirect& operator=(const indirect& other);
    indirect& operator=(indirect&& other) noexcept = default;
    ~indirect() = default;

    [[nodiscard]] const T& operator*() const noexcept { return held_ ? *held_ : nothing(); }
    [[nodiscard]] const T* operator->() const noexcept { return &**this; }
    /// Mutable access; allocates a default `T` if empty.
    [[nodiscard]] T& operator*() { return held_ ? *held_ : make(); }
    [[nodiscard]] T* operator->() { return &**this; }

    /// True if any field is set.
    [[nodiscard]] bool has_value() const noexcept;
    explicit operator bool() const noexcept { return has_value(); }
    void reset() noexcept { held_.reset(); }
    /// True if there is a `T` on the heap, even a default one.
    [[nodiscard]] bool allocated() const noexcept { return held_ != nullptr; }

    bool operator==(const indirect& other) const noexcept;

private:
    // Members without a body are instantiated once, in src/model/types.cpp.
    struct discard {
        void operator()(T* value) const noexcept;
    };
    static const T& nothing() noexcept;
    T& make();

    std::unique_ptr<T, discard> held_;
};

YUNHU_NAMESPACE_END
