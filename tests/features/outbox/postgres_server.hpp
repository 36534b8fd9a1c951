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
    /// Kills all its processes.
    void kill();

    /// A standby of another server, as `pg_basebackup` makes it, which streams from it.
    explicit postgres_server(postgres_server& primary);
    /// Commits of this server wait for its standby from now on.
    void wait_for_standby();
    /// The standby gets nothing more from its primary. Returns when its connection has ended.
    void cut_off();
    /// The standby becomes a server of its own.
    void promote();
    /// Asks again until SQL in the database `postgres` prints that text.
    void wait_until(const std::string& text, const std::string& printed);
    /// The URI of a database that several servers may have: whichever can be written to is used.
    [[nodiscard]] static std::string uri_of(const std::string& database,
                                            const std::vector<const postgres_server*>& any);

private:
    void own_folder();
    void start();
    [[nodiscard]] std::string maintenance_uri() const { return uri_of("postgres", {this}); }
    finished as_owner(std::vector<std::string> command) const;
    [[nodiscard]] std::string binary(const std::string& name) const { return binaries_ + "/" + name; }

    temporary_directory folder_;
    std::string binaries_;
    std::size_t databases_ = 0;
};

} // namespace yunhu::test
