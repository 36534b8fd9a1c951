// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <array>
#include <cstddef>
#include <new>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// Memory for one outstanding operation at a time. Asio keeps a little for each thread, which many operations that
/// start together use up. Must outlive the operation: its handler keeps whoever has this.
class handler_memory {
public:
    handler_memory() = default;
    handler_memory(const handler_memory&) = delete;
    handler_memory& operator=(const handler_memory&) = delete;
    ~handler_memory() = default;

    template <class T> class allocator {
    public:
        using value_type = T;

        explicit allocator(handler_memory& from) noexcept : from_(&from) {}
        template <class U> allocator(const allocator<U>& other) noexcept : from_(other.from_) {} // NOLINT

        [[nodiscard]] T* allocate(std::size_t n) { return static_cast<T*>(from_->take(n * sizeof(T))); }
        void deallocate(T* p, std::size_t /*n*/) noexcept { from_->give_back(p); }
        bool operator==(const allocator&) const noexcept = default;

    private:
        template <class U> friend class allocator;
        handler_memory* from_;
    };

    [[nodiscard]] allocator<std::byte> get_allocator() noexcept { return allocator<std::byte>(*this); }

private:
    void* take(std::size_t size) {
        if (used_ || size > memory_.size()) {
            return ::operator new(size);
        }
        used_ = true;
        return memory_.data();
    }

    void give_back(void* p) noexcept {
        if (p == memory_.data()) {
            used_ = false;
        } else {
            ::operator delete(p);
        }
    }

    alignas(std::max_align_t) std::array<std::byte, 256> memory_;
    bool used_ = false;
};

} // namespace transport
YUNHU_NAMESPACE_END
