// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "memory_meter.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

#include <malloc.h>

// Counted per thread, so that the threads of the fault server do not affect the figure.
namespace {

thread_local std::ptrdiff_t live = 0;
thread_local std::ptrdiff_t highest = 0;

void* allocate_or_null(std::size_t size) noexcept {
    void* const p = std::malloc(std::max<std::size_t>(size, 1));
    live += static_cast<std::ptrdiff_t>(malloc_usable_size(p));
    highest = std::max(highest, live);
    return p;
}

void* allocate(std::size_t size) {
    void* const p = allocate_or_null(size);
    if (p == nullptr) {
        throw std::bad_alloc();
    }
    return p;
}

void deallocate(void* p) noexcept {
    if (p != nullptr) {
        live -= static_cast<std::ptrdiff_t>(malloc_usable_size(p));
        std::free(p);
    }
}

} // namespace

void* operator new(std::size_t size) {
    return allocate(size);
}
void* operator new[](std::size_t size) {
    return allocate(size);
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return allocate_or_null(size);
}
void* operator new[](std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return allocate_or_null(size);
}
void operator delete(void* p) noexcept {
    deallocate(p);
}
void operator delete[](void* p) noexcept {
    deallocate(p);
}
void operator delete(void* p, const std::nothrow_t& /*tag*/) noexcept {
    deallocate(p);
}
void operator delete[](void* p, const std::nothrow_t& /*tag*/) noexcept {
    deallocate(p);
}
void operator delete(void* p, std::size_t /*size*/) noexcept {
    deallocate(p);
}
void operator delete[](void* p, std::size_t /*size*/) noexcept {
    deallocate(p);
}

namespace yunhu::test {

memory_meter::memory_meter() : base_(live) {
    highest = live;
}

std::size_t memory_meter::peak() const noexcept {
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(highest - base_, 0));
}

} // namespace yunhu::test
