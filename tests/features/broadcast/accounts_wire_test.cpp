// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "client_fixture.hpp"
#include "fault_steps.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

// Several accounts over one pool: the requests on the wire.
namespace yunhu::test {
namespace {

TEST(accounts, each_call_carries_its_own_token_on_a_shared_connection) {
    client_fixture f;
    const client first = f.client();
    const client second = first.with_token("second-token");
    const client third = second.with_token("third-token");
    std::size_t ended = 0;
    const auto send = [&](const client& as, std::string id) {
        client(as).send_message({group("big"), text("hello"), std::move(id)}, [&](error_code ec, const sent_message&) {
            EXPECT_FALSE(ec);
            ++ended;
        });
        const std::size_t before = ended;
        ASSERT_TRUE(f.run_until([&] { return ended > before; }));
    };
    for (const client* as : {&first, &second, &third, &second, &first}) {
        send(*as, "x" + std::to_string(ended));
    }
    std::vector<std::string> tokens;
    for (const seen_request& seen : f.server.journal().requests) {
        tokens.emplace_back(seen.header("token"));
        EXPECT_EQ(seen.connection, 1U);
    }
    const std::string own(fixture_token);
    EXPECT_EQ(tokens, (std::vector<std::string>{own, "second-token", "third-token", "second-token", own}));
    EXPECT_EQ(first.stats().calls_ended, 5U) << "statistics belong to the client";
    EXPECT_EQ(third.stats().calls_ended, 5U);
}

TEST(accounts, a_failure_does_not_contain_the_token) {
    client_fixture f;
    f.server.next_response({steps::send("HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n")});
    std::optional<failure> end;
    f.client().with_token("s3cr3t").send_message(
        {group("big"), text("hello"), "a"},
        [&end](error_code ec, sent_message info) { end.emplace(ec, std::move(info)); });
    ASSERT_TRUE(f.run_until([&] { return end.has_value(); }));
    EXPECT_EQ(end->code, errc::not_authenticated);
    std::ostringstream line;
    line << *end;
    EXPECT_EQ(line.str().find("s3cr3t"), std::string::npos);
}

} // namespace
} // namespace yunhu::test
