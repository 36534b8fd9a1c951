// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "failing_allocation.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <optional>

namespace yunhu::test {

thread_local void (*on_allocation)() = nullptr;

namespace {

thread_local std::optional<std::size_t> fails_in; // allocations until one fails

void* allocate_or_null(std::size_t size) noexcept {
    if (on_allocation != nullptr) {
        on_allocation();
    }
    if (fails_in && (*fails_in)-- == 0) {
        fails_in.reset();
        return nullptr;
    }
    return std::malloc(std::max<std::size_t>(size, 1));
}

void* allocate(std::size_t size) {
    void* const p = allocate_or_null(size);
    if (p == nullptr) {
        throw std::bad_alloc();
    }
    return p;
}

} // namespace

failing_allocation::failing_allocation(std::size_t after) noexcept {
    fails_in = after;
}

failing_allocation::~failing_allocation() {
    fails_in.reset();
}

bool failing_allocation::allocation_failed() noexcept {
    return !fails_in;
}

} // namespace yunhu::test

void* operator new(std::size_t size) {
    return yunhu::test::allocate(size);
}
void* operator new[](std::size_t size) {
    return yunhu::test::allocate(size);
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return yunhu::test::allocate_or_null(size);
}
void* operator new[](std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return yunhu::test::allocate_or_null(size);
}
void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete[](void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, const std::nothrow_t& /*tag*/) noexcept {
    std::free(p);
}
void operator delete[](void* p, const std::nothrow_t& /*tag*/) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t /*size*/) noexcept {
    std::free(p);
}
void operator delete[](void* p, std::size_t /*size*/) noexcept {
    std::free(p);
}
