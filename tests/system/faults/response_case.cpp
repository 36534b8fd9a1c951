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

void replace_all(std::string& in, std::string_view from, std::string_view to) {
    for (std::size_t at = in.find(from); at != std::string::npos; at = in.find(from, at + to.size())) {
        in.replace(at, from.size(), to);
    }
}

std::string hexadecimal(std::size_t n) {
    std::array<char, 16> digits{};
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), n, 16).ptr};
}

void run_one(client_fixture& f, const response_case& c, const step& way, bool non_idempotent) {
    script response{way};
    if (c.ending == connection_end::fin) {
        response.push_back(fin());
    } else if (c.ending == connection_end::close) {
        response.push_back(close());
    }
    const std::size_t before = f.server.request_count();
    f.server.next_response(std::move(response));
    const call_result end = non_idempotent ? f.send("a") : f.read("a");
    EXPECT_TRUE(c.code ? failed(end, c.code, delivery::answered) : ok(end));
    EXPECT_EQ(f.server.request_count() - before, 1) << "times received";
    EXPECT_TRUE(c.pool == pool_effect::reuse ? f.reuses() : f.renews());
}

void run_case(const response_case& c, const std::vector<step>& ways) {
    client_fixture f;
    if (c.adjust != nullptr) {
        c.adjust(f.config);
    }
    for (std::size_t n = 0; n < ways.size() && !::testing::Test::HasFailure(); ++n) {
        SCOPED_TRACE("delivery " + std::to_string(n) + " of " + std::to_string(ways.size()));
        run_one(f, c, ways[n], false);
    }
    SCOPED_TRACE("non-idempotent call");
    run_one(f, c, send(fill(c.wire, send_response("a"))), true);
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

void run_case(const response_case& c) {
    run_case(c, deliveries(fill(c.wire, read_response("a"))));
}

void run_case_whole(const response_case& c) {
    run_case(c, {send(fill(c.wire, read_response("a")))});
}

} // namespace yunhu::test
