// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "system/faults/calls.hpp"

#include "proxy_double.hpp"
#include "secrets.hpp"
#include "sockets.hpp"
#include "support/resolver_double.hpp"

#include <boost/asio/error.hpp>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Group P: proxies.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;

constexpr std::string_view password = "pr0xy-s3cr3t";
constexpr std::string_view host = "chat.test"; // exists for proxies only

fault_server_options named(const std::string& name) {
    fault_server_options options;
    options.certificate.dns_names = {name};
    return options;
}

std::string target(const client_fixture& f) {
    return std::string(host) + ":" + std::to_string(f.server.port());
}

/// A server whose name only a proxy can resolve, and its client.
struct hidden_server {
    hidden_server() : f(named(std::string(host))) { f.config.base_url = f.server.base_url(std::string(host)); }

    resolver_double names; ///< has no names
    client_fixture f;
};

/// The same behind a proxy that works.
struct proxied_server : hidden_server {
    explicit proxied_server(proxy_double::transport to_proxy = proxy_double::transport::plain) : proxy(to_proxy) {
        proxy.route(target(f), f.server.port());
        f.config.proxy.url = proxy.url();
        f.config.proxy.tls.ca_pem = proxy.ca_pem();
    }

    proxy_double proxy;
};

/// The same behind a proxy that executes scripts.
struct faulty_proxy : hidden_server {
    explicit faulty_proxy(fault_server_options options = plain()) : proxy(std::move(options)) {
        f.config.proxy.url = proxy.base_url();
        f.config.proxy.tls.ca_pem = proxy.ca_pem();
    }
    static fault_server_options plain() {
        fault_server_options options;
        options.tls = false;
        return options;
    }

    fault_server proxy;
};

script respond_with(std::string response) {
    return {expect_header(), send(std::move(response)), fin()};
}

/// Whether the text is in a request to the proxy, in any case.
bool contains(const std::vector<std::string>& requests, std::string_view text) {
    for (std::string request : requests) {
        for (char& c : request) {
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        if (request.find(text) != std::string::npos) {
            return true;
        }
    }
    return false;
}

class proxies : public ::testing::TestWithParam<proxy_double::transport> {};

INSTANTIATE_TEST_SUITE_P(, proxies, ::testing::Values(proxy_double::transport::plain, proxy_double::transport::tls),
                         [](const auto& of) { return of.param == proxy_double::transport::plain ? "http" : "https"; });

TEST_P(proxies, a_tunnel_is_opened_once_per_connection) {
    proxied_server s(GetParam());
    client_fixture& f = s.f;
    EXPECT_TRUE(ok(f.send("a")));
    EXPECT_TRUE(ok(f.read("b")));
    EXPECT_TRUE(f.reuses());
    const std::vector<std::string> requests = s.proxy.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0], "CONNECT " + target(f) + " HTTP/1.1\r\nHost: " + target(f) + "\r\n\r\n");
    EXPECT_EQ(s.names.queries(std::string(host)), 0U) << "the proxy resolves it";
    EXPECT_EQ(f.server.connection(1).sni, host);
    EXPECT_EQ(f.client().stats().handshakes, 1U);
}

TEST_P(proxies, sessions_are_resumed_through_a_new_tunnel) {
    proxied_server s(GetParam());
    client_fixture& f = s.f;
    f.server.next_response({response_ok(), close()});
    EXPECT_TRUE(ok(f.send("a")));
    ASSERT_TRUE(f.run_until([&f] { return f.client().stats().connections == 0; }));
    EXPECT_TRUE(ok(f.send("b")));
    EXPECT_EQ(s.proxy.requests().size(), 2U);
    EXPECT_EQ(f.client().stats().resumed, 1U);
}

TEST_P(proxies, large_bodies_in_both_directions) {
    proxied_server s(GetParam());
    client_fixture& f = s.f;
    EXPECT_EQ(send_text(f, "a", 4U << 20U).code, error_code());
    const std::string body = R"({"code":1,"data":{},"msg":")" + std::string(3U << 20U, 'x') + "\"}";
    f.server.next_response({send(http_ok(body))});
    EXPECT_EQ(f.read("b").code, error_code());
    EXPECT_TRUE(f.reuses());
}

TEST_P(proxies, an_idle_connection_that_ends_is_evicted) {
    proxied_server s(GetParam());
    client_fixture& f = s.f;
    for (const drop_by how : {drop_by::close, drop_by::reset}) {
        ASSERT_TRUE(f.follow_up());
        f.server.drop_connections(how);
        ASSERT_TRUE(f.run_until([&f] { return f.client().stats().connections == 0; }));
    }
    EXPECT_TRUE(f.follow_up());
    EXPECT_EQ(f.client().stats().evicted, 2U);
}

