// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "support/process.hpp"
#include "token_bytes.hpp"

#include <yunhu/testing/emulator.hpp>

#include <gtest/gtest.h>

#include <string>

namespace yunhu::test {
namespace {

// The server, which has the token, is this process.
TEST(token, is_not_in_memory_once_the_client_is_gone) {
    const temporary_directory folder;
    testing::emulator_options options;
    options.token = token_of(1);
    options.ca_out = folder / "ca.pem";
    const testing::emulator server(options);
    process child({PROGRAM_TOKEN_CHILD, server.base_url(), options.ca_out.string()});
    const std::string while_it_lives = child.read_line().value_or("");
    const std::string afterwards = child.read_line().value_or("");
    const finished end = child.wait();
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_GE(std::stoul(while_it_lives), 4U) << "the search must find the tokens of both accounts, in two halves each";
    EXPECT_EQ(afterwards, "0");
}

} // namespace
} // namespace yunhu::test
