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

/// One request and its response, on a connection of the server.
class exchange {
public:
    exchange(application& app, test::fault_connection& on, std::mt19937_64& random)
        : session(on), application_(app), random_(random) {}

    /// Reads the request, which counts as received from then on.
    void read();
    /// Reads the request and returns the bytes of its successful response.
    [[nodiscard]] std::string read_for_response();
    void response();

    // Ends of a connection
    /// Closes or resets the connection, at random, and reads until its end.
    void end();
    /// Waits until the client closes the connection.
    [[noreturn]] void stall();
    /// Reads until the client closes the connection.
    void read_until_end();

    /// A random number in [low, high].
    [[nodiscard]] std::size_t number(std::size_t low, std::size_t high);
    [[nodiscard]] bool happens(double share);

    test::fault_connection& session;

private:
    application& application_;
    std::mt19937_64& random_;
};

} // namespace yunhu::soak
