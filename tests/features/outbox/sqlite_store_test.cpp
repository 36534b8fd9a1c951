// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "lease_conformance.hpp"
#include "process.hpp"
#include "store_conformance.hpp"

#include <yunhu/sqlite_outbox.hpp>

#include <sqlite3.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>

namespace yunhu::test {
namespace {

class sqlite_place final : public store_place {
public:
    std::shared_ptr<outbox_store> open(boost::asio::io_context& /*io*/) override {
        sqlite_outbox_options o(folder_ / "outbox.db");
        o.durability = outbox_durability::process_crash;
        return std::make_shared<sqlite_outbox_store>(o);
    }

private:
    temporary_directory folder_;
};

std::unique_ptr<store_place> make_sqlite_place() {
    return std::make_unique<sqlite_place>();
}

INSTANTIATE_TEST_SUITE_P(sqlite, store_conformance, ::testing::Values(&make_sqlite_place));
INSTANTIATE_TEST_SUITE_P(sqlite, lease_conformance, ::testing::Values(&make_sqlite_place));

TEST(sqlite_store, the_file_is_its_owners_only) {
    temporary_directory folder;
    boost::asio::io_context io;
    const auto file = folder / "outbox.db";
    sqlite_outbox_store store{sqlite_outbox_options(file)};
    ASSERT_TRUE(run_operation(io, store.prepare()).has_value());
    for (const auto& name : {file.string(), file.string() + "-wal"}) {
        struct stat s {};
        ASSERT_EQ(stat(name.c_str(), &s), 0) << name;
        EXPECT_EQ(s.st_mode & 0777U, 0600U) << name;
    }
}

TEST(sqlite_store, a_file_of_others_is_refused_and_left_alone) {
    temporary_directory folder;
    boost::asio::io_context io;
    const auto file = folder / "notes.txt";
    const std::string text(5000, 'x');
    std::ofstream(file) << text;
    sqlite_outbox_store store{sqlite_outbox_options(file)};
    EXPECT_TRUE(run_operation(io, store.prepare()).has_error());
    EXPECT_TRUE(run_operation(io, store.counts()).has_error());
    std::ifstream in(file);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), text);
    sqlite_outbox_store nowhere{sqlite_outbox_options(folder / "missing" / "outbox.db")};
    const auto r = run_operation(io, nowhere.prepare());
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().code, errc::invalid_request);
}

// A file of the first version has no leases.
TEST(sqlite_store, a_file_of_an_earlier_version_is_brought_up_to_date_and_keeps_its_messages) {
    temporary_directory folder;
    boost::asio::io_context io;
    const auto file = folder / "outbox.db";
    {
        sqlite_outbox_store store{sqlite_outbox_options(file)};
        ASSERT_TRUE(run_operation(io, store.prepare()).has_value());
        ASSERT_TRUE(run_operation(io, store.enqueue({item_of("a")})).has_value());
    }
    const auto change = [&file](const char* sql) {
        sqlite3* db = nullptr;
        ASSERT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(db);
    };
    change("drop table yunhu_lease; drop table yunhu_worker; drop table yunhu_position; drop table yunhu_cursor;"
           " update yunhu_version set version = 1");
    sqlite_outbox_store store{sqlite_outbox_options(file)};
    const auto refused = run_operation(io, store.counts());
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().detail, "outbox: the store is of another version");
    ASSERT_TRUE(run_operation(io, store.prepare()).has_value());
    EXPECT_EQ(run_operation(io, store.counts())->queued, 1U);
    EXPECT_EQ(run_operation(io, store.look("w", {"account"}, std::chrono::seconds(1)))->rows.size(), 1U);
    change("update yunhu_version set version = 3");
    sqlite_outbox_store older{sqlite_outbox_options(file)};
    EXPECT_TRUE(run_operation(io, older.prepare()).has_error()) << "of a later version: left alone";
}

} // namespace
} // namespace yunhu::test
