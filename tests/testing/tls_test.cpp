// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Certificates, handshakes, and idle timeouts.

#include "fixture.hpp"

#include "testing/certificate.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <stdexcept>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

namespace fs = std::filesystem;

class tls_test : public emulator_test {
protected:
    void expect_response(http_client& from) {
        from.send(request_text("POST", "/nothing", valid_headers(json_type, 0), ""));
        EXPECT_EQ(from.read().status, 404);
    }
};

/// A temporary directory.
class folder {
public:
    folder() : path_((fs::temp_directory_path() / "yunhu-XXXXXX").string()) {
        if (::mkdtemp(path_.data()) == nullptr) {
            throw std::runtime_error("mkdtemp");
        }
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    ~folder() { fs::remove_all(path_); }
    [[nodiscard]] fs::path path() const { return path_; }

private:
    std::string path_;
};

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(tls_test, the_certificate_is_valid_for_localhost_only) {
    for (const std::string host : {"127.0.0.1", "localhost", "::1"}) {
        tls_options options;
        options.host = host;
        http_client named = connect(options);
        expect_response(named);
    }
    tls_options options;
    options.host = "example.org";
    EXPECT_THROW(connect(options), handshake_failed);
}

// Third-party clients have the service's host built in: only the name resolution can be changed for them.
TEST_F(tls_test, further_host_names) {
    const folder kept;
    const auto is_valid_for = [](const emulator& at, const std::string& host) {
        tls_options options;
        options.host = host;
        try {
            const http_client named(at.port(), at.ca_pem(), options);
            return true;
        } catch (const handshake_failed&) {
            return false;
        }
    };
    emulator_options options;
    options.state_dir = kept.path();
    const std::string before = emulator(options).ca_pem();
    options.host_names = {"chat-go.jwzhd.com", "chat-ws-go.jwzhd.com"};
    std::string after;
    {
        const emulator named(options);
        after = named.ca_pem();
        EXPECT_NE(after, before); // the stored one was for localhost only
        for (const std::string host : {"localhost", "127.0.0.1", "chat-go.jwzhd.com", "chat-ws-go.jwzhd.com"}) {
            EXPECT_TRUE(is_valid_for(named, host)) << host;
        }
        EXPECT_FALSE(is_valid_for(named, "jwzhd.com"));
    }
    EXPECT_EQ(emulator(options).ca_pem(), after);
}

TEST_F(tls_test, another_emulators_ca_is_not_trusted) {
    emulator other;
    EXPECT_NE(other.ca_pem(), server.ca_pem());
    EXPECT_THROW(http_client(server.port(), other.ca_pem()), handshake_failed);
}

TEST_F(tls_test, supports_1_3_and_1_2_only) {
    expect_response(client);
    EXPECT_EQ(client.tls_version(), TLS1_3_VERSION);
    tls_options options;
    options.max_version = TLS1_2_VERSION;
    http_client older = connect(options);
    expect_response(older);
    EXPECT_EQ(older.tls_version(), TLS1_2_VERSION);
    options.max_version = TLS1_1_VERSION;
    EXPECT_THROW(connect(options), handshake_failed);
}

TEST_F(tls_test, sessions_are_resumed) {
    for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
        tls_options options;
        options.max_version = version;
        const auto before_it = server.handshakes_resumed();
        http_client first = connect(options);
        expect_response(first); // TLS 1.3 sends tickets after the handshake
        EXPECT_FALSE(first.resumed());
        const session_ptr session = first.session();
        options.resume = session.get();
        http_client second = connect(options);
        expect_response(second);
        EXPECT_TRUE(second.resumed());
        EXPECT_EQ(server.handshakes_resumed(), before_it + 1);
    }
}

TEST_F(tls_test, alpn_is_http_1_1) {
    expect_response(client);
    EXPECT_EQ(client.alpn(), "");
    tls_options options;
    options.alpn = {"h2", "http/1.1"};
    http_client both = connect(options);
    EXPECT_EQ(both.alpn(), "http/1.1");
    options.alpn = {"h2"};
    EXPECT_THROW(connect(options), handshake_failed);
}

TEST_F(tls_test, a_failed_handshake_is_not_counted) {
    EXPECT_THROW(http_client(server.port(), emulator().ca_pem()), handshake_failed);
    expect_response(client);
    EXPECT_TRUE(server.wait_until([this] { return server.connections_open() == 1; }, wait_limit));
}

