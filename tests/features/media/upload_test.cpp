// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/media/fixture.hpp"

#include <yunhu/error.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <mutex>
#include <optional>
#include <vector>

namespace yunhu::test {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view fox = "The quick brown fox jumps over the lazy dog";
constexpr std::size_t mib = 1U << 20U;
const std::string png = std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02", 24) + "picture";

class upload_test : public transfer_fixture {};

TEST_F(upload_test, a_small_file_as_a_form) {
    const auto done = upload_file(write("a.txt", fox));
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(done->kind, upload_kind::file);
    EXPECT_EQ(done->key, "disk/9e107d9d372bb6826bd81d3542a419d6.txt");
    EXPECT_EQ(done->hash, "Fi_U4cZ6LSj87YSe4bt25zkbk-sS");
    EXPECT_EQ(done->size, 43U);
    EXPECT_EQ(done->file_name, "a.txt");
    EXPECT_EQ(done->content_type, "text/plain");
    EXPECT_EQ(server.stored_media("chat68-file", done->key), fox);
    EXPECT_EQ(done->parts_sent, 0U);
}

TEST_F(upload_test, the_kind_is_that_of_the_content) {
    const auto done = upload_file(write("picture.dat", png));
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(done->kind, upload_kind::image);
    EXPECT_EQ(done->key, done->md5 + ".png");
    EXPECT_EQ(done->width, 3U);
    EXPECT_EQ(done->height, 2U);
    EXPECT_EQ(server.stored_media("chat68", done->key), png);
    const draft message = image(*done);
    EXPECT_EQ(message.content->image, done->key);
    EXPECT_EQ(message.media->file_hash, done->hash);
    EXPECT_EQ(message.media->file_key2, done->key);
    EXPECT_EQ(message.media->file_suffix, "png");
}

TEST_F(upload_test, an_empty_file) {
    const auto done = upload_file(write("a.txt", ""));
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(done->hash, "Fto5o-5ea0sNMlW_75VgGJCv2AcJ");
    EXPECT_EQ(server.stored_media("chat68-file", done->key), "");
}

TEST_F(upload_test, the_token_is_requested_once) {
    asio::io_context context;
    client through(context, config);
    const auto first = write("a.txt", "1");
    const auto second = write("b.txt", "2");
    run(context, [&]() -> asio::awaitable<void> {
        co_await upload(through, first);
        co_await upload(through, second);
    });
    EXPECT_EQ(hosts_of("/v1/misc/qiniu-token2").size(), 1U);
    EXPECT_EQ(hosts_of("/v4/query*").size(), 1U);
}

TEST_F(upload_test, the_right_region_is_followed_and_remembered) {
    server.set_upload_host("chat68-file", "up-cn-east-2.qiniup.com");
    asio::io_context context;
    client through(context, config);
    const auto first = write("a.txt", "1");
    const auto second = write("b.txt", "2");
    run(context, [&]() -> asio::awaitable<void> {
        co_await upload(through, first);
        co_await upload(through, second);
    });
    EXPECT_THAT(hosts_of("/"),
                ElementsAre("upload-z2.qiniup.com", "up-cn-east-2.qiniup.com", "up-cn-east-2.qiniup.com"));
}

TEST_F(upload_test, a_forged_region_is_not_followed) {
    fail_once("/", 400, R"({"error":"incorrect region, please use evil.example"})");
    const auto done = upload_file(write("a.txt", fox));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, errc::refused);
    EXPECT_THAT(hosts_of("/"), ElementsAre("upload-z2.qiniup.com"));
}

TEST_F(upload_test, a_failing_host_is_left_for_the_next_one) {
    fail_once("/", 503, "");
    const auto done = upload_file(write("a.txt", fox));
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(done->attempts, 2U);
    EXPECT_THAT(hosts_of("/"), ElementsAre("upload-z2.qiniup.com", "up-z2.qiniup.com"));
}

TEST_F(upload_test, without_an_answer_about_hosts_the_fallback_is_used) {
    fail_once("/v4/query", 404, "nothing");
    const auto done = upload_file(write("a.txt", fox));
    ASSERT_TRUE(done) << done.error();
    EXPECT_THAT(hosts_of("/"), ElementsAre("upload-z2.qiniup.com"));
}

