// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/base_url.hpp"
#include "http/request_writer.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/secret.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <malloc.h>

// Replaces `operator delete` in this program: no block may hold a token when it is freed.
namespace {

constexpr std::string_view short_token = "t0k3n-abcde";
constexpr std::string_view long_token = "t0k3n-0123456789-0123456789-0123456789";

std::size_t blocks_with_a_token = 0;

// Without its first letter, for a freed block may have been written to already.
bool holds(const void* memory, std::size_t size, std::string_view token) {
    const auto* const begin = static_cast<const char*>(memory);
    return std::search(begin, begin + size, token.begin() + 1, token.end()) != begin + size;
}

void deallocate(void* memory) noexcept {
    if (memory == nullptr) {
        return;
    }
    const std::size_t size = malloc_usable_size(memory);
    if (holds(memory, size, short_token) || holds(memory, size, long_token)) {
        ++blocks_with_a_token;
    }
    std::free(memory);
}

void* allocate(std::size_t size) {
    const std::size_t room = std::max<std::size_t>(size, 1);
    void* const memory = std::malloc(room);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    std::fill_n(static_cast<char*>(memory), malloc_usable_size(memory), '\0'); // what was freed before counts once
    return memory;
}

} // namespace

void* operator new(std::size_t size) {
    return allocate(size);
}
void* operator new[](std::size_t size) {
    return allocate(size);
}
void operator delete(void* memory) noexcept {
    deallocate(memory);
}
void operator delete[](void* memory) noexcept {
    deallocate(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
    deallocate(memory);
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
    deallocate(memory);
}

namespace yunhu::test {
namespace {

class freed_memory : public ::testing::TestWithParam<std::string_view> {
protected:
    freed_memory() { blocks_with_a_token = 0; }
};

TEST_P(freed_memory, the_search_works) {
    { const std::vector<char> plain(GetParam().begin(), GetParam().end()); }
    EXPECT_EQ(blocks_with_a_token, 1U);
}

TEST_P(freed_memory, has_no_copy_of_a_secret) {
    {
        secret first(GetParam());
        secret copy(first);
        secret moved(std::move(first));
        copy = moved;
        copy = secret("x");
        moved = secret("another one, longer than the first, and longer than the second");
        std::vector<secret> several(3, secret(GetParam()));
        several.resize(100, several.front());
        std::optional<client_config> config(std::in_place, secret(GetParam()));
        const client_config other = *config;
        config.reset();
    }
    EXPECT_EQ(blocks_with_a_token, 0U);
}

TEST_P(freed_memory, has_no_copy_when_a_secret_is_replaced) {
    secret value(GetParam());
    const secret other("y");
    value = other;
    EXPECT_EQ(blocks_with_a_token, 0U);
    EXPECT_EQ(value.reveal(), "y");
}

TEST_P(freed_memory, has_no_copy_of_a_string_that_became_a_secret) {
    { const secret value{std::string(GetParam())}; }
    EXPECT_EQ(blocks_with_a_token, 0U);
}

TEST_P(freed_memory, has_no_copy_of_a_request) {
    {
        const http::request_writer writer(*http::parse_base_url("https://h", false), "agent");
        const auto head = writer.request_head_template(GetParam(), "application/json");
        detail::secret_bytes out;
        for (const std::size_t body : {0U, 10U, 5000U, 100U, 60'000U}) {
            writer.write("/v1/own", view_of(head), {}, std::string(body, 'x'), out);
            EXPECT_NE(view_of(out).find(GetParam()), std::string_view::npos);
        }
    }
    EXPECT_EQ(blocks_with_a_token, 0U);
}

INSTANTIATE_TEST_SUITE_P(of_any_size, freed_memory, ::testing::Values(short_token, long_token));

} // namespace
} // namespace yunhu::test
