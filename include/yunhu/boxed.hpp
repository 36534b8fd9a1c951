#pragma once

#include <memory>

namespace yunhu::inline v0_1 {

/// A value that lies on the heap, and not at all while it is empty: what holds it stays small and moves cheaply, as a
/// request must that waits in a coroutine's frame. Copies are deep. `T` is `content` or `media`.
///
/// Presence means nothing: a box with nothing in it reads as an empty `T` and is equal to one that holds an empty `T`.
/// Moved from, it is empty.
template <class T> class boxed {
public:
    boxed() noexcept = default;
    boxed(const T& value); // NOLINT(google-explicit-constructor): it is a value of `T`
    boxed(T&& value);      // NOLINT(google-explicit-constructor)
    boxed(const boxed& other);
    boxed(boxed&& other) noexcept = default;
    boxed& operator=(const boxed& other);
    boxed& operator=(boxed&& other) noexcept = default;
    ~boxed() = default;

    [[nodiscard]] const T& operator*() const noexcept { return held_ ? *held_ : nothing(); }
    [[nodiscard]] const T* operator->() const noexcept { return &**this; }
    /// To write to: makes it when it is not there.
    [[nodiscard]] T& operator*() { return held_ ? *held_ : make(); }
    [[nodiscard]] T* operator->() { return &**this; }

    /// Whether any field is set.
    [[nodiscard]] bool has_value() const noexcept;
    explicit operator bool() const noexcept { return has_value(); }
    void reset() noexcept { held_.reset(); }

    bool operator==(const boxed& other) const noexcept;

private:
    // What has no body here is in src/types.cpp, compiled once.
    struct discard {
        void operator()(T* value) const noexcept;
    };
    static const T& nothing() noexcept;
    T& make();

    std::unique_ptr<T, discard> held_;
};

} // namespace yunhu::inline v0_1
