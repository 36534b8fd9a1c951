// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "client_fixture.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/error.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

// Cases that share a shape: the server answers with these bytes, the call ends like this, the connection is used again
// or is not.
namespace yunhu::test {

enum class pool_does : std::uint8_t { reuse, renew };
enum class after_that : std::uint8_t { nothing, fin, close };

struct response_case {
    std::string name; ///< begins with the number of the case
    std::string wire; ///< `$B` is the body of a good answer, `$L` its length, `$C` its length in hexadecimal
    error_code code;  ///< none: the call succeeds
    pool_does pool = pool_does::renew;
    after_that ending = after_that::nothing;
    void (*adjust)(client_config&) = nullptr;
};
std::ostream& operator<<(std::ostream& out, const response_case& c);

[[nodiscard]] std::string name_of(const ::testing::TestParamInfo<response_case>& info);

/// The bytes of the wire with that body.
[[nodiscard]] std::string fill(std::string wire, std::string_view body);

/// A read over every delivery of the bytes, and a one-shot call over one of them: each ends as the case says, is seen
/// once, and leaves a pool that works.
void prove(const response_case& c);
/// The same in one record only, for bytes that are too many to be split everywhere.
void prove_whole(const response_case& c);

} // namespace yunhu::test
