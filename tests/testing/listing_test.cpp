// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The four endpoints that list messages.

#include "fixture.hpp"

#include "support/strict_emulator.hpp"

#include <algorithm>
#include <set>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

class listing_test : public emulator_test {
protected:
    listing_test() : emulator_test(yunhu::test::strict()) {} // with the target of mid-seq at any position

    wire::ListReply since(std::uint64_t seq) {
        wire::ListMessageBySeqRequest request;
        address(request, big);
        request.set_msg_start(seq);
        return call<wire::ListReply>("list-message-by-seq", request);
    }

    wire::ListReply around(std::int64_t seq, const std::string& msg_id, std::uint64_t count) {
        wire::ListMessageByMidSeqRequest request;
        address(request, big);
        request.set_msg_seq(seq);
        request.set_msg_id(msg_id);
        request.set_msg_count(count);
        return call<wire::ListReply>("list-message-by-mid-seq", request);
    }

    wire::ListReply pictures(std::uint64_t seq, std::uint64_t earlier, std::uint64_t later) {
        wire::PicListMessageByMidSeqRequest request;
        address(request, big);
        request.set_image_id(seq);
        request.set_earlier_count(earlier);
        request.set_later_count(later);
        return call<wire::ListReply>("pic-list-message-by-mid-seq", request);
    }

    void deliver_many(int count) {
        for (int i = 1; i <= count; ++i) {
            message m;
            m.msg_id = "m" + std::to_string(i);
            m.content_type = i % 2 == 0 ? content_type::image : content_type::text;
            server.deliver(big, m);
        }
    }
};

using id_list = std::vector<std::string>;

// Ids in descending order: "m5", "m4", "m3" for 5, 3.
id_list down(int from, int to) {
    id_list made;
    for (int i = from; i >= to; --i) {
        made.push_back("m" + std::to_string(i));
    }
    return made;
}

TEST_F(listing_test, list_message_pages_from_the_newest_to_the_oldest) {
    deliver_many(7);
    const auto newest = before(big, 3);
    EXPECT_EQ(ids(newest), down(7, 5));
    EXPECT_EQ(newest.total(), 3U);
    EXPECT_EQ(newest.status().code(), 1);
    EXPECT_EQ(newest.msg(0).msg_seq(), 7U);
    EXPECT_EQ(ids(before(big, 3, "m5")), down(4, 2));
    EXPECT_EQ(ids(before(big, 3, "m2")), down(1, 1));
    EXPECT_EQ(ids(before(big, 3, "m1")), id_list());
    EXPECT_EQ(before(big, 3, "m1").status().code(), 1);
}

TEST_F(listing_test, list_message_rejects_invalid_requests) {
    deliver_many(2);
    EXPECT_EQ(before(big, 3, "unknown").status().code(), -1);
    EXPECT_EQ(before(group("other"), 3, "m1").status().code(), -1);
    EXPECT_EQ(before(big, 0).status().code(), 1100);
    EXPECT_EQ(before(group(""), 3).status().code(), 1100);
    EXPECT_EQ(before({chat_type{}, "big"}, 3).status().code(), 1100);
    EXPECT_EQ(before(group("empty"), 3).status().code(), 1);
    EXPECT_EQ(before(group("empty"), 3).msg_size(), 0);
}

TEST_F(listing_test, a_deleted_message_is_skipped_and_is_still_a_cursor) {
    deliver_many(6);
    ASSERT_EQ(remove(big, "m4"), 1);
    EXPECT_EQ(ids(before(big, 4)), (id_list{"m6", "m5", "m3", "m2"}));
    EXPECT_EQ(ids(before(big, 2, "m4")), down(3, 2));
    EXPECT_EQ(ids(since(3)), down(6, 5));
    EXPECT_EQ(around(-1, "m4", 2).msg_size(), 0);
    EXPECT_EQ(ids(pictures(4, 1, 1)), (id_list{"m6", "m2"}));
}

TEST_F(listing_test, by_seq_returns_newer_messages_at_most_31) {
    deliver_many(40);
    EXPECT_EQ(ids(since(38)), down(40, 39));
    EXPECT_EQ(ids(since(40)), id_list());
    EXPECT_EQ(ids(since(400)), id_list());
    EXPECT_EQ(ids(since(9)), down(40, 10));
    EXPECT_EQ(ids(since(8)), down(40, 10)); // more than 31 newer ones: only the newest 31
    EXPECT_EQ(ids(since(0)), down(40, 10));
    EXPECT_EQ(since(0).total(), 31U);
}

TEST_F(listing_test, mid_seq_returns_the_message_and_count_more_at_any_position) {
    deliver_many(30);
    std::set<std::ptrdiff_t> positions;
    for (int i = 1; i <= 30; ++i) {
        const std::string wanted = "m" + std::to_string(i);
        const auto found = ids(around(-1, wanted, 4));
        ASSERT_EQ(found.size(), 5U) << wanted;
        const auto at = std::find(found.begin(), found.end(), wanted);
        ASSERT_NE(at, found.end());
        positions.insert(at - found.begin());
        EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), 5U);
    }
    EXPECT_GT(positions.size(), 1U);
}

TEST_F(listing_test, mid_seq_returns_fewer_at_the_ends) {
    deliver_many(3);
    EXPECT_EQ(ids(around(-1, "m2", 10)), down(3, 1));
    EXPECT_EQ(ids(around(-1, "m1", 1)).size(), 2U);
}

