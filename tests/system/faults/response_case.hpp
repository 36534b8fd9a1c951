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

// Table-driven cases: the bytes of the server's response, the result of the call, and whether the connection is reused
// afterwards.
namespace yunhu::test {

enum class pool_effect : std::uint8_t { reuse, renew };
enum class connection_end : std::uint8_t { nothing, fin, close };

struct response_case {
    std::string name; ///< begins with the number of the case
    std::string wire; ///< `$B` is the body of a successful response, `$L` its length, `$C` its length in hexadecimal
    error_code code;  ///< none: the call succeeds
    pool_effect pool = pool_effect::renew;
    connection_end ending = connection_end::nothing;
    void (*adjust)(client_config&) = nullptr;
};
std::ostream& operator<<(std::ostream& out, const response_case& c);

[[nodiscard]] std::string name_of(const ::testing::TestParamInfo<response_case>& info);

/// Replaces the placeholders of `response_case::wire`.
[[nodiscard]] std::string fill(std::string wire, std::string_view body);

/// Runs a safe call for every delivery of the bytes, and a non-idempotent call for one of them. Each must have the
/// result of the case, be received once, and leave a working pool.
void run_case(const response_case& c);
/// Runs the case with one delivery, in one record: for responses too large to be split at every offset.
void run_case_whole(const response_case& c);

} // namespace yunhu::test
