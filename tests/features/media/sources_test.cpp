// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/media/fixture.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

namespace yunhu::test {
namespace {

constexpr std::size_t mib = 1U << 20U;

// Gives bytes in pieces of that size, each after a turn of the executor.
asio::awaitable<std::size_t> give(std::shared_ptr<std::string> left, std::size_t piece, std::span<char> into) {
    asio::steady_timer turn(co_await asio::this_coro::executor);
    turn.expires_after(std::chrono::nanoseconds(0));
    co_await turn.async_wait(asio::use_awaitable);
    const std::size_t size = std::min({piece, left->size(), into.size()});
    std::copy_n(left->begin(), size, into.begin());
    left->erase(0, size);
    co_return size;
}

class source_test : public transfer_fixture {
protected:
    static upload_source source_of(std::string bytes, std::size_t piece, std::string name) {
        const auto left = std::make_shared<std::string>(std::move(bytes));
        return upload_source([left, piece](std::span<char> into) { return give(left, piece, into); }, std::move(name));
    }
    result<uploaded_file> upload_from(upload_source what, upload_options options = {}) {
        options.pause = std::chrono::milliseconds(1);
        options.spool_folder = folder;
        result<uploaded_file> end = failure();
        asio::io_context context;
        client through(context, config);
        run(context, [&]() -> asio::awaitable<void> {
            end = co_await upload(through, std::move(what), std::move(options), as_result);
        });
        EXPECT_EQ(files(), 0U); // the bytes were in a file without a name
        return end;
    }
};

TEST_F(source_test, a_form_from_pieces) {
    const auto done = upload_from(source_of("The quick brown fox jumps over the lazy dog", 7, "a.txt"));
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(done->key, "disk/9e107d9d372bb6826bd81d3542a419d6.txt");
    EXPECT_EQ(done->file_name, "a.txt");
    EXPECT_EQ(server.stored_media("chat68-file", done->key), "The quick brown fox jumps over the lazy dog");
}

TEST_F(source_test, parts_and_the_kind_of_the_content) {
    const std::string content =
        std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02", 24) + bytes_of_size(3 * mib);
    upload_options options;
    options.form_limit = mib;
    options.part_size = mib;
    const auto done = upload_from(source_of(content, 100'000, ""), options);
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(done->kind, upload_kind::image);
    EXPECT_EQ(done->width, 3U);
    EXPECT_EQ(done->parts_sent, 4U);
    EXPECT_TRUE(server.stored_media("chat68", done->key) == content);
}

TEST_F(source_test, nothing_at_all) {
    const auto done = upload_from(source_of("", 1, "a.txt"));
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(done->size, 0U);
}

TEST_F(source_test, what_is_refused_before_a_byte_leaves) {
    EXPECT_EQ(upload_from(upload_source()).error().detail, "the source has no reader");
    upload_options resumable;
    resumable.resume_file = folder / "record";
    EXPECT_EQ(upload_from(source_of("x", 1, "a"), resumable).error().code, errc::invalid_request);
    upload_source liar([](std::span<char> into) -> asio::awaitable<std::size_t> { co_return into.size() + 1; }, "a");
    EXPECT_EQ(upload_from(std::move(liar)).error().code, errc::invalid_request);
    upload_source broken(
        [](std::span<char>) -> asio::awaitable<std::size_t> {
            throw boost::system::system_error(asio::error::connection_reset);
            co_return 0;
        },
        "a");
    const auto failed = upload_from(std::move(broken));
    EXPECT_EQ(failed.error().code, errc::invalid_request);
    EXPECT_EQ(failed.error().cause, asio::error::connection_reset);
    EXPECT_EQ(server.requests(), 0U);
}

class limits_test : public transfer_fixture {
protected:
    limits_test() {
        fail_once("/v1/misc/setting", 200,
                  R"({"code":1,"msg":"success","data":{"fileSizeLimitNormal":1,"fileeSizeLimitVip":2}})", 0);
    }
    void account_is(bool vip) {
        const std::string status("\x0a\x0d\x08\x01\x10\x01\x1a\x07success", 15);
        fail_once("/v1/user/info", 200, status + std::string(vip ? "\x12\x02\x48\x01" : "\x12\x02\x48\x00", 4), 0);
    }
};

TEST_F(limits_test, between_the_two_the_account_decides) {
    const auto file = write("a.bin", std::string(mib + 1, 'x'));
    account_is(true);
    const auto vip = upload_file(file);
    ASSERT_TRUE(vip) << vip.error();
    server.clear_faults();
    fail_once("/v1/misc/setting", 200,
              R"({"code":1,"msg":"success","data":{"fileSizeLimitNormal":1,"fileeSizeLimitVip":2}})", 0);
    account_is(false);
    server.clear_journal();
    const auto refused = upload_file(file);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid_request);
    EXPECT_EQ(refused.error().detail, "the file is larger than the service allows: 1048577 > 1048576 bytes");
    EXPECT_TRUE(hosts_of("/").empty());
}

TEST_F(limits_test, the_account_is_asked_about_only_then) {
    EXPECT_TRUE(upload_file(write("a.bin", std::string(mib, 'x'))));
    EXPECT_FALSE(upload_file(write("b.bin", std::string(2 * mib + 1, 'x'))));
    EXPECT_TRUE(hosts_of("/v1/user/info").empty());
}

} // namespace
} // namespace yunhu::test
