// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "record.hpp"

#include <yunhu/testing/emulator.hpp>

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace yunhu::inbox_soak {

/// People who talk, edit and recall at random.
class talk {
public:
    talk(testing::emulator& in, record& what, std::size_t chats, std::uint64_t seed)
        : server_(in), record_(what), chats_(chats), random_(seed) {}

    void act();

private:
    [[nodiscard]] std::size_t number(std::size_t below) {
        return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
    }
    [[nodiscard]] std::string any_message() { return recent_[number(recent_.size())]; }
    void say();
    void edit();
    void recall();

    testing::emulator& server_;
    record& record_;
    std::size_t chats_;
    std::mt19937_64 random_;
    std::vector<std::string> recent_; ///< ids that may be changed
    std::size_t next_recent_ = 0;
};

/// Faults of the gateway and of the requests, each with that probability.
void inject_faults(testing::emulator& into, double probability);

} // namespace yunhu::inbox_soak