TEST_P(proxies, a_response_that_is_cut_off) {
    proxied_server s(GetParam());
    client_fixture& f = s.f;
    f.server.next_response({send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"), fin()});
    EXPECT_TRUE(failed(f.read("a"), errc::incomplete_response, delivery::answered, phase::body));
    f.server.next_response({fin()});
    EXPECT_TRUE(failed(f.send("b"), errc::outcome_unknown, delivery::maybe_sent));
    EXPECT_EQ(f.seen("b"), 1U);
    EXPECT_TRUE(f.follow_up());
}

TEST_P(proxies, case_239_a_server_that_the_proxy_does_not_reach) {
    proxied_server s(GetParam());
    client_fixture& f = s.f;
    f.config.base_url = "https://elsewhere.test";
    const call_result end = f.send("a", once());
    EXPECT_TRUE(failed(end, errc::proxy_failed, delivery::not_sent, phase::connect));
    EXPECT_EQ(end.detail, "the proxy responded with HTTP 502");
    EXPECT_EQ(end.http_status, 0);
    EXPECT_TRUE(contains(s.proxy.requests(), "connect elsewhere.test:443 "));
}

TEST_P(proxies, case_242_each_secret_goes_to_its_own_end_only) {
    proxied_server s(GetParam());
    client_fixture& f = s.f;
    f.config.proxy.user = "me";
    f.config.proxy.password = secret(password);
    EXPECT_TRUE(ok(f.send("a")));
    const std::vector<std::string> requests = s.proxy.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_NE(requests[0].find("\r\nProxy-Authorization: Basic bWU6cHIweHktczNjcjN0\r\n"), std::string::npos)
        << requests[0];
    EXPECT_FALSE(contains(requests, "token"));
    EXPECT_FALSE(contains(requests, fixture_token));
    EXPECT_FALSE(contains({s.proxy.to_servers()}, fixture_token)) << "it is encrypted";
    ASSERT_EQ(f.server.journal().requests.size(), 1U);
    const seen_request seen = f.server.journal().requests[0];
    EXPECT_EQ(seen.header("token"), fixture_token);
    EXPECT_FALSE(contains({seen.bytes}, "proxy"));
    EXPECT_FALSE(contains({seen.bytes}, "bwu6chiwehktcznjcjn0"));
}

TEST_P(proxies, the_certificate_and_the_pins_are_the_servers) {
    proxied_server good(GetParam());
    good.f.config.tls.pins = {good.f.server.spki_pin()};
    EXPECT_TRUE(ok(good.f.send("a")));
    proxied_server pinned(GetParam());
    pinned.f.config.tls.pins = {fault_server().spki_pin()};
    EXPECT_TRUE(failed(pinned.f.send("a"), errc::certificate_rejected, delivery::not_sent, phase::tls));
    proxied_server other(GetParam());
    other.f.config.base_url = other.f.server.base_url("other.test");
    other.proxy.route("other.test:" + std::to_string(other.f.server.port()), other.f.server.port());
    const call_result end = other.f.send("a");
    EXPECT_TRUE(failed(end, errc::certificate_rejected, delivery::not_sent, phase::tls));
    EXPECT_EQ(end.detail, "it is not valid for other.test (hostname mismatch)");
    EXPECT_EQ(other.f.server.journal().bytes, 0U);
}

TEST_P(proxies, an_ipv6_address_is_in_brackets) {
    fault_server_options options;
    options.ipv6 = true;
    client_fixture f(std::move(options));
    proxy_double proxy(GetParam());
    const std::string address = "[::1]:" + std::to_string(f.server.port());
    proxy.route(address, f.server.port());
    f.config.base_url = f.server.base_url("[::1]");
    f.config.proxy.url = proxy.url();
    f.config.proxy.tls.ca_pem = proxy.ca_pem();
    EXPECT_TRUE(ok(f.send("a")));
    EXPECT_TRUE(contains(proxy.requests(), "connect " + address + " http/1.1\r\nhost: " + address + "\r\n"));
}

TEST(proxy, case_239_refusals) {
    faulty_proxy s;
    client_fixture& f = s.f;
    f.config.proxy.user = "me";
    f.config.proxy.password = secret(password);
    f.config.pool.circuit_failures = 0;
    for (const std::string status : {"403", "500", "503", "301", "404"}) {
        s.proxy.next_connection(respond_with("HTTP/1.1 " + status + " No\r\nContent-Length: 5\r\n\r\n<no/>"));
        const call_result end = f.send("a", once());
        EXPECT_TRUE(failed(end, errc::proxy_failed, delivery::not_sent, phase::connect));
        EXPECT_EQ(end.detail, "the proxy responded with HTTP " + status);
        EXPECT_FALSE(reveals(end, password));
        EXPECT_EQ(f.client().stats().connections + f.client().stats().connecting, 0U);
    }
    s.proxy.every_connection(respond_with("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    EXPECT_TRUE(failed(f.read("b"), errc::proxy_failed, delivery::not_sent));
    EXPECT_EQ(s.proxy.accepted(), 5U + 3U) << "transient, as a failed connect";
    EXPECT_EQ(f.server.accepted(), 0U);
}

TEST(proxy, case_239_407_is_final) {
    faulty_proxy s;
    client_fixture& f = s.f;
    const std::string challenge =
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n";
    for (const std::string rest : {"Connection: close\r\n\r\n", "Content-Length: 3\r\n\r\nno!"}) {
        s.proxy.next_connection(respond_with(challenge + rest));
        const call_result end = f.read("a");
        EXPECT_TRUE(failed(end, errc::proxy_unauthorized, delivery::not_sent, phase::connect));
        EXPECT_EQ(end.detail, "the proxy responded with HTTP 407");
        EXPECT_FALSE(is_transient(end));
        EXPECT_EQ(execution_of(end), execution::certainly_not_executed);
    }
    s.proxy.next_connection(respond_with("HTTP/1.1 401 Unauthorized\r\n\r\n")); // so does tinyproxy
    EXPECT_TRUE(failed(f.read("b"), errc::proxy_unauthorized, delivery::not_sent, phase::connect));
    EXPECT_EQ(s.proxy.accepted(), 3U);
}

TEST(proxy, case_240_responses_that_are_no_http) {
    faulty_proxy s;
    client_fixture& f = s.f;
    f.config.limits.header_bytes = 1024;
    struct way {
        script steps;
        std::string_view detail;
    };
    const std::vector<way> ways{
        {{expect_header(), fin()}, "the proxy closed the connection without a response"},
        {{expect_header(), send("HTTP/1.1 200 O"), fin()}, "the proxy closed the connection without a response"},
        {respond_with("SSH-2.0-OpenSSH\r\n"), "the proxy's response is not HTTP/1.1"},
        {respond_with("HTTP/1.1 200 OK\nVia: x\n\n"), "the proxy's response is not HTTP/1.1"},
        {respond_with("HTTP/1.1 200 OK\r\nVia: " + std::string(2000, 'x')),
         "the header section of the proxy's response exceeds limits.header_bytes"},
        {respond_with("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n"), "the proxy sent data before the server could"},
    };
    for (const way& each : ways) {
        s.proxy.next_connection(each.steps);
        const call_result end = f.send("a", once());
        EXPECT_TRUE(failed(end, errc::proxy_failed, delivery::not_sent, phase::connect));
        EXPECT_EQ(end.detail, each.detail);
    }
    s.proxy.next_connection({expect_header(), rst()});
    EXPECT_TRUE(failed(f.send("a", once()), errc::proxy_failed, delivery::not_sent, phase::connect));
    EXPECT_EQ(f.server.accepted(), 0U);
}

TEST(proxy, case_240_a_proxy_that_does_not_respond_is_bounded_by_the_connect_timeout) {
    faulty_proxy s;
    client_fixture& f = s.f;
    f.config.pool.connect_timeout = 300ms;
    s.proxy.next_connection({expect_header(), stall()});
    EXPECT_TRUE(failed(f.send("a"), errc::timed_out, delivery::not_sent, phase::connect));
    s.proxy.next_connection({expect_header(), flood("HTTP/1.1 100 Continue\r\n\r\n")});
    const call_result end = f.send("b", once());
    EXPECT_TRUE(failed(end, errc::proxy_failed, delivery::not_sent, phase::connect));
    EXPECT_EQ(f.client().stats().connecting, 0U);
    ASSERT_TRUE(f.run_until([&s] { return s.proxy.holds([](const auto& j) { return j.closed(1) && j.closed(2); }); }));
}

TEST(proxy, case_241_the_tunnel_is_dropped_at_once) {
    faulty_proxy s;
    client_fixture& f = s.f;
    s.proxy.every_connection(respond_with("HTTP/1.1 200 Connection established\r\n\r\n"));
    const call_result end = f.send("a");
    EXPECT_TRUE(failed(end, errc::tls_failed, delivery::not_sent, phase::tls));
    EXPECT_EQ(s.proxy.accepted(), 3U) << "no loop";
}

TEST(proxy, case_241_a_tunnel_in_tls_is_dropped_at_once) {
    faulty_proxy s{fault_server_options()};
    client_fixture& f = s.f;
    for (const step& end_of_tunnel : {fin(), close(), rst(), bad_record_mac_alert()}) {
        s.proxy.next_connection({expect_header(), send("HTTP/1.1 200 Connection established\r\n\r\n"), end_of_tunnel});
        EXPECT_TRUE(failed(f.send("a", once()), errc::tls_failed, delivery::not_sent, phase::tls));
    }
}

TEST(proxy, an_untrusted_certificate_of_the_proxy) {
    faulty_proxy s{fault_server_options()};
    client_fixture& f = s.f;
    f.config.proxy.tls.ca_pem = certificate_authority().pem();
    const call_result end = f.read("a");
    EXPECT_TRUE(failed(end, errc::certificate_rejected, delivery::not_sent, phase::connect));
    EXPECT_EQ(end.detail, "the proxy's certificate: it is not issued by a trusted CA (unable to get local issuer "
                          "certificate)");
    EXPECT_EQ(s.proxy.accepted(), 1U);
    EXPECT_EQ(s.proxy.journal().bytes, 0U) << "not even the CONNECT";
}

TEST(proxy, a_plain_proxy_behind_an_https_url) {
    faulty_proxy s;
    client_fixture& f = s.f;
    s.proxy.next_connection({raw_tcp("HTTP/1.1 400 Bad Request\r\n\r\n"), fin()});
    f.config.proxy.url = "https://127.0.0.1:" + std::to_string(s.proxy.port());
    const call_result end = f.send("a", once());
    EXPECT_TRUE(failed(end, errc::proxy_failed, delivery::not_sent, phase::connect));
    EXPECT_EQ(end.detail, "the TLS handshake with the proxy failed");
}

TEST(proxy, that_can_not_be_reached) {
    hidden_server s;
    client_fixture& f = s.f;
    const closed_port nothing;
    f.config.proxy.url = "http://127.0.0.1:" + std::to_string(nothing.port());
    const call_result refused = f.send("a", once());
    EXPECT_TRUE(failed(refused, errc::connect_failed, delivery::not_sent, phase::connect));
    EXPECT_EQ(refused.detail, "proxy 127.0.0.1: Connection refused");
    f.close_client();
    f.config.proxy.url = "http://no-such-proxy.test";
    client c(f.context, f.config);
    std::optional<failure> end;
    c.send_message({group("big"), text("x"), "b"}, once(),
                   [&end](error_code ec, const sent_message& sent) { end.emplace(ec, sent); });
    ASSERT_TRUE(f.run_until([&end] { return end.has_value(); }));
    EXPECT_TRUE(failed(*end, errc::resolve_failed, delivery::not_sent, phase::resolve));
    EXPECT_EQ(end->detail, "the proxy's host name");
}

TEST(proxy, its_addresses_are_tried_in_turn) {
    proxied_server s;
    s.names.set("proxy.test", {"127.0.0.2", "127.0.0.1"}); // the first one refuses
    s.f.config.proxy.url = "http://proxy.test" + s.proxy.url().substr(s.proxy.url().rfind(':'));
    EXPECT_TRUE(ok(s.f.send("a")));
    EXPECT_EQ(s.f.client().stats().connects_failed, 0U);
}

TEST(proxy, a_call_is_cancelled_and_a_client_destroyed_while_the_tunnel_is_opened) {
    faulty_proxy s;
    client_fixture& f = s.f;
    s.proxy.every_connection({expect_header(), gate("connect"), stall()});
    const pending_call cancelled = f.start_send("a");
    ASSERT_TRUE(f.run_until([&s] { return s.proxy.holds([](const auto& j) { return !j.at_gate.empty(); }); }));
    cancelled.cancel();
    EXPECT_TRUE(failed(f.wait(cancelled), boost::asio::error::operation_aborted, delivery::not_sent));
    const pending_call closed = f.start_send("b");
    f.close_client();
    EXPECT_TRUE(failed(f.wait(closed), errc::client_closed, delivery::not_sent));
    EXPECT_TRUE(f.run_until([&s] { return s.proxy.holds([](const auto& j) { return j.closed(1); }); }));
}

/// Sets variables of the environment, and unsets those of proxies afterwards.
class environment {
public:
    explicit environment(const std::vector<std::pair<const char*, std::string>>& variables) {
        clear();
        for (const auto& [name, value] : variables) {
            ::setenv(name, value.c_str(), 1);
        }
    }
    environment(const environment&) = delete;
    environment& operator=(const environment&) = delete;
    ~environment() { clear(); }

private:
    static void clear() {
        for (const char* const name : {"https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY",
                                       "all_proxy", "ALL_PROXY"}) {
            ::unsetenv(name);
        }
    }
};

constexpr const char* api = "https://chat.example.com";

TEST(proxy, of_the_environment) {
    {
        const environment none({});
        EXPECT_EQ(proxy_config::from_environment(api).url, "");
    }
    {
        const environment both({{"https_proxy", "http://u:p%40@low.test:1"}, {"HTTPS_PROXY", "http://up.test:2"}});
        const proxy_config found = proxy_config::from_environment(api);
        EXPECT_EQ(found.url, "http://low.test:1");
        EXPECT_EQ(found.user, "u");
        EXPECT_EQ(found.password.reveal(), "p@");
        EXPECT_EQ(proxy_config::from_environment("http://127.0.0.1:1").url, "") << "only https";
        EXPECT_EQ(proxy_config::from_environment("https://localhost:1").url, "") << "this machine";
        EXPECT_EQ(proxy_config::from_environment("https://[::1]:1").url, "");
        EXPECT_EQ(proxy_config::from_environment("nonsense").url, "");
    }
    {
        const environment upper({{"https_proxy", ""}, {"HTTPS_PROXY", "up.test:2"}, {"NO_PROXY", "b.test"}});
        EXPECT_EQ(proxy_config::from_environment(api).url, "http://up.test:2");
        EXPECT_EQ(proxy_config::from_environment("https://a.b.test").url, "");
    }
    {
        const environment list({{"https_proxy", "http://low.test:1"}, {"no_proxy", "*"}, {"NO_PROXY", "b.test"}});
        EXPECT_EQ(proxy_config::from_environment(api).url, "");
    }
    {
        const environment bad({{"HTTPS_PROXY", "socks5://u:" + std::string(password) + "@h"}});
        try {
            (void)proxy_config::from_environment(api);
            ADD_FAILURE() << "accepted";
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_request);
            EXPECT_EQ(e.info().detail, "HTTPS_PROXY must be http or https");
            EXPECT_FALSE(reveals(e.info(), password));
        }
    }
}

TEST(proxy, of_the_environment_only_on_request) {
    faulty_proxy s;
    const environment set({{"HTTPS_PROXY", s.proxy.base_url()}});
    client_fixture& f = s.f;
    f.config.proxy = {};
    EXPECT_TRUE(failed(f.send("a", once()), errc::resolve_failed, delivery::not_sent));
    EXPECT_EQ(s.proxy.accepted(), 0U);
}

TEST(proxy, invalid_settings_name_their_field) {
    const auto refusal = [](auto spoil) {
        boost::asio::io_context context;
        client_config config("t0ken");
        config.proxy.url = "http://proxy.test";
        spoil(config);
        try {
            const client made(context, config);
            return std::string("accepted");
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_request);
            EXPECT_FALSE(reveals(e.info(), password));
            return e.info().detail;
        }
    };
    EXPECT_EQ(refusal([](client_config&) {}), "accepted");
    EXPECT_EQ(refusal([](client_config& c) { c.proxy.url = "proxy.test:3128"; }), "proxy.url must be http or https");
    EXPECT_EQ(refusal([](client_config& c) { c.proxy.url = "http://u:" + std::string(password) + "@h"; }),
              "proxy.url must not have credentials: proxy.user and proxy.password have them");
    EXPECT_EQ(refusal([](client_config& c) { c.proxy.user = "a:b"; }), "proxy.user must not contain ':'");
    EXPECT_EQ(refusal([](client_config& c) { c.proxy.password = secret(std::string(password) + "\n"); }),
              "proxy.user and proxy.password must not contain control characters");
    EXPECT_EQ(refusal([](client_config& c) {
                  c.proxy.url = "https://proxy.test";
                  c.proxy.tls.ca_file = "/no/such/file";
              }),
              "proxy.tls.ca_file can't be loaded as PEM certificates: /no/such/file");
    EXPECT_EQ(refusal([](client_config& c) {
                  c.base_url = "http://127.0.0.1:1";
                  c.allow_plain_http_to_loopback = true;
              }),
              "proxy must not be set with an http base_url");
    EXPECT_THROW(proxy_config("http://u:p@h:x"), error);
    const proxy_config whole("https://me:" + std::string(password) + "@proxy.test:8443");
    EXPECT_EQ(whole.url, "https://proxy.test:8443");
    EXPECT_EQ(whole.user, "me");
    EXPECT_EQ(whole.password.reveal(), password);
}

} // namespace
} // namespace yunhu::test
