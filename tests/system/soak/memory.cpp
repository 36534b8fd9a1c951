// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "memory.hpp"

#include <malloc.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace yunhu::soak {
namespace {

constexpr std::size_t allowed = std::size_t{8} * 1024 * 1024;

std::size_t resident() {
    ::malloc_trim(0);
    std::ifstream in("/proc/self/statm");
    std::size_t total = 0;
    std::size_t pages = 0;
    if (!(in >> total >> pages)) {
        throw std::runtime_error("can't read /proc/self/statm");
    }
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace

void use_one_heap() {
    ::mallopt(M_ARENA_MAX, 1);
}

memory_growth::memory_growth() : before_(resident()) {}

void memory_growth::stop() {
    after_ = resident();
}

bool memory_growth::measurable() noexcept {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return false;
#else
    return true;
#endif
}

bool memory_growth::too_much() const noexcept {
    return measurable() && after_ > before_ + allowed;
}

} // namespace yunhu::soak
