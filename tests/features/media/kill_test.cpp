// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "support/process.hpp"

#include <yunhu/testing/emulator.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// Transfers whose process is killed at 20 random points, and started again each time: no byte is wrong, and at most one
// part of each connection is sent twice for each kill.
namespace yunhu::test {
namespace {

constexpr std::uint64_t mib = 1U << 20U;
constexpr std::size_t kills = 20;

class transfer_kill : public ::testing::Test {
protected:
    transfer_kill() {
        testing::emulator_options options;
        options.ca_out = folder / "ca.pem";
        server.emplace(options);
        content.resize(24 * mib + 4711);
        std::mt19937_64 random(7);
        for (std::size_t i = 0; i + 8 <= content.size(); i += 8) {
            const std::uint64_t word = random();
            std::copy_n(reinterpret_cast<const char*>(&word), 8, content.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }

    [[nodiscard]] finished child(const std::string& direction, std::uint64_t die_after, unsigned parallel) const {
        return run({PROGRAM_TRANSFER_CHILD, direction, std::to_string(server->port()), (folder / "ca.pem").string(),
                    std::string(server->options().token.reveal()), file(), std::to_string(die_after),
                    std::to_string(parallel)});
    }
    [[nodiscard]] std::string file() const { return (folder / "big.bin").string(); }

    // How often each part was received.
    [[nodiscard]] std::map<std::string, unsigned> received_parts() const {
        std::map<std::string, unsigned> parts;
        for (const testing::exchange& each : server->journal()) {
            if (each.target.starts_with("/buckets/") && each.method == "PUT") {
                ++parts[each.target];
            }
        }
        return parts;
    }

    void upload_with_kills(unsigned parallel) {
        std::ofstream(file(), std::ios::binary) << content;
        std::mt19937_64 random(parallel);
        std::uint64_t sent = 0; // at least, by the runs that were killed
        for (std::size_t k = 0; k < kills; ++k) {
            const std::uint64_t after = 1 + random() % (2 * mib);
            sent += after;
            const finished end = child("up", after, parallel);
            ASSERT_EQ(end.exit_code, 128 + SIGKILL) << k << ' ' << end.out << end.err;
        }
        const finished last = child("up", 0, parallel);
        ASSERT_EQ(last.exit_code, 0) << last.err;
        ASSERT_GT(sent, 12 * mib) << "the kills were spread over the file";
        const std::map<std::string, unsigned> parts = received_parts();
        EXPECT_EQ(parts.size(), 25U) << "one session, and each part once or again";
        std::uint64_t received = 0;
        for (const auto& [target, times] : parts) {
            received += times;
        }
        EXPECT_LE(received, 25U + kills * parallel);
        // What was sent by all runs: the content, and of each connection at most one part for each kill.
        const std::uint64_t last_sent = std::stoull(last.out) * mib;
        EXPECT_LE(sent + last_sent, content.size() + kills * parallel * mib + mib);
        EXPECT_FALSE(std::filesystem::exists(file() + ".record"));
        const std::string key = last.out.substr(last.out.find(' ') + 1, last.out.find('\n') - last.out.find(' ') - 1);
        EXPECT_TRUE(server->stored_media("chat68-file", key) == content);
    }

    temporary_directory folder;
    std::optional<testing::emulator> server;
    std::string content;
};

TEST_F(transfer_kill, an_upload_by_one_connection) {
    upload_with_kills(1);
}

TEST_F(transfer_kill, an_upload_by_three_connections) {
    upload_with_kills(3);
}

TEST_F(transfer_kill, a_download) {
    server->store_media("chat68-file", "big.bin", content, "");
    std::mt19937_64 random(11);
    std::vector<std::uint64_t> begins; // of the ranges, as they were requested
    std::uint64_t received = 0;        // at least
    for (std::size_t k = 0; k < kills; ++k) {
        const std::uint64_t after = 1 + random() % (mib / 2);
        const finished end = child("down", after, 1);
        ASSERT_EQ(end.exit_code, 128 + SIGKILL) << k << ' ' << end.out << end.err;
        ASSERT_FALSE(std::filesystem::exists(file())) << "a file that is not complete has its name";
        received += after;
    }
    const finished last = child("down", 0, 1);
    ASSERT_EQ(last.exit_code, 0) << last.err;
    EXPECT_GE(std::stoull(last.out), received) << "nothing that was there was received again";
    std::ifstream in(file(), std::ios::binary);
    EXPECT_TRUE(std::string(std::istreambuf_iterator<char>(in), {}) == content);
    for (const testing::exchange& each : server->journal()) {
        for (const auto& [name, value] : each.headers) {
            if (name == "range") {
                begins.push_back(std::stoull(value.substr(value.find('=') + 1)));
            }
        }
    }
    EXPECT_EQ(begins.size(), kills);
    EXPECT_TRUE(std::ranges::is_sorted(begins));
}

} // namespace
} // namespace yunhu::test
