// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <memory>

YUNHU_NAMESPACE_BEGIN

/// A value that lies on the heap, and not at all while it is empty: what holds it stays small and moves cheaply, as a
/// request must that waits in a coroutine's frame. Copies are deep. `T` is `content` or `media`.
///
/// Presence means nothing: a box with nothing in it reads as an empty `T` and is equal to one that holds an empty `T`.
/// Moved from, it is empty.
template <class T> class indirect {
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
    /// To write to: makes it when it is not there.
    [[nodiscard]] T& operator*() { return held_ ? *held_ : make(); }
    [[nodiscard]] T* operator->() { return &**this; }

    /// Whether any field is set.
    [[nodiscard]] bool has_value() const noexcept;
    explicit operator bool() const noexcept { return has_value(); }
    void reset() noexcept { held_.reset(); }

    bool operator==(const indirect& other) const noexcept;

private:
    // What has no body here is in src/types.cpp, compiled once.
    struct discard {
        void operator()(T* value) const noexcept;
    };
    static const T& nothing() noexcept;
    T& make();

    std::unique_ptr<T, discard> held_;
};

YUNHU_NAMESPACE_END
