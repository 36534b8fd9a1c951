// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "application.hpp"
#include "fault_connection.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace yunhu::soak {

/// One request and its answer, on a connection of the server.
class exchange {
public:
    exchange(application& seen_by, test::fault_connection& on, std::mt19937_64& random)
        : session(on), application_(seen_by), random_(random) {}

    /// Reads the request: the application has seen the call then.
    void read();
    /// Reads it, and gives the bytes of its good answer.
    [[nodiscard]] std::string read_for_response();
    void response();

    // Ends of a connection
    /// Ends it in a random way, and sees what still comes.
    void end();
    /// Waits for the client to have enough of it.
    [[noreturn]] void stall();
    /// Sees what the client still sends.
    void see_the_rest();

    /// A number in [low, high].
    [[nodiscard]] std::size_t number(std::size_t low, std::size_t high);
    [[nodiscard]] bool happens(double share);

    test::fault_connection& session;

private:
    application& application_;
    std::mt19937_64& random_;
};

} // namespace yunhu::soak