TEST_F(upload_test, a_lost_response_is_repeated) {
    for (const auto how : {testing::fault::action::close_after, testing::fault::action::close_in_response,
                           testing::fault::action::reset, testing::fault::action::close_before}) {
        server.clear_faults();
        break_off("/", how);
        const auto done = upload_file(write("a.txt", fox));
        ASSERT_TRUE(done) << done.error();
        EXPECT_EQ(done->attempts, 2U);
    }
}

TEST_F(upload_test, an_expired_token_is_renewed_once) {
    fail_once("/", 401, R"({"error":"expired token"})");
    const auto done = upload_file(write("a.txt", fox));
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(hosts_of("/v1/misc/qiniu-token2").size(), 2U);

    server.clear_faults();
    fail_once("/", 401, R"({"error":"bad token"})", 0);
    const auto failed = upload_file(write("b.txt", "b"));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, errc::not_authenticated);
    EXPECT_EQ(failed.error().api_msg, "bad token");
}

TEST_F(upload_test, what_the_caller_sees_of_a_refusal) {
    struct row {
        int status;
        const char* body;
        errc code;
    };
    for (const row& each :
         {row{403, R"({"error":"no"})", errc::refused}, row{413, "{}", errc::refused}, row{631, "{}", errc::refused},
          row{501, "{}", errc::refused}, row{200, "<html>", errc::bad_response}, row{200, "", errc::bad_response},
          row{200, "{}", errc::bad_response}, row{503, "", errc::server_error}, row{573, "{}", errc::throttled}}) {
        server.clear_faults();
        fail_once("/", each.status, each.body, 0);
        const auto done = upload_file(write("a.txt", fox));
        ASSERT_FALSE(done) << each.status;
        EXPECT_EQ(done.error().code, each.code) << each.status << ' ' << done.error();
        EXPECT_EQ(done.error().http_status, each.status);
    }
}

TEST_F(upload_test, what_counts_as_success) {
    fail_once("/", 614, R"({"error":"file exists"})");
    EXPECT_TRUE(upload_file(write("a.txt", "1")));
    server.clear_faults();
    fail_once("/", 579, "{}");
    EXPECT_TRUE(upload_file(write("b.txt", "2")));
}

TEST_F(upload_test, another_content_in_the_storage_is_an_error) {
    fail_once("/", 200, R"({"key":"k","hash":"Fto5o-5ea0sNMlW_75VgGJCv2AcJ"})");
    const auto done = upload_file(write("a.txt", fox));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, errc::bad_response);
}

TEST_F(upload_test, too_large_files_are_refused_before_a_byte_leaves) {
    fail_once("/v1/misc/setting", 200,
              R"({"code":1,"msg":"success","data":{"fileSizeLimitNormal":1,"fileeSizeLimitVip":1}})", 0);
    const auto file = write("a.txt", std::string(mib + 1, 'x'));
    const auto refused = upload_file(file);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid_request);
    EXPECT_TRUE(hosts_of("/").empty());
    upload_options unchecked;
    unchecked.check_limits = false;
    EXPECT_TRUE(upload_file(file, unchecked));
}

TEST_F(upload_test, a_file_that_is_not_there) {
    const auto done = upload_file(folder / "nothing");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, errc::invalid_request);
    EXPECT_EQ(upload_file(folder).error().code, errc::invalid_request);
}

TEST_F(upload_test, what_is_there_is_not_sent_again) {
    const auto file = write("a.txt", fox);
    ASSERT_TRUE(upload_file(file));
    server.clear_journal();
    upload_options options;
    options.skip_existing = true;
    const auto again = upload_file(file, options);
    ASSERT_TRUE(again) << again.error();
    EXPECT_TRUE(again->was_there);
    EXPECT_TRUE(hosts_of("/").empty());
    EXPECT_FALSE(upload_file(write("b.txt", "new"), options)->was_there);
}

