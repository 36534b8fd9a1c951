// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "runtime/support.hpp"
#include "support/process.hpp"

#include <yunhu/broadcast.hpp>
#include <yunhu/testing/emulator.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace yunhu::test {

inline std::vector<chat> chats(std::size_t count) {
    std::vector<chat> all;
    for (std::size_t i = 0; i < count; ++i) {
        all.push_back(group("g" + std::to_string(i)));
    }
    return all;
}

/// A fault of the `nth` send-message; 0: of each one.
inline testing::fault of_sends(testing::fault::action what, std::uint64_t nth = 0) {
    testing::fault f;
    f.endpoint = "send-message";
    f.what = what;
    f.nth = nth;
    return f;
}

/// Every send-message gets that response.
inline testing::fault sends_get(int status, std::string body = {}, const std::string& type = "application/json") {
    testing::fault f = of_sends(testing::fault::action::response);
    f.status = status;
    f.headers = {{"content-type", type}};
    f.body = std::move(body);
    return f;
}

/// A completed broadcast with its outcomes.
struct ended_broadcast {
    ended_broadcast() = default;

    std::optional<broadcast_summary> summary;
    std::optional<failure> refused;
    std::vector<broadcast_outcome> outcomes;

    [[nodiscard]] std::size_t count(broadcast_state state) const {
        std::size_t n = 0;
        for (const broadcast_outcome& o : outcomes) {
            n += o.state == state ? 1 : 0;
        }
        return n;
    }
};

/// Runs a broadcast to its completion.
inline ended_broadcast run_broadcast(asio::io_context& context, const client& bot, const draft& what,
                                     broadcast_targets to, broadcast_options options = {}) {
    ended_broadcast all;
    const auto also = options.on_outcome;
    options.on_outcome = [&all, also](const broadcast_outcome& o) {
        all.outcomes.push_back(o);
        if (also) {
            also(o);
        }
    };
    bool done = false;
    broadcast(bot, what, std::move(to), std::move(options), [&](error_code ec, broadcast_summary summary) {
        done = true;
        if (ec) {
            all.refused = failure(ec, std::move(summary));
        } else {
            all.summary = std::move(summary);
        }
    });
    if (!drive(context, [&] { return done; })) {
        throw std::runtime_error("the broadcast did not end");
    }
    return all;
}

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

} // namespace yunhu::test
