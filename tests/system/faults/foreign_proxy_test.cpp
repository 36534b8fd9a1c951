// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "system/faults/calls.hpp"

#include "process.hpp"
#include "sockets.hpp"

#include <fstream>
#include <optional>
#include <string>
#include <vector>

// Group P, through a proxy of others: tinyproxy.
namespace yunhu::test {
namespace {

/// A running tinyproxy with Basic authentication.
class tinyproxy {
public:
    tinyproxy() {
        std::ofstream(folder_ / "conf") << "Port " << port_.port() << "\nListen 127.0.0.1\nMaxClients 8\nTimeout 60\n"
                                        << "Allow 127.0.0.1\nBasicAuth me pr0xy\nLogLevel Error\n";
        program_.emplace(std::vector<std::string>{PROGRAM_TINYPROXY, "-d", "-c", (folder_ / "conf").string()});
    }

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_.port()); }

private:
    const temporary_directory folder_;
    const closed_port port_; ///< bound, so that no other program gets this port; tinyproxy listens on it
    std::optional<process> program_;
};

TEST(proxy, case_239_242_tinyproxy) {
    const tinyproxy proxy;
    client_fixture f;
    f.config.pool.circuit_failures = 0;
    f.config.proxy.url = proxy.url();
    f.config.proxy.user = "me";
    f.config.proxy.password = "pr0xy";
    ASSERT_TRUE(f.run_until([&f] { return ok(f.read("until it listens", once())); }));
    EXPECT_TRUE(ok(f.send("a")));
    EXPECT_EQ(send_text(f, "b", 1U << 20U).code, error_code());
    EXPECT_TRUE(f.reuses());
    for (const seen_request& seen : f.server.journal().requests) {
        EXPECT_EQ(seen.header("proxy-authorization"), "");
        EXPECT_EQ(seen.header("token"), fixture_token);
    }

    client_fixture wrong;
    wrong.config.proxy = f.config.proxy;
    wrong.config.proxy.password = "guessed";
    EXPECT_TRUE(failed(wrong.read("c"), errc::proxy_unauthorized, delivery::not_sent, phase::connect));
    EXPECT_EQ(wrong.server.accepted(), 0U);

    client_fixture gone;
    gone.config.proxy = f.config.proxy;
    gone.server.stop_listening();
    EXPECT_TRUE(failed(gone.read("d", once()), errc::proxy_failed, delivery::not_sent, phase::connect));
}

} // namespace
} // namespace yunhu::test
