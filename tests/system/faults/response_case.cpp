// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "response_case.hpp"

#include <array>
#include <charconv>
#include <ostream>
#include <utility>
#include <vector>

namespace yunhu::test {
namespace {

using namespace steps;

void replace_all(std::string& in, std::string_view what, std::string_view with) {
    for (std::size_t at = in.find(what); at != std::string::npos; at = in.find(what, at + with.size())) {
        in.replace(at, what.size(), with);
    }
}

std::string hexadecimal(std::size_t n) {
    std::array<char, 16> digits{};
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), n, 16).ptr};
}

void prove_one(client_fixture& f, const response_case& c, const step& way, bool non_idempotent) {
    script response{way};
    if (c.ending == after_that::fin) {
        response.push_back(fin());
    } else if (c.ending == after_that::close) {
        response.push_back(close());
    }
    const std::size_t before = f.server.request_count();
    f.server.next_response(std::move(response));
    const call_result end = non_idempotent ? f.send("a") : f.read("a");
    EXPECT_TRUE(c.code ? failed(end, c.code, delivery::answered) : ok(end));
    EXPECT_EQ(f.server.request_count() - before, 1) << "times seen";
    EXPECT_TRUE(c.pool == pool_does::reuse ? f.reuses() : f.renews());
}

void prove(const response_case& c, const std::vector<step>& ways) {
    client_fixture f;
    if (c.adjust != nullptr) {
        c.adjust(f.config);
    }
    for (std::size_t n = 0; n < ways.size() && !::testing::Test::HasFailure(); ++n) {
        SCOPED_TRACE("delivery " + std::to_string(n) + " of " + std::to_string(ways.size()));
        prove_one(f, c, ways[n], false);
    }
    SCOPED_TRACE("one-shot");
    prove_one(f, c, send(fill(c.wire, send_response("a"))), true);
}

} // namespace

std::ostream& operator<<(std::ostream& out, const response_case& c) {
    return out << c.name;
}

std::string name_of(const ::testing::TestParamInfo<response_case>& info) {
    return info.param.name;
}

std::string fill(std::string wire, std::string_view body) {
    replace_all(wire, "$L", std::to_string(body.size()));
    replace_all(wire, "$C", hexadecimal(body.size()));
    replace_all(wire, "$B", body);
    return wire;
}

void prove(const response_case& c) {
    prove(c, deliveries(fill(c.wire, read_response("a"))));
}

void prove_whole(const response_case& c) {
    prove(c, {send(fill(c.wire, read_response("a")))});
}

} // namespace yunhu::test
