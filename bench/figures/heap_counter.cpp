// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "heap_counter.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include <execinfo.h>
#include <malloc.h>

// glibc's allocator, under the names reserved for programs that replace malloc.
// NOLINTBEGIN(readability-identifier-naming)
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}
// NOLINTEND(readability-identifier-naming)

namespace yunhu::bench {
namespace {

constexpr std::size_t max_sites = 2048;

// There is one malloc per process, so the record is global. Of fixed size: it can't allocate.
struct notes {
    std::array<heap_site, max_sites> sites{};
    std::size_t used = 0;
    std::uint64_t dropped = 0; ///< table full
};

notes& the_notes() {
    static notes all;
    return all;
}

thread_local bool counting = false;

// Frames below the allocating function: this one and the replaced one.
constexpr std::size_t own_frames = 2;

[[gnu::noinline]] void note(std::size_t bytes) {
    counting = false; // backtrace may allocate
    std::array<void*, 42> raw{};
    const auto got = static_cast<std::size_t>(backtrace(raw.data(), static_cast<int>(raw.size())));
    heap_site here;
    here.depth = got > own_frames ? got - own_frames : 0;
    std::copy_n(raw.begin() + own_frames, here.depth, here.frames.begin());
    notes& all = the_notes();
    const auto end = all.sites.begin() + static_cast<std::ptrdiff_t>(all.used);
    auto at = std::find_if(all.sites.begin(), end, [&](const heap_site& s) {
        return s.depth == here.depth &&
               std::equal(here.frames.begin(), here.frames.begin() + here.depth, s.frames.begin());
    });
    if (at == end) {
        if (all.used == max_sites) {
            ++all.dropped;
            counting = true;
            return;
        }
        *at = here;
        ++all.used;
    }
    ++at->times;
    at->bytes += bytes;
    counting = true;
}

} // namespace

void count_heap_begin() {
    std::array<void*, 2> raw{};
    backtrace(raw.data(), 2); // loads libgcc in advance
    the_notes().used = 0;
    counting = true;
}

std::vector<heap_site> count_heap_end() {
    counting = false;
    const notes& all = the_notes();
    if (all.dropped > 0) {
        std::abort(); // an incomplete count must not be reported
    }
    return {all.sites.begin(), all.sites.begin() + static_cast<std::ptrdiff_t>(all.used)};
}

} // namespace yunhu::bench

extern "C" {

void* malloc(std::size_t size) {
    if (yunhu::bench::counting) {
        yunhu::bench::note(size);
    }
    return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
    if (yunhu::bench::counting) {
        yunhu::bench::note(count * size);
    }
    return __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) {
    if (yunhu::bench::counting) {
        yunhu::bench::note(size);
    }
    return __libc_realloc(old, size);
}

void* memalign(std::size_t alignment, std::size_t size) {
    if (yunhu::bench::counting) {
        yunhu::bench::note(size);
    }
    return __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
    if (yunhu::bench::counting) {
        yunhu::bench::note(size);
    }
    return __libc_memalign(alignment, size);
}

int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
    if (yunhu::bench::counting) {
        yunhu::bench::note(size);
    }
    *out = __libc_memalign(alignment, size);
    return *out != nullptr ? 0 : ENOMEM;
}

} // extern "C"
