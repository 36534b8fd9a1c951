// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/member_pages.hpp"
#include "support.hpp"

#include <yunhu/members.hpp>

#include <string>
#include <utility>
#include <vector>

namespace yunhu::test {
namespace {

std::vector<group_member> page_of(const std::vector<std::string>& ids) {
    std::vector<group_member> made;
    for (const std::string& id : ids) {
        made.emplace_back().user.user_id = id;
    }
    return made;
}

TEST(member_pages, a_short_page_ends_the_list) {
    engine::member_pages pages(2);
    EXPECT_EQ(pages.on_page(page_of({"1", "2"}), 0, 0).size(), 2U);
    EXPECT_EQ(pages.page(), 2U);
    EXPECT_EQ(pages.on_page(page_of({"2", "3"}), 0, 0).size(), 1U) << "2 moved to this page";
    EXPECT_FALSE(pages.ended());
    EXPECT_EQ(pages.on_page(page_of({"4"}), 0, 0).size(), 1U);
    EXPECT_TRUE(pages.ended());
    EXPECT_EQ(pages.take_incomplete(), nullptr);
}

TEST(member_pages, a_short_page_does_not_end_it_when_the_server_counts_more) {
    engine::member_pages pages(100);
    EXPECT_EQ(pages.on_page(page_of({"1", "2"}), 0, 3).size(), 2U);
    EXPECT_FALSE(pages.ended());
    EXPECT_EQ(pages.on_page(page_of({"3"}), 0, 3).size(), 1U);
    EXPECT_TRUE(pages.ended());
    EXPECT_EQ(pages.take_incomplete(), nullptr);
}

TEST(member_pages, an_empty_page_before_the_count_is_incomplete) {
    engine::member_pages pages(2);
    EXPECT_EQ(pages.on_page(page_of({"1", "2"}), 0, 3).size(), 2U);
    EXPECT_TRUE(pages.on_page({}, 0, 3).empty());
    EXPECT_TRUE(pages.ended());
    EXPECT_STREQ(pages.take_incomplete(), "fewer members were listed than the server counts");
    EXPECT_EQ(pages.take_incomplete(), nullptr) << "once";
}

TEST(member_pages, unreadable_members_are_named) {
    engine::member_pages pages(2);
    EXPECT_EQ(pages.on_page(page_of({"1"}), 1, 2).size(), 1U);
    EXPECT_TRUE(pages.ended());
    EXPECT_STREQ(pages.take_incomplete(), "members were left out");
}

TEST(member_pages, pages_that_repeat_end) {
    engine::member_pages pages(1);
    for (int i = 0; i < 100 && !pages.ended(); ++i) {
        static_cast<void>(pages.on_page(page_of({"1"}), 0, 0));
    }
    EXPECT_TRUE(pages.ended());
    EXPECT_STREQ(pages.take_incomplete(), "the pages of members do not end");
}

class MembersTest : public LookupsTest {
protected:
    std::vector<std::string> all(members from) {
        std::vector<std::string> names;
        run(context_, [&]() -> asio::awaitable<void> {
            while (auto m = co_await from.next()) {
                names.push_back(m->user.name);
            }
        });
        return names;
    }
};

TEST_F(MembersTest, OfAllPages) {
    for (const std::uint32_t size : {1U, 2U, 3U, 50U}) {
        member_options options;
        options.page_size = size;
        EXPECT_EQ(all(members(ada_, "big", options)), (std::vector<std::string>{"Ada", "Ben", "Cy"})) << size;
    }
}

TEST_F(MembersTest, BySearch) {
    member_options options;
    options.keywords = "C";
    EXPECT_EQ(all(members(ada_, "big", options)), std::vector<std::string>{"Cy"});
}

TEST_F(MembersTest, WithATag) {
    ASSERT_TRUE(ask(ada_, endpoints::group_tag_create, {"big", "T"}));
    const std::int64_t id = ask(ada_, endpoints::group_tag_list, {"big"})->tags.at(0).id;
    ASSERT_TRUE(ask(ada_, endpoints::group_tag_relate, {"3", id}));
    ASSERT_TRUE(ask(ada_, endpoints::group_tag_relate, {"2", id}));
    member_options options;
    options.page_size = 1;
    EXPECT_EQ(all(tag_members(ada_, "big", id, options)), (std::vector<std::string>{"Ben", "Cy"}));
}

TEST_F(MembersTest, AnErrorKeepsThePosition) {
    member_options options;
    options.page_size = 1;
    members from(ada_, "big", options);
    testing::fault refused(endpoints::list_member);
    refused.nth = 2;
    refused.status = 400;
    server_.inject(refused);
    run(context_, [&]() -> asio::awaitable<void> {
        const auto first = co_await from.next();
        EXPECT_EQ(first->user.name, "Ada");
        const auto failed = co_await from.next(as_result);
        EXPECT_TRUE(failed.has_error());
        const auto second = co_await from.next();
        EXPECT_EQ(second->user.name, "Ben");
    });
}

TEST_F(MembersTest, AnInvalidPageSize) {
    member_options options;
    options.page_size = 0;
    members from(ada_, "big", options);
    run(context_, [&]() -> asio::awaitable<void> {
        const auto failed = co_await from.next(as_result);
        EXPECT_TRUE(failed.has_error());
        EXPECT_EQ(failed.error().code, errc::invalid_request);
        EXPECT_EQ(failed.error().detail, "size must be > 0");
    });
}

} // namespace
} // namespace yunhu::test
