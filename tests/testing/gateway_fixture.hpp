// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fixture.hpp"
#include "gateway_client.hpp"

#include <memory>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {

/// An emulator with the accounts ada (1), ben (2) and cem (3); requests are ada's.
class gateway_fixture : public emulator_test {
protected:
    static emulator_options people() {
        emulator_options options;
        options.user_id = "1";
        options.user_name = "ada";
        options.accounts = {account("2", "ben", "token-of-ben"), account("3", "cem", "token-of-cem")};
        return options;
    }

    explicit gateway_fixture(emulator_options options = people()) : emulator_test(std::move(options)) {}

    /// A session that is logged in.
    std::shared_ptr<gateway_client> session(const std::string& user_id, const std::string& token) {
        auto made = std::make_shared<gateway_client>(server.port(), server.ca_pem());
        const std::uint64_t before = server.sessions();
        made->log_in(user_id, token);
        EXPECT_TRUE(server.wait_until([&] { return server.sessions() == before + 1; }, wait_limit));
        return made;
    }
};

} // namespace testing::test
YUNHU_NAMESPACE_END
