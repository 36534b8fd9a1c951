// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "observability/promtool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// The example's page, checked by promtool.
namespace yunhu::test {
namespace {

using ::testing::HasSubstr;

TEST(metrics_server, serves_valid_prometheus_text) {
    const finished end = ::run({METRICS_SERVER});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(complaints(end.out), "");
    EXPECT_THAT(end.out,
                HasSubstr("yunhu_calls_total{endpoint=\"send-message\",code=\"success\",delivery=\"answered\"} "
                          "20\n"));
    EXPECT_THAT(end.out, HasSubstr("\nyunhu_connections "));
    EXPECT_THAT(end.out, HasSubstr("\nyunhu_inboxes 1\n"));
    EXPECT_THAT(end.out, HasSubstr("\nyunhu_inbox_logged_in 1\n"));
    EXPECT_THAT(end.out, HasSubstr("\nyunhu_inbox_logins_total 1\n"));
}

} // namespace
} // namespace yunhu::test
