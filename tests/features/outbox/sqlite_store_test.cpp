// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "lease_conformance.hpp"
#include "process.hpp"
#include "store_conformance.hpp"

#include <yunhu/sqlite_outbox.hpp>

#include <sys/stat.h>

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

} // namespace
} // namespace yunhu::test
