// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "postgres_server.hpp"

#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace yunhu::test {
namespace {

std::string find_binaries() {
    const std::filesystem::path all = "/usr/lib/postgresql";
    std::string newest;
    if (std::filesystem::exists(all)) {
        for (const auto& each : std::filesystem::directory_iterator(all)) {
            const std::filesystem::path bin = each.path() / "bin";
            if (std::filesystem::exists(bin / "initdb") && bin.string() > newest) {
                newest = bin.string();
            }
        }
    }
    if (newest.empty()) {
        throw std::runtime_error("PostgreSQL's initdb is missing: apt-get install postgresql");
    }
    return newest;
}

void check(const finished& end, const char* what) {
    if (end.exit_code != 0) {
        throw std::runtime_error(std::string(what) + " failed: " + end.out + end.err);
    }
}

} // namespace

void postgres_server::own_folder() {
    if (getuid() == 0) {
        const passwd* const nobody = getpwnam("nobody"); // NOLINT(concurrency-mt-unsafe)
        if (nobody == nullptr || chown((folder_ / "").c_str(), nobody->pw_uid, nobody->pw_gid) != 0) {
            throw std::runtime_error("the server can't run as another user than root");
        }
    }
}

postgres_server::postgres_server() : binaries_(find_binaries()) {
    own_folder();
    check(as_owner({binary("initdb"), "-D", (folder_ / "data").string(), "-U", "worker", "-A", "trust", "-E", "UTF8",
                    "--no-locale", "--no-sync"}),
          "initdb");
    start();
}

postgres_server::~postgres_server() {
    as_owner({binary("pg_ctl"), "-D", (folder_ / "data").string(), "-m", "immediate", "stop"});
}

void postgres_server::start() {
    check(as_owner({binary("pg_ctl"), "-D", (folder_ / "data").string(), "-l", (folder_ / "log").string(), "-w", "-o",
                    "-k " + (folder_ / "").string() + " -c listen_addresses=", "start"}),
          "pg_ctl start");
}

// An immediate stop is as SIGKILL for the data: nothing is written, and the start recovers.
void postgres_server::crash() {
    kill();
    start();
}

void postgres_server::kill() {
    check(as_owner({binary("pg_ctl"), "-D", (folder_ / "data").string(), "-m", "immediate", "-w", "stop"}),
          "pg_ctl stop");
}

postgres_server::postgres_server(postgres_server& primary) : binaries_(primary.binaries_) {
    own_folder();
    check(as_owner({binary("pg_basebackup"), "-D", (folder_ / "data").string(), "-R", "-X", "stream", "--no-sync", "-c",
                    "fast", "-d", primary.maintenance_uri()}),
          "pg_basebackup");
    start();
    primary.wait_until("select count(*) from pg_stat_replication where state = 'streaming'", "1\n");
}

void postgres_server::wait_until(const std::string& text, const std::string& printed) {
    for (int i = 0; i < 600; ++i) {
        if (sql(maintenance_uri(), text) == printed) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    throw std::runtime_error("the servers do not get on");
}

void postgres_server::wait_for_standby() {
    sql(maintenance_uri(), "alter system set synchronous_standby_names = '*'");
    sql(maintenance_uri(), "select pg_reload_conf()");
    wait_until("select count(*) from pg_stat_replication where sync_state = 'sync'", "1\n");
}

void postgres_server::cut_off() {
    sql(maintenance_uri(), "alter system set primary_conninfo = ''");
    sql(maintenance_uri(), "select pg_reload_conf()");
    wait_until("select count(*) from pg_stat_wal_receiver", "0\n");
}

void postgres_server::promote() {
    check(as_owner({binary("pg_ctl"), "-D", (folder_ / "data").string(), "-w", "promote"}), "pg_ctl promote");
}

std::string postgres_server::uri_of(const std::string& database, const std::vector<const postgres_server*>& any) {
    std::string hosts;
    for (const postgres_server* const each : any) {
        hosts += (hosts.empty() ? "" : ",") + (each->folder_ / "").string();
    }
    return "postgres:///" + database + "?host=" + hosts + "&user=worker";
}

finished postgres_server::as_owner(std::vector<std::string> command) const {
    if (getuid() == 0) {
        command.insert(command.begin(), {"/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"});
    }
    return run(command);
}

std::string postgres_server::new_database() {
    const std::string name = "outbox" + std::to_string(++databases_);
    sql(maintenance_uri(), "create database " + name);
    return uri_of(name, {this});
}

std::string postgres_server::sql(const std::string& uri, const std::string& text) {
    const finished end = as_owner({binary("psql"), "-X", "-A", "-t", "-q", "-d", uri, "-c", text});
    check(end, "psql");
    return end.out;
}

} // namespace yunhu::test
