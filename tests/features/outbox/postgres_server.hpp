// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "process.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace yunhu::test {

/// A PostgreSQL server in a temporary folder, which it and this process reach by a local socket; as root it runs as
/// `nobody`. Debian's binaries, no system cluster. Throws `std::runtime_error` where it can't be had.
class postgres_server {
public:
    postgres_server();
    postgres_server(const postgres_server&) = delete;
    postgres_server& operator=(const postgres_server&) = delete;
    ~postgres_server();

    /// The URI of a new, empty database.
    [[nodiscard]] std::string new_database();
    /// Runs SQL in that database; returns what psql prints.
    std::string sql(const std::string& uri, const std::string& text);
    /// Kills all its processes, and starts it again.
    void crash();

private:
    void start();
    finished as_owner(std::vector<std::string> command) const;
    [[nodiscard]] std::string binary(const std::string& name) const { return binaries_ + "/" + name; }

    temporary_directory folder_;
    std::string binaries_;
    std::size_t databases_ = 0;
};

} // namespace yunhu::test