class parts_test : public upload_test {
protected:
    parts_test() {
        options.part_size = mib;
        options.form_limit = mib;
        options.resume_file = folder / "record";
        content = bytes_of_size(5 * mib + 17);
        file = write("a.bin", content);
    }
    void expect_stored(const result<uploaded_file>& done) {
        ASSERT_TRUE(done) << done.error();
        EXPECT_EQ(server.stored_media("chat68-file", done->key), content);
        EXPECT_FALSE(std::filesystem::exists(options.resume_file));
    }

    upload_options options;
    std::string content;
    std::filesystem::path file;
};

TEST_F(parts_test, a_large_file) {
    std::uint64_t last = 0;
    std::mutex mutex;
    options.progress = [&](const transfer_progress& p) {
        const std::lock_guard lock(mutex);
        last = std::max(last, p.done);
        EXPECT_EQ(p.total, content.size());
    };
    const auto done = upload_file(file, options);
    expect_stored(done);
    EXPECT_EQ(done->parts_sent, 6U);
    EXPECT_EQ(last, content.size());
}

TEST_F(parts_test, one_after_the_other) {
    options.parallel_parts = 1;
    expect_stored(upload_file(file, options));
}

TEST_F(parts_test, broken_parts_are_repeated) {
    break_off("/buckets/*", testing::fault::action::close_after, 3);
    fail_once("/buckets/*", 503, "", 5);
    break_off("/buckets/*", testing::fault::action::close_in_response, 6);
    expect_stored(upload_file(file, options));
}

TEST_F(parts_test, an_interrupted_upload_goes_on) {
    options.parallel_parts = 1;
    options.max_attempts = 1;
    fail_once("/buckets/*", 403, R"({"error":"stop"})", 5); // begin, three parts, then this one
    const auto failed = upload_file(file, options);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, errc::refused);
    ASSERT_TRUE(std::filesystem::exists(options.resume_file));
    server.clear_faults();
    const auto done = upload_file(file, options);
    expect_stored(done);
    EXPECT_EQ(done->parts_sent, 3U); // of 6
}

TEST_F(parts_test, a_changed_file_begins_anew) {
    options.parallel_parts = 1;
    options.max_attempts = 1;
    fail_once("/buckets/*", 403, "{}", 5);
    ASSERT_FALSE(upload_file(file, options));
    server.clear_faults();
    content[0] = static_cast<char>(content[0] + 1);
    write("a.bin", content);
    const auto done = upload_file(file, options);
    expect_stored(done);
    EXPECT_EQ(done->parts_sent, 6U);
}

TEST_F(parts_test, a_session_that_the_storage_has_forgotten_begins_anew) {
    options.parallel_parts = 1;
    options.max_attempts = 1;
    fail_once("/buckets/*", 403, "{}", 5);
    ASSERT_FALSE(upload_file(file, options));
    server.clear_faults();
    server.forget_uploads();
    const auto done = upload_file(file, options);
    expect_stored(done);
}

TEST_F(parts_test, a_broken_record_is_ignored) {
    write("record", "{\"yunhu_upload\":1,");
    expect_stored(upload_file(file, options));
}

TEST_F(parts_test, other_bytes_in_the_storage_are_sent_again) {
    fail_once("/buckets/*", 200, R"({"etag":"e","md5":"00000000000000000000000000000000"})", 2);
    expect_stored(upload_file(file, options));
}

TEST_F(parts_test, cancelled) {
    testing::fault f;
    f.endpoint = "/buckets/*";
    f.nth = 3;
    f.what = testing::fault::action::stall;
    server.inject(f);
    asio::io_context context;
    client through(context, config);
    asio::cancellation_signal cancel;
    std::optional<error_code> ended;
    upload(through, file, options,
           asio::bind_cancellation_slot(cancel.slot(), [&](error_code ec, const uploaded_file&) { ended = ec; }));
    ASSERT_TRUE(drive(context, [&] { return server.requests() >= 6; }));
    cancel.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(drive(context, [&] { return ended.has_value(); }));
    EXPECT_EQ(*ended, asio::error::operation_aborted);
}

} // namespace
} // namespace yunhu::test
