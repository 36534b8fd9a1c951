// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/testing/emulator.hpp>

#include <string>
#include <string_view>

namespace emulator_cli {

/// Performs lines of a terminal or a script: messages, and commands that begin with a slash.
class console {
public:
    explicit console(yunhu::testing::emulator& server) : server_(server) {}

    /// Returns the text to be shown; empty: none. Throws `std::invalid_argument` for a line that it does not
    /// understand.
    std::string perform(std::string_view line);
    /// Whether "/quit" was performed.
    [[nodiscard]] bool ended() const { return ended_; }

    [[nodiscard]] static std::string_view help();

private:
    std::string command(std::string_view name, std::string_view rest);
    std::string say(std::string_view line);
    [[nodiscard]] yunhu::chat chat_of(std::string_view given) const;
    [[nodiscard]] std::string id_of(std::string_view user) const;
    [[nodiscard]] std::string message_id(std::string_view given) const;

    yunhu::testing::emulator& server_;
    std::string last_id_; // of the last message
    bool ended_ = false;
};

} // namespace emulator_cli