TEST_F(listing_test, mid_seq_of_an_unknown_message_is_an_empty_page) {
    deliver_many(3);
    EXPECT_EQ(around(-1, "unknown", 1).status().code(), 1);
    EXPECT_EQ(around(-1, "unknown", 1).msg_size(), 0);
    EXPECT_EQ(around(-1, "", 1).status().code(), 1100);
    EXPECT_EQ(around(-1, "m1", 0).status().code(), 1100);
    EXPECT_EQ(around(-2, "m1", 1).status().code(), 1100);
}

TEST_F(listing_test, mid_seq_accepts_a_seq) {
    deliver_many(30);
    const auto found = ids(around(17, "", 4));
    EXPECT_EQ(found.size(), 5U);
    EXPECT_NE(std::find(found.begin(), found.end(), "m17"), found.end());
    EXPECT_EQ(ids(around(400, "", 1)), down(30, 29));
    EXPECT_EQ(around(0, "", 0).status().code(), 1100);
}

TEST_F(listing_test, pic_list_has_pictures_only) {
    deliver_many(20); // the even ones are pictures
    EXPECT_EQ(ids(pictures(10, 2, 1)), (id_list{"m12", "m10", "m8", "m6"}));
    EXPECT_EQ(ids(pictures(10, 0, 2)), (id_list{"m14", "m12", "m10"}));
    EXPECT_EQ(ids(pictures(2, 5, 0)), (id_list{"m2"}));
    EXPECT_EQ(ids(pictures(11, 1, 1)), (id_list{"m12", "m10"})); // the target is no picture
    EXPECT_EQ(ids(pictures(10, UINT64_MAX, UINT64_MAX)).size(), 10U);
    EXPECT_EQ(pictures(10, 2, 1).total(), 4U);
}

TEST_F(listing_test, pic_list_leaves_out_recalled_pictures) {
    for (const std::string msg_id : {"p1", "p2", "p3"}) {
        wire::SendMessageRequest request;
        address(request, big);
        request.set_msg_id(msg_id);
        request.set_content_type(2);
        request.mutable_content()->set_image("a.png");
        ASSERT_EQ(call("send-message", request).status().code(), 1);
    }
    ASSERT_EQ(recall(big, "p2"), 1);
    EXPECT_EQ(ids(pictures(2, 1, 1)), (id_list{"p3", "p1"}));
}

TEST_F(listing_test, every_field_is_listed) {
    message m;
    m.msg_id = "id";
    m.sender.chat_id = "4";
    m.sender.chat_type = chat_type::bot;
    m.sender.name = "name";
    m.sender.avatar_url = "https://example.org/a.png";
    m.sender.is_vip = true;
    m.sender.tag_old = {"a", "b"};
    m.sender.tag.resize(1);
    m.sender.tag[0].id = 5;
    m.sender.tag[0].group_id = "big";
    m.sender.tag[0].text = "t";
    m.sender.tag[0].color = "#FFFFFFFF";
    m.direction = "left";
    m.content_type = content_type::html;
    m.content->text = "<p>";
    m.content->mentioned_id = {"1", "2"};
    m.content->file_size = 1U << 31U;
    m.content->tip = "tip";
    m.send_time = 6;
    m.cmd.emplace();
    m.cmd->cmd_id = 7;
    m.cmd->name = "cmd";
    m.cmd->type = cmd_type::custom_input;
    m.msg_delete_time = 8;
    m.quote_msg_id = "quoted";
    m.edit_time = 9;
    server.deliver(big, m);
    m.msg_seq = 1;
    EXPECT_EQ(server.messages(big), std::vector<message>{m});

    const auto page = before(big, 1);
    ASSERT_EQ(page.msg_size(), 1);
    const wire::Message& got = page.msg(0);
    EXPECT_EQ(got.msg_id(), "id");
    EXPECT_EQ(got.sender().chat_id(), "4");
    EXPECT_EQ(got.sender().chat_type(), 3U);
    EXPECT_EQ(got.sender().name(), "name");
    EXPECT_EQ(got.sender().avatar_url(), "https://example.org/a.png");
    EXPECT_TRUE(got.sender().is_vip());
    EXPECT_EQ(got.sender().tag_old_size(), 2);
    EXPECT_EQ(got.sender().tag(0).id(), 5U);
    EXPECT_EQ(got.sender().tag(0).group_id(), "big");
    EXPECT_EQ(got.sender().tag(0).text(), "t");
    EXPECT_EQ(got.sender().tag(0).color(), "#FFFFFFFF");
    EXPECT_EQ(got.direction(), "left");
    EXPECT_EQ(got.content_type(), 8U);
    EXPECT_EQ(got.content().text(), "<p>");
    EXPECT_EQ(got.content().mentioned_id_size(), 2);
    EXPECT_EQ(got.content().file_size(), 1U << 31U);
    EXPECT_EQ(got.content().tip(), "tip");
    EXPECT_EQ(got.send_time(), 6U);
    EXPECT_EQ(got.cmd().cmd_id(), 7U);
    EXPECT_EQ(got.cmd().name(), "cmd");
    EXPECT_EQ(got.cmd().type(), 5U);
    EXPECT_EQ(got.msg_delete_time(), 8U);
    EXPECT_EQ(got.quote_msg_id(), "quoted");
    EXPECT_EQ(got.msg_seq(), 1U);
    EXPECT_EQ(got.edit_time(), 9U);
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
