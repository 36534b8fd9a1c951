// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "runtime/support.hpp"

#include <yunhu/download.hpp>
#include <yunhu/upload.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace yunhu::test {

/// An emulator, a client that reaches every host through it, and an empty folder.
class transfer_fixture : public ::testing::Test {
protected:
    transfer_fixture() {
        std::string pattern = (std::filesystem::temp_directory_path() / "yunhu-media-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        config = config_for(server);
        config.connect_to = server.connect_to();
    }
    ~transfer_fixture() override {
        // Whatever a test has done: no foreign host has seen the token.
        for (const testing::exchange& each : server.journal()) {
            std::string host;
            bool token = false;
            for (const auto& [name, value] : each.headers) {
                host = name == "host" || name == "Host" ? value : host;
                token = token || name == "token" || name == "Token";
            }
            EXPECT_TRUE(!token || host.starts_with("127.0.0.1")) << host << each.target;
        }
        std::filesystem::remove_all(folder);
    }

    std::filesystem::path write(const std::string& name, std::string_view bytes) const {
        std::filesystem::path path = folder / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    static std::string read(const std::filesystem::path& path) {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    }
    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
    }

    result<uploaded_file> upload_file(std::filesystem::path file, upload_options options = {}) {
        options.pause = std::chrono::milliseconds(1);
        result<uploaded_file> end = failure();
        asio::io_context context;
        client through(context, config);
        run(context, [&]() -> asio::awaitable<void> {
            end = co_await upload(through, std::move(file), std::move(options), as_result);
        });
        return end;
    }
    result<downloaded_file> download_file(media_source what, std::filesystem::path to, download_options options = {}) {
        options.pause = std::chrono::milliseconds(1);
        result<downloaded_file> end = failure();
        asio::io_context context;
        client through(context, config);
        run(context, [&]() -> asio::awaitable<void> {
            end = co_await download(through, std::move(what), std::move(to), std::move(options), as_result);
        });
        return end;
    }
    void fail_once(const std::string& path, int status, std::string body, std::uint64_t nth = 1) {
        testing::fault f;
        f.endpoint = path;
        f.nth = nth;
        f.status = status;
        f.body = std::move(body);
        server.inject(f);
    }
    void break_off(const std::string& path, testing::fault::action how, std::uint64_t nth = 1) {
        testing::fault f;
        f.endpoint = path;
        f.nth = nth;
        f.what = how;
        server.inject(f);
    }
    [[nodiscard]] std::vector<std::string> hosts_of(std::string_view target) const {
        std::vector<std::string> all;
        for (const testing::exchange& each : server.journal()) {
            if (each.target == target ||
                (target.ends_with('*') && each.target.starts_with(target.substr(0, target.size() - 1)))) {
                for (const auto& [name, value] : each.headers) {
                    if (name == "host" || name == "Host") {
                        all.push_back(value);
                    }
                }
            }
        }
        return all;
    }

    testing::emulator server;
    client_config config;
    std::filesystem::path folder;
};

/// Bytes that are the same in every run, and different in every block.
inline std::string bytes_of_size(std::size_t size) {
    std::string bytes(size, '\0');
    std::uint64_t state = 88172645463325252ULL;
    for (char& c : bytes) {
        state ^= state << 13U;
        state ^= state >> 7U;
        state ^= state << 17U;
        c = static_cast<char>(state);
    }
    return bytes;
}

} // namespace yunhu::test
