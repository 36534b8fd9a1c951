// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// `yunhu` behind a proxy, which it finds in the environment as every program of the command line does.

#include "fault_server.hpp"
#include "fault_steps.hpp"
#include "proxy_double.hpp"
#include "support/process.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace yunhu::test;

fault_server_options named(const std::string& name) {
    fault_server_options options;
    options.certificate.dns_names = {name};
    options.body = [](const seen_request&) { return R"({"code":1,"data":{"list":[]},"msg":"success"})"; };
    return options;
}

struct finished_json {
    finished end;
    boost::json::object object;
};

finished_json edit_records(const std::vector<std::string>& environment) {
    finished_json out;
    out.end =
        run({PROGRAM_YUNHU, "list-message-edit-record", "--msg-id", "m", "--json", "--attempts", "1"}, environment);
    boost::system::error_code ec;
    const boost::json::value parsed = boost::json::parse(out.end.out, ec);
    if (!ec && parsed.is_object()) {
        out.object = parsed.get_object();
    }
    return out;
}

TEST(yunhu_program, uses_the_proxy_of_the_environment) {
    const temporary_directory folder;
    fault_server server(named("chat.test")); // its name exists for the proxy only
    std::ofstream(folder / "ca.pem") << server.ca_pem();
    proxy_double proxy;
    proxy.route("chat.test:" + std::to_string(server.port()), server.port());
    const std::vector<std::string> to_server{"YUNHU_BASE_URL=" + server.base_url("chat.test"),
                                             "YUNHU_CA_FILE=" + (folder / "ca.pem").string(),
                                             "YUNHU_TOKEN=t0ken",
                                             "no_proxy=",
                                             "NO_PROXY=",
                                             "https_proxy="};
    std::vector<std::string> environment = to_server;
    environment.push_back("HTTPS_PROXY=" + proxy.url());
    const finished_json good = edit_records(environment);
    EXPECT_EQ(good.end.exit_code, 0) << good.end.out << good.end.err;
    EXPECT_EQ(server.request_count(), 1U);
    ASSERT_EQ(proxy.requests().size(), 1U);
    EXPECT_EQ(proxy.requests()[0].find("t0ken"), std::string::npos);

    fault_server_options plain;
    plain.tls = false;
    fault_server refusing(plain);
    refusing.every_connection({steps::expect_header(), steps::send("HTTP/1.1 407 Who are you\r\n\r\n"), steps::fin()});
    environment.back() = "HTTPS_PROXY=" + refusing.base_url();
    const finished_json refused = edit_records(environment);
    EXPECT_EQ(refused.end.exit_code, 5) << refused.end.out << refused.end.err;
    ASSERT_TRUE(refused.object.contains("error")) << refused.end.out;
    EXPECT_EQ(refused.object.at("error").at("kind"), "proxy_unauthorized");

    environment.back() = "HTTPS_PROXY=socks5://me:s3cr3t@127.0.0.1:1";
    const finished_json wrong = edit_records(environment);
    EXPECT_EQ(wrong.end.exit_code, 2) << wrong.end.out << wrong.end.err;
    ASSERT_TRUE(wrong.object.contains("error")) << wrong.end.out;
    EXPECT_EQ(wrong.object.at("error").at("detail"), "HTTPS_PROXY must be http or https");
    EXPECT_EQ((wrong.end.out + wrong.end.err).find("s3cr3t"), std::string::npos);
}

// The quickstart works behind a company's proxy.
TEST(yunhu_program, connects_to_this_machine_without_a_proxy) {
    const temporary_directory folder;
    const fault_server server(named("localhost"));
    std::ofstream(folder / "ca.pem") << server.ca_pem();
    const finished_json good =
        edit_records({"YUNHU_BASE_URL=" + server.base_url(), "YUNHU_CA_FILE=" + (folder / "ca.pem").string(),
                      "YUNHU_TOKEN=t0ken", "https_proxy=http://127.0.0.1:1", "no_proxy="});
    EXPECT_EQ(good.end.exit_code, 0) << good.end.out << good.end.err;
    EXPECT_EQ(server.request_count(), 1U);
}

} // namespace
