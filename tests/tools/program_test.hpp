// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/process.hpp"

#include <yunhu/testing/emulator.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace json = boost::json;

/// The token of all tests; no output may contain it.
inline const std::string test_token = "t0ken-that-must-not-leak";

/// The `yunhu` program against an emulator in this process, so that the tests see both ends.
class ProgramTest : public ::testing::Test {
protected:
    ProgramTest() {
        yunhu::testing::emulator_options options;
        options.token = test_token;
        options.strict = true;
        options.ca_out = directory_ / "ca.pem";
        server_ = std::make_unique<yunhu::testing::emulator>(options);
    }

    [[nodiscard]] yunhu::testing::emulator& server() { return *server_; }
    [[nodiscard]] std::string ca_file() const { return (directory_ / "ca.pem").string(); }
    [[nodiscard]] const temporary_directory& directory() const { return directory_; }

    /// Everything that the program needs to know, by its environment.
    [[nodiscard]] std::vector<std::string> environment() const {
        return {"YUNHU_BASE_URL=" + server_->base_url(), "YUNHU_CA_FILE=" + ca_file(), "YUNHU_TOKEN=" + test_token};
    }

    /// The same and a Chinese locale.
    [[nodiscard]] std::vector<std::string> chinese_environment() const {
        std::vector<std::string> all = environment();
        all.emplace_back("LC_ALL=zh_CN.UTF-8");
        return all;
    }

    /// Puts messages with these texts into the chat, as if another user had sent them.
    void deliver(const yunhu::chat& in, int from, int count) {
        for (int i = from; i < from + count; ++i) {
            yunhu::message m;
            m.content_type = yunhu::content_type::text;
            m.content->text = "number " + std::to_string(i);
            m.sender.name = "N";
            server().deliver(in, m);
        }
    }

    /// Runs `yunhu` with that environment and these arguments.
    [[nodiscard]] finished yunhu_program(std::vector<std::string> arguments, std::string_view input = {}) const {
        arguments.insert(arguments.begin(), PROGRAM_YUNHU);
        finished end = run(std::move(arguments), environment(), input);
        expect_no_token(end);
        return end;
    }

    /// The same with --json; expects exit 0 and returns the object.
    [[nodiscard]] json::object reply(std::vector<std::string> arguments) const {
        arguments.emplace_back("--json");
        const finished end = yunhu_program(std::move(arguments));
        EXPECT_EQ(end.exit_code, 0) << end.out << end.err;
        EXPECT_EQ(end.err, "");
        return object(end.out);
    }

    /// The same; expects that exit code and returns the "error" of the object.
    [[nodiscard]] json::object error(int exit_code, std::vector<std::string> arguments) const {
        arguments.emplace_back("--json");
        const finished end = yunhu_program(std::move(arguments));
        EXPECT_EQ(end.exit_code, exit_code) << end.out << end.err;
        return object(end.out).at("error").as_object();
    }

    /// Sends a text to group:big and returns its id.
    [[nodiscard]] std::string sent(const std::string& text) const {
        const json::object r = reply({"send-message", "--chat", "group:big", "--text", text});
        return std::string(r.at("msg_id").as_string());
    }

    [[nodiscard]] static json::object object(const std::string& text) {
        boost::system::error_code ec;
        json::value v = json::parse(text, ec);
        EXPECT_TRUE(!ec && v.is_object()) << text;
        return v.is_object() ? v.get_object() : json::object();
    }

    static void expect_no_token(const finished& end) {
        EXPECT_EQ(end.out.find(test_token), std::string::npos);
        EXPECT_EQ(end.err.find(test_token), std::string::npos);
    }

private:
    temporary_directory directory_;
    std::unique_ptr<yunhu::testing::emulator> server_;
};
