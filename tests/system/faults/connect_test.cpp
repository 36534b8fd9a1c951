// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "system/faults/calls.hpp"

#include "sockets.hpp"
#include "support/resolver_double.hpp"

#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <sstream>

// Group J: host names, addresses, and unreachable servers.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;

/// A server, and a client that uses its host name; the name has further addresses.
struct named_server {
    explicit named_server(std::vector<std::string> addresses) : f(named()) {
        names.set("server.test", std::move(addresses));
        f.config.base_url = f.server.base_url("server.test");
    }
    static fault_server_options named() {
        fault_server_options options;
        options.certificate.dns_names = {"server.test"};
        return options;
    }

    resolver_double names; ///< outlives the fixture: its resolver thread may still send queries
    client_fixture f;
};

/// Local sockets that have sent a SYN to that port and have no response yet.
std::size_t connecting_to(std::uint16_t port) {
    std::ostringstream remote;
    remote << ':' << std::hex << std::uppercase << port;
    std::size_t n = 0;
    for (const char* const table : {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
        std::ifstream lines(table);
        std::string number;
        std::string local;
        std::string to;
        std::string state;
        for (std::string line; std::getline(lines, line);) {
            std::istringstream(line) >> number >> local >> to >> state;
            n += to.ends_with(remote.str()) && state == "02" ? 1U : 0U;
        }
    }
    return n;
}

TEST(connecting, case_169_172_an_unresponsive_first_address_costs_one_attempt_delay_and_its_socket_is_closed) {
    named_server s({"::1", "127.0.0.1"});
    client_fixture& f = s.f;
    const black_hole dead(true, f.server.port());
    const pending_call call = f.start_send("a");
    ASSERT_TRUE(f.run_until([&f] { return connecting_to(f.server.port()) == 1; }));
    EXPECT_TRUE(ok(f.wait(call)));
    EXPECT_EQ(connecting_to(f.server.port()), 0U) << "the losing attempt is closed";
    EXPECT_EQ(f.server.accepted(), 1U);
    EXPECT_EQ(f.seen("a"), 1U);
    EXPECT_EQ(f.client().stats().connects_started, 1U);
    EXPECT_TRUE(f.reuses());
}

TEST(connecting, case_169_a_first_address_that_refuses) {
    named_server s({"::1", "127.0.0.1"});
    EXPECT_TRUE(ok(s.f.send("a", once())));
    EXPECT_EQ(s.f.client().stats().connects_failed, 0U);
    EXPECT_TRUE(s.f.reuses());
}

// Both attempts connect: the later one must not start TLS.
TEST(connecting, case_172_only_the_winner_starts_tls) {
    resolver_double names;
    fault_server_options options = named_server::named();
    options.ipv6 = true;
    client_fixture f(std::move(options));
    names.set("server.test", {"::1", "127.0.0.1"});
    f.config.base_url = f.server.base_url("server.test");
    for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE(ok(f.send("a" + std::to_string(i))));
        f.server.drop_connections();
        ASSERT_TRUE(f.run_until([&f] { return f.client().stats().connections == 0; }));
    }
    std::size_t spoke = 0;
    for (const seen_connection& c : f.server.journal().connections) {
        spoke += c.client_hello ? 1U : 0U;
    }
    EXPECT_EQ(spoke, 10U);
    EXPECT_TRUE(f.follow_up());
}

TEST(connecting, case_171_every_address_refuses) {
    named_server s({"::1", "127.0.0.1", "127.0.0.2"});
    client_fixture& f = s.f;
    f.server.stop_listening();
    const call_result refused = f.send("a", once());
    EXPECT_TRUE(failed(refused, errc::connect_failed, delivery::not_sent, phase::connect));
    EXPECT_EQ(refused.cause, boost::system::errc::connection_refused);
    for (const std::string_view address : {"::1: ", "127.0.0.1: ", "127.0.0.2: "}) {
        EXPECT_NE(refused.detail.find(address), std::string::npos) << refused.detail;
    }
    EXPECT_EQ(f.client().stats().connects_failed, 1U);
    f.server.listen_again();
    EXPECT_TRUE(f.follow_up());
    EXPECT_EQ(f.seen("a"), 0U);
}

TEST(connecting, case_171_no_such_name) {
    named_server s({});
    EXPECT_TRUE(failed(s.f.send("a", once()), errc::resolve_failed, delivery::not_sent, phase::resolve));
    s.names.set("server.test", {"127.0.0.1"});
    EXPECT_TRUE(s.f.follow_up());
    EXPECT_EQ(s.f.seen("a"), 0U);
}

