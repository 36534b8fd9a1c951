// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/handler_memory.hpp"

#include <gtest/gtest.h>

#include <cstddef>

using yunhu::transport::handler_memory;

TEST(handler_memory, serves_one_after_the_other) {
    handler_memory memory;
    auto bytes = memory.get_allocator();
    std::byte* const first = bytes.allocate(200);
    bytes.deallocate(first, 200);
    const handler_memory::allocator<long> numbers(bytes);
    auto rebound = numbers;
    long* const second = rebound.allocate(20);
    EXPECT_EQ(static_cast<void*>(second), static_cast<void*>(first));
    rebound.deallocate(second, 20);
}

// ASan sees it when anything of this is given back to where it does not belong.
TEST(handler_memory, what_does_not_fit_comes_from_the_heap) {
    handler_memory memory;
    auto bytes = memory.get_allocator();
    std::byte* const first = bytes.allocate(200);
    std::byte* const beside = bytes.allocate(200);
    std::byte* const large = bytes.allocate(100000);
    EXPECT_NE(beside, first);
    bytes.deallocate(beside, 200);
    bytes.deallocate(large, 100000);
    bytes.deallocate(first, 200);
    std::byte* const again = bytes.allocate(1);
    EXPECT_EQ(again, first);
    bytes.deallocate(again, 1);
}