TEST_F(tls_test, a_connection_closed_by_the_client_is_not_open) {
    expect_response(client);
    {
        http_client brief = connect();
        expect_response(brief);
        EXPECT_EQ(server.connections_open(), 2U);
    }
    EXPECT_TRUE(server.wait_until([this] { return server.connections_open() == 1; }, wait_limit));
}

// Runs `body(server, client)` with the shortest idle timeout in which this machine completes a handshake.
template <class Body> void with_short_idle_timeout(Body body) {
    emulator_options options;
    for (options.idle_timeout = std::chrono::milliseconds(50);; options.idle_timeout *= 2) {
        emulator server(options);
        std::optional<http_client> client;
        try {
            client.emplace(server.port(), server.ca_pem());
        } catch (const handshake_failed&) {
            continue; // the timeout expired during the handshake
        }
        if (body(server, *client)) {
            return;
        }
    }
}

TEST(tls, an_idle_connection_is_closed_with_close_notify) {
    with_short_idle_timeout([](emulator& server, http_client& client) {
        const auto begin = std::chrono::steady_clock::now();
        const ending end = client.read_to_end();
        if (server.connections_accepted() == 0) {
            return false; // the server had not completed the handshake
        }
        EXPECT_EQ(end, ending::close_notify);
        EXPECT_LT(std::chrono::steady_clock::now() - begin, wait_limit);
        EXPECT_TRUE(server.wait_until([&] { return server.connections_open() == 0; }, wait_limit));
        return true;
    });
}

TEST(tls, a_connection_without_a_handshake_is_closed) {
    emulator_options options;
    options.idle_timeout = std::chrono::milliseconds(50);
    emulator server(options);
    boost::asio::io_context context;
    boost::asio::ip::tcp::socket silent(context);
    silent.connect({boost::asio::ip::address_v4::loopback(), server.port()});
    char byte = 0;
    boost::system::error_code failed;
    EXPECT_EQ(silent.read_some(boost::asio::buffer(&byte, 1), failed), 0U);
    EXPECT_TRUE(failed);
    EXPECT_EQ(server.connections_accepted(), 0U);
}

TEST(tls, a_request_in_progress_is_not_idle) {
    with_short_idle_timeout([](emulator& server, http_client& client) {
        fault late;
        late.what = fault::action::delay;
        late.delay = 4 * server.options().idle_timeout;
        server.inject(late);
        try {
            client.send(request_text("POST", "/nothing", valid_headers(json_type, 0), ""));
            EXPECT_EQ(client.read().status, 404);
        } catch (const connection_ended&) {
            EXPECT_EQ(server.requests(), 0U); // closed before the request arrived
            return false;
        }
        return true;
    });
}

TEST(emulator_start, writes_its_ca_file) {
    const folder here;
    emulator_options options;
    options.ca_out = here.path() / "ca.pem";
    std::ofstream(options.ca_out) << "old";
    const emulator server(options);
    EXPECT_EQ(read_file(options.ca_out), server.ca_pem());
    EXPECT_EQ(std::distance(fs::directory_iterator(here.path()), {}), 1); // no temporary file remains
}

TEST(emulator_start, throws_if_it_cannot_write_or_listen) {
    emulator_options options;
    options.ca_out = folder().path() / "gone" / "ca.pem";
    EXPECT_THROW(emulator{options}, boost::system::system_error);
    const emulator first;
    emulator_options same_port;
    same_port.port = first.port();
    EXPECT_THROW(emulator{same_port}, boost::system::system_error);
}

TEST(emulator_start, reports_its_address) {
    const emulator server;
    EXPECT_NE(server.port(), 0);
    EXPECT_EQ(server.base_url(), "https://127.0.0.1:" + std::to_string(server.port()));
    EXPECT_EQ(server.ca_pem().rfind("-----BEGIN CERTIFICATE-----", 0), 0U);
}

TEST(emulator_start, can_restart_on_the_same_port) {
    emulator_options options;
    {
        emulator first;
        options.port = first.port();
        http_client client(first.port(), first.ca_pem());
    }
    const emulator second(options);
    EXPECT_EQ(second.port(), options.port);
}

TEST(certificate, every_identity_is_different) {
    std::set<std::string> seen;
    for (int i = 0; i < 3; ++i) {
        const detail::identity made = detail::make_identity();
        seen.insert({made.ca, made.certificate, made.key});
    }
    EXPECT_EQ(seen.size(), 9U);
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