TEST(connecting, case_174_three_unresponsive_addresses_share_one_timeout) {
    named_server s({"127.0.0.2", "127.0.0.3", "127.0.0.4"});
    client_fixture& f = s.f;
    const std::uint16_t port = f.server.port();
    const black_hole second(false, port, 2);
    const black_hole third(false, port, 3);
    const black_hole fourth(false, port, 4);
    f.config.pool.connect_timeout = 2s;
    const pending_call call = f.start_send("a", once());
    ASSERT_TRUE(f.run_until([port] { return connecting_to(port) == 3; })) << "each was attempted";
    EXPECT_FALSE(call.done());
    EXPECT_TRUE(failed(f.wait(call), errc::timed_out, delivery::not_sent, phase::connect));
    EXPECT_EQ(connecting_to(port), 0U);
    EXPECT_EQ(f.client().stats().connects_started, 1U);
    s.names.set("server.test", {"127.0.0.1"});
    EXPECT_TRUE(f.follow_up());
    EXPECT_EQ(f.seen("a"), 0U);
}

TEST(connecting, case_176_the_server_is_down_and_restarts) {
    client_fixture f;
    f.config.pool.circuit_failures = 3;
    f.config.pool.circuit_reset_timeout = 100ms;
    ASSERT_TRUE(f.follow_up());
    f.server.stop_listening();
    f.server.drop_connections();
    for (int i = 0; i < 10; ++i) {
        const call_result down = f.send(std::to_string(i), once());
        EXPECT_TRUE(down.code == errc::connect_failed || down.code == errc::circuit_open ||
                    down.delivery == delivery::maybe_sent)
            << down;
    }
    f.server.listen_again();
    EXPECT_TRUE(f.run_until([&f] { return ok(f.read("up", once())); })) << "with the same client";
    EXPECT_TRUE(f.reuses());
}

/// While an instance exists no file can be opened.
class no_files {
public:
    no_files() {
        getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit none{3, before_.rlim_max};
        setrlimit(RLIMIT_NOFILE, &none);
    }
    no_files(const no_files&) = delete;
    no_files& operator=(const no_files&) = delete;
    ~no_files() { setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

TEST(connecting, case_177_no_file_descriptors) {
    client_fixture f;
    ASSERT_EQ(f.client().stats().calls, 0U);
    {
        const no_files left;
        const call_result lacking = f.send("a", once());
        EXPECT_TRUE(failed(lacking, errc::connect_failed, delivery::not_sent, phase::connect));
        EXPECT_EQ(lacking.cause, boost::system::errc::too_many_files_open);
    }
    EXPECT_TRUE(f.follow_up());
    EXPECT_TRUE(f.reuses());
    EXPECT_EQ(f.seen("a"), 0U);
}

TEST(connecting, case_179_writing_to_a_closed_peer) {
    struct sigaction before {};
    struct sigaction deadly {};
    deadly.sa_handler = SIG_DFL;
    ASSERT_EQ(sigaction(SIGPIPE, &deadly, &before), 0);
    {
        client_fixture f;
        f.server.next_connection({expect_header(), abrupt_close()});
        const call_result lost = send_text(f, "a", 8U << 20U);
        EXPECT_TRUE(failed(lost, errc::outcome_unknown, delivery::maybe_sent));
        EXPECT_TRUE(lost.cause);
        EXPECT_EQ(f.server.request_count(), 0U);
        EXPECT_TRUE(renews_after_loss(f));
    }
    sigaction(SIGPIPE, &before, nullptr);
}

// The name "localhost" is what the resolver makes of it. The token must not leave the machine unencrypted.
TEST(connecting, plain_http_checks_the_address_and_not_the_name) {
    resolver_double names;
    fault_server_options options;
    options.tls = false;
    client_fixture f(std::move(options));
    f.config.base_url = f.server.base_url("localhost");
    names.set("localhost", {"::ffff:127.0.0.1"}); // reaches the server and is no loopback address of IPv6
    const call_result refused = f.send("a", once());
    EXPECT_TRUE(failed(refused, errc::connect_failed, delivery::not_sent, phase::connect));
    EXPECT_EQ(refused.detail, "base_url: plain HTTP is allowed to a loopback address only, not to ::ffff:127.0.0.1");
    EXPECT_TRUE(f.run_until_closed(1));
    EXPECT_EQ(f.server.connection(1).bytes, 0U);
    for (const char* const address : {"127.0.0.1", "127.1.2.3"}) {
        names.set("localhost", {address});
        EXPECT_TRUE(f.follow_up()) << address;
    }
}

} // namespace
} // namespace yunhu::test
